"""What can be had from a database that is damaged, or of another format."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from corpus.errors import NotesError
from index.keeping.checksum import DamagedIndexError
from index.keeping.milvus.kept import ALIASED, COLLECTION, FILE, OWNER, STORE, file_of, set_kept
from index.keeping.store import DATABASE, NoIndexError, OtherFormatError, Store, set_meta
from index.keeping.vaults import add_vault
from index.keeping.vector_rows import is_whole
from index.keeping.vectors import read_stamp

_ROWS = 64
"""Rows of vectors that are read at a time: damage costs at most so many readings one by one."""


def start_anew(store: Store) -> None:
    """Exchange a database that is damaged or of another format for an empty one with its vaults.

    Raises NotesError where a vault is not there, or the database cannot be looked at.
    """
    if not store.exists or is_sound(store):
        return
    check_vaults(remembered(store)[0])
    _exchange(store, keep_vectors=False)


def is_sound(store: Store) -> bool:
    """Whether the database can be opened, and its structure is whole."""
    try:
        with store.reading() as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except (DamagedIndexError, OtherFormatError, NoIndexError):
        return False


def check_vaults(roots: Sequence[Path]) -> None:
    """Raise NotesError unless all vaults are there, for what was in the index of them is to go."""
    missing = [root for root in roots if not os.path.exists(root)]  # noqa: PTH110 - never raises
    if missing:
        raise NotesError(
            f"The database must be made again from {missing[0]}, which is not there; "
            "nothing was changed.",
            "If it is on another disk, mount it. If it is gone for good, delete the index's folder.",
        )


def salvage(store: Store) -> int:
    """Put a new database in the place of a damaged one, with its vaults and all whole vectors.

    Returns how many vectors were kept: an update embeds the rest.
    """
    return _exchange(store, keep_vectors=True)


def _exchange(store: Store, keep_vectors: bool) -> int:
    """Make a new database aside, and put it in the place of the old one in one step."""
    roots, model = remembered(store)
    collection = _collection(store)
    aside = Store(store.folder / "mending")
    _remove(aside)
    kept = 0
    try:
        _begin(aside, roots, model, collection)
        if keep_vectors and store.exists:
            with aside.writing(durable=True) as db:
                for row in _whole_vectors(store.database):
                    db.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", row)
                    kept += 1
        for log in ("-wal", "-shm"):
            store.database.with_name(DATABASE + log).unlink(missing_ok=True)
        aside.database.replace(store.database)
    finally:
        with suppress(OSError):
            _remove(aside)
            aside.folder.rmdir()
    return kept


def remembered(store: Store) -> tuple[list[Path], str]:
    """Return the vaults' places and the model's name, from the database or from the vector file."""
    try:
        with _raw(store.database) as db:
            roots = [Path(str(row[0])) for row in db.execute("SELECT root FROM vaults ORDER BY id")]
            row = db.execute("SELECT value FROM meta WHERE key = 'model'").fetchone()
            if roots:
                return roots, str(row[0]) if row else ""
    except (sqlite3.Error, UnicodeDecodeError):
        pass
    stamp = read_stamp(store.vectors)
    return ([Path(root) for root in stamp.vaults], stamp.model) if stamp else ([], "")


def _collection(store: Store) -> dict[str, str]:
    """Return what a database says of its collection in Milvus, which its chunks are to fill anew.

    A copy has none of its own, nor is its original's to be filled; see Follower.check_copy.
    """
    keys = (STORE, COLLECTION, ALIASED, OWNER, FILE)
    try:
        with _raw(store.database) as db:
            rows = db.execute(
                f"SELECT key, value FROM meta WHERE key IN ({','.join('?' * len(keys))})", keys
            )
            found = {str(key): str(value) for key, value in rows}
            return found if found.get(FILE) == file_of(store) else {}
    except (sqlite3.Error, UnicodeDecodeError, OSError):
        return {}


def _begin(store: Store, roots: list[Path], model: str, collection: dict[str, str]) -> None:
    store.create()
    with store.writing() as db:
        for root in roots:
            if root.exists():
                add_vault(db, root)
        if model:
            set_meta(db, "model", model)
        set_kept(db, **collection)
        if FILE in collection:
            set_kept(db, file=file_of(store))


def _remove(store: Store) -> None:
    for file in store.folder.glob(DATABASE + "*"):
        file.unlink()


def _raw(database: Path) -> "closing[sqlite3.Connection]":
    return closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True))


def _whole_vectors(database: Path) -> Iterator[sqlite3.Row]:
    """Yield the vectors that can be read and are as they were written."""
    with _raw(database) as db:
        db.row_factory = sqlite3.Row
        for first in range(0, _last_row(db, database), _ROWS):
            rows = _rows(db, first, first + _ROWS)
            if rows is None:
                alone = (_rows(db, row, row + 1) for row in range(first, first + _ROWS))
                rows = [row for one in alone for row in one or ()]
            yield from filter(is_whole, rows)


def _last_row(db: sqlite3.Connection, database: Path) -> int:
    try:
        return int(db.execute("SELECT coalesce(max(rowid), 0) + 1 FROM vectors").fetchone()[0])
    except (sqlite3.Error, UnicodeDecodeError):
        return database.stat().st_size // 1024


def _rows(db: sqlite3.Connection, first: int, after: int) -> list[sqlite3.Row] | None:
    columns = "key, value, value_crc, blocks, blocks_crc"
    try:
        return db.execute(
            f"SELECT {columns} FROM vectors WHERE rowid >= ? AND rowid < ?", (first, after)
        ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
