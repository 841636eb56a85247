"""Have Milvus follow an update of the store.

A collection is filled within the store's transaction, whose other readers meanwhile have the old
one; small changes are told after the commit, from the list of what is pending. A search names the
collection that its generation was filled into; the address's own name is an alias, put to the new
collection afterwards, by which others find it.
"""

import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.errors import NotesError
from corpus.progress import OnProgress, Progress
from index.keeping.milvus.address import Address, address_of
from index.keeping.milvus.client import Milvus
from index.keeping.milvus.kept import LEFT, Kept, file_of, forget_kept, kept_in, set_kept
from index.keeping.milvus.pending import (
    coming_chunks,
    count_pending,
    forget_pending,
    going_chunks,
    note_pending,
    settle_pending,
)
from index.keeping.milvus.rows import rows_of
from index.keeping.milvus.trouble import LostError
from index.keeping.segments import segments_of
from index.keeping.store import Store, get_meta, raise_generation, token
from index.keeping.vectors import chunks_in

_DRIFT = 0.2
"""Change of the notes' mean length, as a share of it, past which terms are weighed anew."""

_AT_ONCE = 5_000
"""Chunks between two commits."""


@dataclass(slots=True)
class Follower:
    """What an update does about Milvus. `wanted` is the store that was asked for, None for the kept.

    `problem` says what could not be done, and will be by the next update.
    """

    store: Store
    wanted: str | None
    rebuild: bool
    on_progress: OnProgress
    problem: NotesError | None = None
    _servers: dict[str, Milvus] = field(default_factory=dict)

    def check_copy(self) -> None:
        """Raise NotesError if the collection is that of the index which this one is a copy of.

        Both give the same ids to chunks that come: what one tells, the other would take for its own.
        """
        if not self.store.exists:
            return
        try:
            with self.store.reading() as db:
                kept = kept_in(db)
        except NotesError:
            return  # told by whoever needs it to be whole
        if kept.address is None or kept.file == file_of(self.store):
            return
        wanted = kept.address if self.wanted is None else address_of(self.wanted)
        if wanted == kept.address and not (self.wanted and self.rebuild):
            raise NotesError(
                f"The index {self.store.folder} was copied or moved since it filled its collection "
                f"{kept.address.collection} of Milvus.",
                "A copy needs one of its own: name it with --store (or --store faiss). If it was "
                f"moved: notes index --rebuild --store {kept.address.text}",
            )

    def check(self) -> None:
        """Raise NotesError if another store is asked for that cannot be used."""
        if self.wanted is None:
            return
        address = address_of(self.wanted)
        with self.store.reading() as db:
            kept = kept_in(db)
        if address is None or address in (kept.address, kept.left):
            return
        server = self._server(address)
        if not server.version:
            return
        behind = server.behind_alias()
        if behind and self.rebuild:
            return
        if behind or server.is_taken(address.collection):
            raise NotesError(
                f"Milvus at {address.host} has a collection {address.collection} that is not this "
                "index's.",
                "Name another one, or if it is an index's that is no more, add --rebuild.",
            )

    def note(self, db: sqlite3.Connection, going: Sequence[int], coming: Sequence[int]) -> None:
        """Write down chunks that have gone and come, in the transaction in which they do."""
        if kept_in(db).address is not None:
            note_pending(db, going, coming)

    def follow(self, db: sqlite3.Connection, dimension: int) -> None:
        """Fill a new collection if there must be one, in the transaction of the change."""
        kept = kept_in(db)
        target = kept.address if self.wanted is None else address_of(self.wanted)
        if target is None:
            if kept.address is not None:
                self._leave(db, kept)
                forget_kept_but_left(db)
                raise_generation(db)
            return
        is_other = target != kept.address
        must = is_other or self.rebuild or not kept.is_whole
        if not must and not self._has_drifted(db, kept):
            return
        try:
            self._fill(db, target, kept, dimension)
        except NotesError as error:
            self.problem = _put_off(error)
            if must and not is_other:
                set_kept(db, whole="0")
                forget_pending(db)

    def finish(self) -> None:
        """After the commit: tell what is pending, have the alias stand for what is new."""
        with self.store.reading() as db:
            kept = kept_in(db)
        try:
            if kept.left:
                self._drop_left(kept)
            if kept.address is not None and kept.is_whole:
                server = self._server(kept.address)
                if kept.aliased != kept.collection:
                    behind = server.behind_alias()
                    server.point_alias(kept.collection)
                    # What it stood for was this index's, or that of one that is no more.
                    if behind not in ("", kept.collection):
                        server.drop(behind)
                    self._sweep(server, kept, but=kept.collection)
                    with self.store.writing() as db:
                        set_kept(db, aliased=kept.collection)
                self._tell_pending(server, kept)
        except LostError as error:
            with self.store.writing() as db:
                set_kept(db, whole="0")
                forget_pending(db)
            self.problem = NotesError(error.message, "The next update fills it again.")
        except NotesError as error:
            self.problem = self.problem or _put_off(error)
        finally:
            for server in self._servers.values():
                server.close()
            self._servers.clear()

    def _server(self, address: Address) -> Milvus:
        return self._servers.setdefault(address.text, Milvus(address))

    def _fill(self, db: sqlite3.Connection, target: Address, kept: Kept, dimension: int) -> None:
        server = self._server(target)
        chunks = chunks_in(db).tolist()
        mean = segments_of(db).mean_length if server.has_sparse else None
        raise_generation(db)  # with the store that it speaks of, what readers hold is out of date
        file = file_of(self.store)
        owner = kept.owner if kept.owner and kept.file == file else secrets.token_hex(4)
        name = f"{target.collection}_{owner}_{token(db)[:8]}"
        is_same = kept.address == target
        self._sweep(server, kept, but=kept.collection if is_same else "")
        server.drop(name)
        server.make(name, dimension, len(chunks))
        done = 0
        for rows in rows_of(db, chunks, mean):
            server.upsert(name, rows)
            done += len(rows)
            self.on_progress(Progress("store", done, len(chunks)))
        if kept.left == target:
            set_kept(db, left="")
        if not is_same:
            self._leave(db, kept)
        set_kept(
            db,
            owner=owner,
            file=file,
            store=target.text,
            collection=name,
            aliased=kept.aliased if is_same else "",
            whole="1",
            mean_length=str(mean or 0),
            written=str(server.now()),
            store_version=server.version,
        )
        forget_pending(db)

    def _leave(self, db: sqlite3.Connection, kept: Kept) -> None:
        """Remember to take away what is left on a server that is not used any more.

        What a copy was shown is its original's, and stays.
        """
        if kept.address is not None and kept.file == file_of(self.store):
            set_kept(db, left=kept.address.text)

    def _drop_left(self, kept: Kept) -> None:
        """Take away what was left; a server that cannot be reached is not asked again."""
        with self.store.writing() as db:
            db.execute("DELETE FROM meta WHERE key = ?", (LEFT,))
        if kept.left is not None and kept.left != kept.address:
            self._sweep(self._server(kept.left), kept, but="")

    def _sweep(self, server: Milvus, kept: Kept, but: str) -> None:
        """Drop the index's own collections but one: old ones, and half of one of a killed run."""
        if not kept.owner or kept.file != file_of(self.store):
            return
        own = re.compile(f"{re.escape(server.address.collection)}_{kept.owner}_[0-9a-f]{{8}}")
        for name in server.collections():
            if own.fullmatch(name) and name != but:
                server.drop(name)

    def _has_drifted(self, db: sqlite3.Connection, kept: Kept) -> bool:
        """Whether terms are to be weighed anew, or for the first time."""
        if not kept.has_terms:
            try:
                return kept.address is not None and self._server(kept.address).has_sparse
            except NotesError:
                return False
        now = segments_of(db).mean_length
        return abs(now - kept.mean_length) > _DRIFT * kept.mean_length

    def _tell_pending(self, server: Milvus, kept: Kept) -> None:
        done, total = 0, 0
        while True:
            with self.store.reading() as db:
                total = total or count_pending(db)
                coming = coming_chunks(db)[:_AT_ONCE]
                going = going_chunks(db)[:_AT_ONCE]
                if not coming and not going:
                    return
                self.on_progress(Progress("store", done, total))
                server.delete(kept.collection, going)
                for rows in rows_of(db, coming, kept.mean_length or None):
                    server.upsert(kept.collection, rows)
            with self.store.writing() as db:
                settle_pending(db, [*going, *coming])
                done += len(going) + len(coming)
                set_kept(db, written=str(server.now()), store_version=server.version)


def forget_kept_but_left(db: sqlite3.Connection) -> None:
    """Have vectors searched in the index's own file, and remember what is to be taken away."""
    left, kept = get_meta(db, LEFT), kept_in(db)
    forget_kept(db)
    forget_pending(db)
    set_kept(db, left=left, owner=kept.owner, file=kept.file)


def _put_off(error: NotesError) -> NotesError:
    return NotesError(
        error.message, "What is new is kept in the index, and the next update goes on."
    )
