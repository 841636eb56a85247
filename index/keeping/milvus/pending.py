"""Which chunks have come or gone in the store, and not yet in Milvus?

They are written down in the transaction that changes the chunks: killed at any point, the next
update knows what is left to be told. To tell it twice does no harm.
"""

import sqlite3
from collections.abc import Iterable, Sequence


def note_pending(db: sqlite3.Connection, going: Iterable[int], coming: Iterable[int]) -> None:
    """Write down chunks that go and come."""
    sql = "INSERT OR REPLACE INTO pending VALUES (?, ?)"
    db.executemany(sql, ((chunk, 0) for chunk in going))
    db.executemany(sql, ((chunk, 1) for chunk in coming))


def coming_chunks(db: sqlite3.Connection) -> list[int]:
    """Return the chunks that are to come, ascending."""
    return _chunks(db, 1)


def going_chunks(db: sqlite3.Connection) -> list[int]:
    """Return the chunks that are to go, ascending."""
    return _chunks(db, 0)


def count_pending(db: sqlite3.Connection) -> int:
    """Return how many chunks Milvus is to be told of."""
    return int(db.execute("SELECT count(*) FROM pending").fetchone()[0])


def settle_pending(db: sqlite3.Connection, chunks: Sequence[int]) -> None:
    """Forget chunks that Milvus has been told of."""
    db.executemany("DELETE FROM pending WHERE chunk = ?", ((chunk,) for chunk in chunks))


def forget_pending(db: sqlite3.Connection) -> None:
    """Forget all: a collection is filled anew, or none is there any more."""
    db.execute("DELETE FROM pending")


def _chunks(db: sqlite3.Connection, is_coming: int) -> list[int]:
    rows = db.execute("SELECT chunk FROM pending WHERE is_coming = ? ORDER BY chunk", (is_coming,))
    return [int(row[0]) for row in rows]
