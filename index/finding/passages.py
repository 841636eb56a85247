"""Which of a note's chunks is meant? Notes are ranked; a passage of each is shown and quoted."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.note import Span
from index.embedding.embedder import Vectors
from index.embedding.windows import WHOLE_SHARE, nearest_windows
from index.finding.lexical import TermWeights
from index.keeping.checksum import DamagedIndexError, check
from index.keeping.rows import chunk_checksum
from index.keeping.vector_rows import stored_blocks
from index.keeping.vectors import VectorIndex
from index.terms import analyze

READ = 24
"""Chunks of a note that are read to choose its passage; of a longer note the first, and the
nearest."""


Near = Callable[[Sequence[int]], Sequence[float]]
"""Chunks → how near each is to the question."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk, and the span of its text in the file."""

    chunk: int
    span: Span


def nearness(
    db: sqlite3.Connection, index: VectorIndex, asked: Vectors, chunks: Sequence[int]
) -> list[tuple[int, float]]:
    """Return each chunk with how near it is to `asked`, (dimension,): at most 1.

    That is its nearest window's cosine, with a share of the whole chunk's.
    """
    windows = nearest_windows(asked, stored_blocks(db, chunks))
    wholes = index.cosines(asked, chunks)
    return [
        (chunk, (1 - WHOLE_SHARE) * window + WHOLE_SHARE * whole)
        for chunk, window, whole in zip(chunks, windows, wholes, strict=True)
    ]


def best_of_notes(
    db: sqlite3.Connection, found: Sequence[tuple[int, float]]
) -> dict[int, tuple[int, float]]:
    """Return for each note its best chunk and score, of (chunk, score) pairs."""
    marks = ",".join("?" * len(found))
    rows = db.execute(
        f"SELECT id, note FROM chunks WHERE id IN ({marks})", [chunk for chunk, _ in found]
    )
    note_of = {row[0]: row[1] for row in rows}
    best: dict[int, tuple[int, float]] = {}
    for chunk, score in found:
        note = note_of[chunk]
        if note not in best or score > best[note][1]:
            best[note] = (chunk, score)
    return best


def nearest_chunks(
    db: sqlite3.Connection, index: VectorIndex, asked: Vectors, notes: Iterable[int]
) -> list[tuple[int, float]]:
    """Return the chunk of each note whose vector is nearest, with its nearness."""
    wanted = list(notes)
    marks = ",".join("?" * len(wanted))
    rows = db.execute(f"SELECT id, note FROM chunks WHERE note IN ({marks})", wanted).fetchall()
    cosines = index.cosines(asked, [row[0] for row in rows])
    best: dict[int, tuple[float, int]] = {}
    for (chunk, note), cosine in zip(rows, cosines, strict=True):
        best[note] = max(best.get(note, (-2.0, 0)), (cosine, chunk))
    return nearness(db, index, asked, [chunk for _, chunk in best.values()])


def choose_passages(
    db: sqlite3.Connection,
    notes: Sequence[int],
    nearest: Mapping[int, int],
    weights: TermWeights,
    near: Near | None,
    dense_weight: float,
) -> dict[int, Passage]:
    """Return the passage of each note that comes nearest in meaning and holds most of the words.

    `nearest` are the chunks that are nearest by vector, where known; `near` is None in a search by
    words alone.
    """
    chosen = {}
    for note in notes:
        rows = db.execute(
            "SELECT chunks.id, span_start, span_end, vector, crc FROM chunks WHERE note = ?"
            " ORDER BY chunks.id IS ? DESC, chunks.id LIMIT ?",
            (note, nearest.get(note), READ),
        ).fetchall()
        if not rows:
            raise DamagedIndexError(f"note {note} has no chunk")
        for row in rows:
            check(f"chunk {row['id']}", row["crc"], chunk_checksum(note, *row[1:4]))
        passages = [Passage(row[0], Span(row[1], row[2])) for row in rows]
        scores = [0.0] * len(passages)
        if len(passages) > 1:
            cosines = scores if near is None else near([passage.chunk for passage in passages])
            held = _held(db, note, passages, weights) if dense_weight < 1 else scores
            scores = [
                dense_weight * cosine + (1 - dense_weight) * share
                for cosine, share in zip(cosines, held, strict=True)
            ]
        chosen[note] = passages[max(range(len(passages)), key=lambda place: scores[place])]
    return chosen


def _held(
    db: sqlite3.Connection, note: int, passages: Sequence[Passage], weights: TermWeights
) -> list[float]:
    """Return the share of the question's weight that each passage holds."""
    start, text = db.execute("SELECT span_start, text FROM notes WHERE id = ?", (note,)).fetchone()
    return [
        weights.coverage(_terms(text[passage.span.start - start : passage.span.end - start]))
        for passage in passages
    ]


@lru_cache(maxsize=512)
def _terms(passage: str) -> tuple[str, ...]:
    """Return a passage's terms (about 20 KB); while a question is typed the same ones are read."""
    return tuple(analyze(passage))
