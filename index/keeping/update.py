"""Bring an index up to date with its vaults: the difference is read, embedded and stored.

Vectors are committed as they are made; files, notes, chunks and terms change in one transaction
at the end. Killed anywhere, the index still answers as of its last update, and the next run goes
on without embedding again what was committed.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import NotesError
from corpus.note import Skip
from corpus.progress import OnProgress, Progress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.embedder import Embedder, mean_vectors
from index.embedding.models import BUNDLED_NAME
from index.embedding.recipe import recipe_of
from index.embedding.windows import pack_blocks
from index.keeping import vectors
from index.keeping.cosine_scale import keep_scale
from index.keeping.difference import known_files
from index.keeping.plan import Plan, Reader
from index.keeping.rows import delete_files, insert_entry
from index.keeping.store import Store, generation, get_meta, set_meta
from index.keeping.vaults import Vault, add_vault, all_vaults
from index.keeping.vector_rows import known_keys, pack, stored_vectors

_EMBED_AT_ONCE = 64
"""Texts between two commits: what a kill can cost."""


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did, and what the index holds after it (`files`, `notes`, `chunks`).

    `others` counts, by suffix, the files in the vaults that are not notes.
    """

    files: int
    notes: int
    chunks: int
    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skip, ...]
    embedded: int
    seconds: float
    others: Mapping[str, int] = field(default_factory=dict)


def update(
    store: Store,
    roots: Sequence[Path],
    embedder: Embedder,
    *,
    model: str = BUNDLED_NAME,
    rebuild: bool = False,
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    on_progress: OnProgress = silent,
) -> Update:
    """Index `roots` (folders or files), or every vault known so far if there are none.

    `model` is the name that `embedder` was loaded by; searches load it by that name again.
    `rebuild` makes everything anew, all vaults and vectors.
    """
    began = time.perf_counter()
    if rebuild:
        _clear_unreadable(store)
    store.create()
    updater = Updater(store, embedder, model, rebuild, on_progress)
    try:
        with FileLock(store.folder / "write.lock", timeout=0):
            chosen = updater.vaults(roots)
            reader = Reader(embedder, roles, max_bytes)
            plans = [updater.plan(reader, vault) for vault in chosen]
            embedded = updater.embed(plans)
            if model != BUNDLED_NAME:  # which is the measure itself
                keep_scale(store, embedder)
            counts = updater.apply(plans)
    except Timeout as error:
        raise NotesError(
            f"Another process is updating the index {store.folder}.",
            "Wait until it is done, or use another folder with --index.",
        ) from error
    except OSError as error:  # files of the vault are read elsewhere, each with its own skip
        raise NotesError(
            f"The index folder {store.folder} cannot be written: {error}.",
            "Make room or give leave to write there, or use another folder with --index.",
        ) from error
    others: Counter[str] = Counter()
    for plan in plans:
        others.update(plan.others)
    return Update(
        files=counts["files"],
        notes=counts["notes"],
        chunks=counts["chunks"],
        added=sum(plan.added for plan in plans),
        changed=sum(plan.changed for plan in plans),
        removed=sum(plan.removed for plan in plans),
        unchanged=sum(plan.unchanged for plan in plans),
        skipped=tuple(skip for plan in plans for skip in plan.skipped),
        embedded=embedded,
        seconds=round(time.perf_counter() - began, 3),
        others=dict(others),
    )


def _clear_unreadable(store: Store) -> None:
    """A rebuild starts from nothing where the old index is of another format or damaged."""
    if not store.exists:
        return
    try:
        with store.reading() as db:
            if db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                return
            raise NotesError("The index is damaged.")
    except NotesError:
        for file in store.folder.glob(store.database.name + "*"):
            file.unlink()


@dataclass(frozen=True, slots=True)
class Updater:
    """Writes plans into a store, under the update lock."""

    store: Store
    embedder: Embedder
    model: str
    rebuild: bool
    on_progress: OnProgress

    def vaults(self, roots: Sequence[Path]) -> list[Vault]:
        """Return the vaults to look at, new ones added."""
        with self.store.writing() as db:
            self._check_recipe(db)
            chosen = [add_vault(db, root) for root in roots]
            if self.rebuild or not chosen:
                chosen = all_vaults(db)
        if not chosen:
            raise NotesError("No folder to index.", "Name one: notes index FOLDER")
        return list(dict.fromkeys(chosen))

    def _check_recipe(self, db: sqlite3.Connection) -> None:
        made_with, here = get_meta(db, "recipe"), recipe_of(self.embedder)
        if made_with and made_with != here and not self.rebuild:
            raise NotesError(
                f"The index {self.store.folder} was made with another model or recipe:\n"
                f"  there: {made_with}\n  now:   {here}",
                "Use the model that it was made with (--model), another folder (--index), or make "
                f"it again: notes index --rebuild --index {self.store.folder}",
            )

    def plan(self, reader: Reader, vault: Vault) -> Plan:
        """Find out what is to change in a vault."""
        with self.store.reading() as db:
            known = known_files(db, vault.id)
        if self.rebuild:
            return reader.plan(vault, {}, self.on_progress)
        plan = reader.plan(vault, known, self.on_progress)
        if known and len(plan.gone) == len(known) and not plan.entries:
            raise NotesError(
                f"{vault.root} held {len(known)} files and holds none now; nothing was changed.",
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
        with self.store.reading() as db:
            known = set() if self.rebuild else known_keys(db, list(texts))
        wanted = [(key, text) for key, text in texts.items() if key not in known]
        wanted.sort(key=lambda pair: len(pair[1]))
        for start in range(0, len(wanted), _EMBED_AT_ONCE):
            batch = wanted[start : start + _EMBED_AT_ONCE]

            def report(part: Progress, start: int = start) -> None:
                self.on_progress(Progress("embed", start + part.done, len(wanted)))

            tokens = self.embedder.passage_tokens([text for _, text in batch], report)
            packed = [
                (key, pack(vector), pack_blocks(rows))
                for (key, _), vector, rows in zip(batch, mean_vectors(tokens), tokens, strict=True)
            ]
            with self.store.writing() as db:
                db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", packed)
        return len(wanted)

    def apply(self, plans: Sequence[Plan]) -> dict[str, int]:
        """Make the change visible in one transaction; return what the index then holds."""
        with self.store.writing() as db:
            pending = self._change(db, plans)
            sizes = {
                "files": "SELECT count(DISTINCT file) FROM notes",
                "notes": "SELECT count(*) FROM notes",
                "chunks": "SELECT count(*) FROM chunks",
            }
            counts = {name: int(db.execute(sql).fetchone()[0]) for name, sql in sizes.items()}
        if pending is not None:
            pending.replace(self.store.vectors)
        return counts

    def _change(self, db: sqlite3.Connection, plans: Sequence[Plan]) -> Path | None:
        """Change the rows, and write the new vector file beside the old one."""
        if self.rebuild:
            gone = [row[0] for row in db.execute("SELECT id FROM files")]
        else:
            gone = [file for plan in plans for file in plan.gone]
        removed = delete_files(db, gone)
        added: list[int] = []
        total, done = sum(len(plan.entries) for plan in plans), 0
        for plan in plans:
            db.executemany("UPDATE files SET mtime_ns = ?, size = ? WHERE id = ?", plan.touched)
            for entry in plan.entries:
                added += insert_entry(db, plan.vault.id, plan.vault.name, entry)
                done += 1
                self.on_progress(Progress("store", done, total))
        last, recipe = generation(db), recipe_of(self.embedder)
        index = vectors.load(self.store.vectors, last, recipe)
        if index is not None and not (removed or added):
            return None
        db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM chunks)")
        told = {
            "generation": str(last + 1),
            "recipe": recipe,
            "model": self.model,
            "dimension": str(self.embedder.dimension),
            "updated": str(int(time.time())),
        }
        for key, value in told.items():
            set_meta(db, key, value)
        if index is None or self.rebuild:
            index = vectors.from_store(db, self.embedder.dimension)
        else:
            index.remove(np.array(removed, np.int64))
            for ids, rows in stored_vectors(db, added):
                index.add(ids, rows)
        return index.save(self.store.vectors, last + 1, recipe)
