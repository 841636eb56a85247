"""Vectors as rows of the store: float16, little endian, keyed by recipe and text."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors

Ids = npt.NDArray[np.int64]
_SQL_VALUES = 500


def pack(vector: npt.NDArray[np.float32]) -> bytes:
    """Return a vector as stored: float16, little endian."""
    return vector.astype("<f2").tobytes()


def unpack(blobs: Iterable[bytes]) -> Vectors:
    """Return stored vectors as float32 of norm 1, (n, dimension)."""
    stacked = np.stack([np.frombuffer(blob, "<f2") for blob in blobs]).astype(np.float32)
    stacked /= np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-12)
    return np.ascontiguousarray(stacked)


def known_keys(db: sqlite3.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Return those of `keys` that have a vector."""
    found: set[bytes] = set()
    for start in range(0, len(keys), _SQL_VALUES):
        part = keys[start : start + _SQL_VALUES]
        marks = ",".join("?" * len(part))
        rows = db.execute(f"SELECT key FROM vectors WHERE key IN ({marks})", part)
        found.update(row[0] for row in rows)
    return found


def stored_vectors(db: sqlite3.Connection, chunks: Sequence[int]) -> Iterator[tuple[Ids, Vectors]]:
    """Yield ids and vectors of the chunks with these ids, some at a time."""
    for start in range(0, len(chunks), _SQL_VALUES):
        part = chunks[start : start + _SQL_VALUES]
        marks = ",".join("?" * len(part))
        rows = db.execute(
            "SELECT chunks.id, value FROM chunks JOIN vectors ON key = vector"
            f" WHERE chunks.id IN ({marks}) ORDER BY chunks.id",
            part,
        ).fetchall()
        yield np.array([row[0] for row in rows], np.int64), unpack(r[1] for r in rows)


def stored_blocks(db: sqlite3.Connection, chunks: Sequence[int]) -> list[bytes]:
    """Return the packed blocks of the chunks with these ids, in their order."""
    found: dict[int, bytes] = {}
    for start in range(0, len(chunks), _SQL_VALUES):
        part = chunks[start : start + _SQL_VALUES]
        marks = ",".join("?" * len(part))
        rows = db.execute(
            "SELECT chunks.id, blocks FROM chunks JOIN vectors ON key = vector"
            f" WHERE chunks.id IN ({marks})",
            part,
        )
        found.update((row[0], row[1]) for row in rows)
    return [found[chunk] for chunk in chunks]
