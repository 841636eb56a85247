"""Write what differs into a store, under the update lock."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotesError
from corpus.note import Skip
from corpus.progress import OnProgress, Progress
from index.embedding.embedder import Embedder, Vectors
from index.embedding.recipe import recipe_of
from index.keeping import vectors
from index.keeping.bulk import Bulk, BulkError
from index.keeping.checksum import DamagedIndexError
from index.keeping.difference import READ_AGAIN, Known, way_of
from index.keeping.milvus.follower import Follower
from index.keeping.milvus.kept import kept_in
from index.keeping.plan import Plan, Reader
from index.keeping.rows import delete_files, insert_entry
from index.keeping.store import Store, generation, get_meta, get_number, raise_generation, set_meta
from index.keeping.term_writer import TermWriter
from index.keeping.vaults import Vault, add_vault, all_vaults, place_of
from index.keeping.vector_rows import Packed, copy_vectors, insert_vectors, known_keys, packed

_EMBED_AT_ONCE = 128
"""Texts between two commits: a kill can cost twice as many."""

_SMALL = 4_000
_LARGE_SHARE = 0.05
"""Up to so many chunks the vector file is made with every update; past that, when so large a share
of it is out of date (searches make up for the rest)."""


@dataclass(frozen=True, slots=True)
class Updater:
    """Writes plans into a store."""

    store: Store
    embedder: Embedder
    model: str
    rebuild: bool
    on_progress: OnProgress
    lender: Store | None = None
    """Another store, whose vectors of the same texts are taken."""
    bulk: Bulk | None = None
    """Who embeds; None for this process."""
    follower: Follower | None = None
    """Who has Milvus follow what changes, where vectors are searched there."""

    def vaults(self, roots: Sequence[Path]) -> tuple[list[Vault], list[Skip]]:
        """Return the vaults to look at, new ones added, and those that are not there."""
        with self.store.writing() as db:
            self._check_recipe(db)
            chosen = [add_vault(db, root) for root in roots]
            if self.rebuild or not chosen:
                chosen = all_vaults(db)
        if not chosen:
            raise NotesError("No folder to index.", "Name one: notes index FOLDER")
        chosen = list(dict.fromkeys(chosen))
        there = [vault for vault in chosen if place_of(vault) is not None]
        missing = [vault for vault in chosen if vault not in there]
        if missing and (self.rebuild or not there):
            raise NotesError(
                f"There is no file or folder {missing[0].root}; nothing was changed.",
                "If it is on another disk, mount it. If it has moved, index its new place.",
            )
        reason = "is not there (on a disk that is not mounted?): its notes were kept as they were"
        return there, [Skip(str(vault.root), reason) for vault in missing]

    def _check_recipe(self, db: sqlite3.Connection) -> None:
        made_with, here = get_meta(db, "recipe"), recipe_of(self.embedder)
        if made_with and made_with != here and not self.rebuild:
            raise NotesError(
                f"The index {self.store.folder} was made with another model or recipe:\n"
                f"  there: {made_with}\n  now:   {here}",
                "Use the model that it was made with (--model), another folder (--index), or make "
                f"it again: notes index --rebuild --index {self.store.folder}",
            )

    def plans(
        self, reader: Reader, vaults: Sequence[Vault], missing: Sequence[Skip]
    ) -> tuple[list[Plan], list[Skip]]:
        """Return what is to change; a vault that cannot be read does not keep back the others."""
        plans, skipped, trouble = [], list(missing), None
        for vault in vaults:
            try:
                plans.append(self.plan(reader, vault))
            except NotesError as error:
                trouble = error
                if self.rebuild or isinstance(error, DamagedIndexError | BulkError):
                    raise
                skipped.append(Skip(str(vault.root), error.message))
        if trouble and not plans:
            raise trouble
        return plans, skipped

    def plan(self, reader: Reader, vault: Vault) -> Plan:
        """Find out what is to change in a vault."""
        before = place_of(vault)
        is_outdated = way_of(self.store, vault) not in ("", reader.way)
        known = Known(None if self.rebuild else self.store, vault.id, is_outdated)
        plan = reader.plan(vault, known, self.on_progress)
        if plan.gone and place_of(vault) != before:
            raise NotesError(
                f"{vault.root} was exchanged while it was read; nothing was changed.",
                "Try again when its disk is there.",
            )
        if plan.is_emptied and not self.rebuild:
            raise NotesError(
                f"{vault.root} held {len(plan.gone)} files and holds none now; nothing was changed.",
                "If it is on another disk, mount it. If its notes are gone for good: "
                f"notes index --rebuild --index {self.store.folder}",
            )
        return plan

    def embed(self, plans: Sequence[Plan]) -> int:
        """Embed and commit what has no vector yet; return how many texts that were."""
        texts = {
            key: chunk.embedded
            for plan in plans
            for entry in plan.entries
            for chunks in entry.chunks
            for chunk, key in chunks
        }
        if not texts:
            return 0
        with self.store.reading() as db:
            known = set() if self.rebuild else known_keys(db, list(texts))
        if self.lender:
            known |= self._borrow(self.lender, [key for key in texts if key not in known])
        wanted = [(key, text) for key, text in texts.items() if key not in known]
        wanted.sort(key=lambda pair: len(pair[1]))
        done = 0
        for rows in self.bulk.embed(wanted) if self.bulk else self._embedded(wanted):
            with self.store.writing() as db:
                insert_vectors(db, rows)
            done += len(rows)
            self.on_progress(Progress("embed", done, len(wanted)))
        return len(wanted)

    def _embedded(self, wanted: Sequence[tuple[bytes, str]]) -> Iterator[list[Packed]]:
        """Yield what is stored of some texts; the next are embedded while these are stored."""

        def embed(group: Sequence[tuple[bytes, str]]) -> list[Vectors]:
            return self.embedder.passage_tokens([text for _, text in group])

        with ThreadPoolExecutor(1, "ahead") as ahead:
            begun: tuple[list[bytes], Future[list[Vectors]]] | None = None
            for start in range(0, len(wanted), _EMBED_AT_ONCE):
                group = wanted[start : start + _EMBED_AT_ONCE]
                following = [key for key, _ in group], ahead.submit(embed, group)
                if begun is not None:
                    yield packed(begun[0], begun[1].result())
                begun = following
            if begun is not None:
                yield packed(begun[0], begun[1].result())

    def _borrow(self, lender: Store, keys: Sequence[bytes]) -> set[bytes]:
        """Copy and commit the vectors that another store has of texts; return their keys."""
        with lender.reading() as theirs, self.store.writing() as db:
            return copy_vectors(db, theirs, keys)

    def apply(self, plans: Sequence[Plan]) -> dict[str, int]:
        """Make the change visible in one transaction; return what the index then holds."""
        with self.store.writing(durable=True) as db:
            changed = self._change(db, plans)
            if self.follower:
                self.follower.follow(db, self.embedder.dimension)
            has_file = kept_in(db).address is None
            sizes = {
                "files": "SELECT count(*) FROM files WHERE notes > 0",
                "notes": "SELECT count(*) FROM notes",
                "chunks": "SELECT count(*) FROM chunks",
            }
            counts = {name: int(db.execute(sql).fetchone()[0]) for name, sql in sizes.items()}
        if self.follower:
            self.follower.finish()
        if not has_file:
            self.store.vectors.unlink(missing_ok=True)
        elif changed or not vectors.is_whole(self.store.vectors, glance=True):
            self._save_vectors(counts["chunks"])
        return counts

    def _change(self, db: sqlite3.Connection, plans: Sequence[Plan]) -> int:
        """Change the rows; return how many chunks went or came, at least 1 in a new generation."""
        if self.rebuild:
            gone = [row[0] for row in db.execute("SELECT id FROM files")]
        else:
            gone = [file for plan in plans for file in plan.gone]
        going, coming = delete_files(db, gone), list[int]()
        total, done = sum(len(plan.entries) for plan in plans), 0
        terms = TermWriter(db)
        for plan in plans:
            db.executemany(
                "UPDATE files SET size = ?, mtime_ns = ?, ctime_ns = ? WHERE id = ?", plan.touched
            )
            _tell_skipped(db, plan)
            db.execute(
                "UPDATE vaults SET listing = ?1 WHERE id = ?2 AND listing IS NOT ?1",
                (plan.listing, plan.vault.id),
            )
            db.execute(
                "UPDATE vaults SET way = ?1 WHERE id = ?2 AND way <> ?1", (plan.way, plan.vault.id)
            )
            db.executemany(
                "UPDATE files SET hash = x'', ctime_ns = ? WHERE id = ?",
                [(READ_AGAIN, file) for file in plan.reread],
            )
            for entry in plan.entries:
                coming += insert_entry(db, plan.vault.id, plan.vault.name, entry, terms)
                done += 1
                self.on_progress(Progress("store", done, total))
        terms.finish()
        if generation(db) and not gone and not total:
            return 0
        db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM chunks)")
        changed = len(going) + len(coming)
        if self.follower:
            self.follower.note(db, going, coming)
        told = {
            "recipe": recipe_of(self.embedder),
            "model": self.model,
            "dimension": str(self.embedder.dimension),
            "updated": str(int(time.time())),
            "unsaved": str(get_number(db, "unsaved") + changed),
        }
        for key, value in told.items():
            set_meta(db, key, value)
        raise_generation(db)
        return max(changed, 1)

    def _save_vectors(self, chunks: int) -> None:
        """Write the vector file anew, unless it is large and little of it is out of date."""
        file = self.store.vectors
        with self.store.reading() as db:
            is_small_change = get_number(db, "unsaved") < _LARGE_SHARE * chunks
            is_large = chunks > _SMALL and not self.rebuild
            if is_large and is_small_change and vectors.belongs(db, file):
                return
            index = vectors.made(db, vectors.chunks_in(db), self.embedder.dimension)
            index.save(file, vectors.stamp_of(db, index))
        with self.store.writing() as db:
            set_meta(db, "unsaved", "0")


def _tell_skipped(db: sqlite3.Connection, plan: Plan) -> None:
    """Write down what was left out of a vault, and why."""
    rows = db.execute("SELECT path, reason FROM skipped WHERE vault = ?", (plan.vault.id,))
    if {(row[0], row[1]) for row in rows} == {(skip.path, skip.reason) for skip in plan.skipped}:
        return
    db.execute("DELETE FROM skipped WHERE vault = ?", (plan.vault.id,))
    db.executemany(
        "INSERT INTO skipped VALUES (?, ?, ?)",
        [(plan.vault.id, skip.path, skip.reason) for skip in plan.skipped],
    )
