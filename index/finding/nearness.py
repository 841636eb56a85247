"""How near do passages come to a question? As the store has their vectors, to the last bit."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np

from index.embedding.embedder import Vectors
from index.embedding.windows import WHOLE_SHARE, nearest_windows
from index.finding.retriever import Asked
from index.keeping.vector_rows import stored_passages, vectors_of


class Nearness:
    """Rates chunks for one question, whose vector `asked` gives; each is read once."""

    def __init__(self, db: sqlite3.Connection, asked: Asked) -> None:
        self._db, self._asked = db, asked
        self._read: dict[int, tuple[Vectors, bytes]] = {}
        self._known: dict[int, float] = {}

    def read(self, chunks: Iterable[int]) -> None:
        """Read what is needed of chunks to rate them, while there is no vector yet."""
        unread = [chunk for chunk in dict.fromkeys(chunks) if chunk not in self._read]
        if unread:
            vectors, blocks = stored_passages(self._db, unread)
            self._read.update(zip(unread, zip(vectors, blocks, strict=True), strict=True))

    def of(self, chunks: Sequence[int]) -> list[float]:
        """Return how near each chunk is: at most 1.

        That is its nearest window's cosine, with a share of the whole chunk's.
        """
        unknown = [chunk for chunk in dict.fromkeys(chunks) if chunk not in self._known]
        if unknown:
            self.read(unknown)
            asked, read = self._asked(), [self._read[chunk] for chunk in unknown]
            windows = nearest_windows(asked, [blocks for _, blocks in read])
            wholes = (np.stack([vector for vector, _ in read]) @ asked).tolist()
            for chunk, window, whole in zip(unknown, windows, wholes, strict=True):
                self._known[chunk] = (1 - WHOLE_SHARE) * window + WHOLE_SHARE * whole
        return [self._known[chunk] for chunk in chunks]


def notes_of(db: sqlite3.Connection, chunks: Sequence[int]) -> dict[int, int]:
    """Return the note of each chunk."""
    marks = ",".join("?" * len(chunks))
    rows = db.execute(f"SELECT id, note FROM chunks WHERE id IN ({marks})", list(chunks))
    rows.row_factory = None
    return dict(rows.fetchall())


def chunks_of_each(db: sqlite3.Connection, notes: Iterable[int]) -> dict[int, list[int]]:
    """Return the chunks of each note."""
    wanted = list(notes)
    marks = ",".join("?" * len(wanted))
    rows = db.execute(f"SELECT note, id FROM chunks WHERE note IN ({marks}) ORDER BY note", wanted)
    rows.row_factory = None
    return {
        note: [chunk for _, chunk in some] for note, some in groupby(rows.fetchall(), itemgetter(0))
    }


def nearest_of_each(
    db: sqlite3.Connection, asked: Vectors, chunks: Mapping[int, Sequence[int]]
) -> dict[int, int]:
    """Return for each note the one of its chunks whose vector is nearest."""
    several = [chunk for some in chunks.values() if len(some) > 1 for chunk in some]
    cosines = dict(zip(several, cosines_of(db, asked, several), strict=True))
    return {
        note: max(some, key=lambda chunk: (cosines[chunk], -chunk)) if len(some) > 1 else some[0]
        for note, some in chunks.items()
    }


def cosines_of(db: sqlite3.Connection, asked: Vectors, chunks: Sequence[int]) -> list[float]:
    """Return the cosine of `asked`, (dimension,), with each whole chunk."""
    cosines: list[float] = (vectors_of(db, chunks) @ asked).tolist() if chunks else []
    return cosines


def best_chunks(
    note_of: dict[int, int], found: Iterable[tuple[int, float]]
) -> dict[int, tuple[int, float]]:
    """Return for each note its best chunk and score, of (chunk, score) pairs."""
    best: dict[int, tuple[int, float]] = {}
    for chunk, score in found:
        note = note_of[chunk]
        if note not in best or score > best[note][1]:
            best[note] = (chunk, score)
    return best
