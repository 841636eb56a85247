"""Vectors as rows of the store: float16, little endian, keyed by recipe and text."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors, mean_vectors
from index.embedding.windows import pack_blocks
from index.keeping.checksum import DamagedIndexError

T = TypeVar("T")
Ids = npt.NDArray[np.int64]
_SQL_VALUES = 500


class Packed(NamedTuple):
    """A text's vector and blocks as stored, by the text's key."""

    key: bytes
    value: bytes
    blocks: bytes


def packed(keys: Sequence[bytes], tokens: Sequence[Vectors]) -> list[Packed]:
    """Return what is stored of texts with these token vectors, at least one."""
    return [
        Packed(key, pack(vector), pack_blocks(rows))
        for key, vector, rows in zip(keys, mean_vectors(tokens), tokens, strict=True)
    ]


def insert_vectors(db: sqlite3.Connection, rows: Iterable[Packed]) -> None:
    """Store the vectors and the blocks of texts."""
    db.executemany(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)",
        (
            (key, value, zlib.crc32(value), blocks, zlib.crc32(blocks))
            for key, value, blocks in rows
        ),
    )


def pack(vector: npt.NDArray[np.float32]) -> bytes:
    """Return a vector as stored: float16, little endian."""
    return vector.astype("<f2").tobytes()


def unpack(blobs: Sequence[bytes]) -> Vectors:
    """Return stored vectors, at least one, as float32 of norm 1, (n, dimension)."""
    stored = np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), -1)
    stacked = stored.astype(np.float32)
    stacked /= np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-12)
    return np.ascontiguousarray(stacked)


def known_keys(db: sqlite3.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Return those of `keys` that have a vector."""
    found: set[bytes] = set()
    for part, marks in _parts(keys):
        rows = db.execute(f"SELECT key FROM vectors WHERE key IN ({marks})", part)
        found.update(row[0] for row in rows)
    return found


def copy_vectors(
    db: sqlite3.Connection, lender: sqlite3.Connection, keys: Sequence[bytes]
) -> set[bytes]:
    """Copy the vectors of `keys` that another store has whole; return the keys of those."""
    copied: set[bytes] = set()
    for part, marks in _parts(keys):
        rows = lender.execute(
            f"SELECT key, value, value_crc, blocks, blocks_crc FROM vectors WHERE key IN ({marks})",
            part,
        )
        for row in filter(is_whole, rows):
            db.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?, ?)", tuple(row))
            copied.add(row["key"])
    return copied


def stored_vectors(db: sqlite3.Connection, chunks: Sequence[int]) -> Iterator[tuple[Ids, Vectors]]:
    """Yield ids and vectors of the chunks with these ids, some at a time.

    Raises DamagedIndexError where one is missing or not as it was written, as the others do.
    """
    for part, rows in _stored(db, ("value",), chunks):
        yield np.array(part, np.int64), unpack([value for (value,) in rows])


def vectors_of(db: sqlite3.Connection, chunks: Sequence[int]) -> Vectors:
    """Return (len(chunks), dimension), the vectors of the chunks, at least one."""
    return np.concatenate([vectors for _, vectors in stored_vectors(db, chunks)])


def stored_passages(db: sqlite3.Connection, chunks: Sequence[int]) -> tuple[Vectors, list[bytes]]:
    """Return the vectors, as `vectors_of`, and the packed blocks of the chunks, at least one."""
    rows = [row for _, part in _stored(db, ("value", "blocks"), chunks) for row in part]
    return unpack([value for value, _ in rows]), [blocks for _, blocks in rows]


def is_whole(row: sqlite3.Row) -> bool:
    """Whether a row of vectors is as it was written."""
    key, value, blocks = row["key"], row["value"], row["blocks"]
    if not all(isinstance(one, bytes) for one in (key, value, blocks)):
        return False
    crcs = (zlib.crc32(value), zlib.crc32(blocks))
    return len(key) == 16 and crcs == (row["value_crc"], row["blocks_crc"])


def _stored(
    db: sqlite3.Connection, columns: Sequence[str], chunks: Sequence[int]
) -> Iterator[tuple[Sequence[int], list[tuple[bytes, ...]]]]:
    """Yield some of the chunks, and these columns of each."""
    wanted = ", ".join([*columns, *(f"{column}_crc" for column in columns)])
    number = len(columns)
    nothing = (None,) * number + (-1,) * number
    for part, marks in _parts(chunks):
        rows = db.execute(
            f"SELECT chunks.id, {wanted} FROM chunks LEFT JOIN vectors ON key = vector"
            f" WHERE chunks.id IN ({marks})",
            part,
        )
        rows.row_factory = None
        found = {row[0]: row[1:] for row in rows.fetchall()}
        read = []
        for chunk in part:
            row = found.get(chunk, nothing)
            stored = row[:number]
            if tuple(map(_crc, stored)) != row[number:]:
                raise DamagedIndexError(f"the vector of chunk {chunk} is not as it was written")
            read.append(stored)
        yield part, read


def _crc(value: Any) -> int:
    return zlib.crc32(value) if isinstance(value, bytes) else -2


def _parts(values: Sequence[T]) -> Iterator[tuple[Sequence[T], str]]:
    for start in range(0, len(values), _SQL_VALUES):
        part = values[start : start + _SQL_VALUES]
        yield part, ",".join("?" * len(part))
