"""One vector for each note: the mean of its chunks' vectors."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.keeping.store import get_number
from index.keeping.vector_rows import Ids, stored_vectors

Keys = npt.NDArray[np.bytes_]
"""Notes' keys, ascending, (n,) "S16". They are digests, so the first of them are notes at random."""


@dataclass(frozen=True, slots=True)
class Notes:
    """All notes of an index: `ids` (n,) int64 of their rows, `keys`, `vectors` (n, d) of norm 1.

    A note without chunks has the vector 0.
    """

    ids: Ids
    keys: Keys
    vectors: Vectors


def all_notes(db: sqlite3.Connection) -> tuple[Ids, Keys]:
    """Return the rows' ids and the keys of all notes, in the order of their keys."""
    rows = db.execute("SELECT id, key FROM notes ORDER BY key").fetchall()
    ids = np.array([row[0] for row in rows], np.int64)
    return ids, np.array([row[1].encode() for row in rows], "S16")


def with_vectors(
    db: sqlite3.Connection, ids: Ids, keys: Keys, on_part: Callable[[float], None]
) -> Notes:
    """Read the notes' vectors; `on_part` is told which part is done, up to 1.

    Raises DamagedIndexError where a vector is missing or not as it was written.
    """
    rows = db.execute(
        "SELECT chunks.id, note FROM chunks JOIN notes ON notes.id = note ORDER BY chunks.id"
    ).fetchall()
    place = {note: at for at, note in enumerate(ids.tolist())}
    note_of = {row[0]: place[row[1]] for row in rows}
    means = np.zeros((len(ids), get_number(db, "dimension")), np.float32)
    done = 0
    for chunks, vectors in stored_vectors(db, list(note_of)):
        np.add.at(means, [note_of[chunk] for chunk in chunks.tolist()], vectors)
        done += len(chunks)
        on_part(done / len(note_of))
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return Notes(ids, keys, means)
