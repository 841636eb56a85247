"""Which of a note's chunks is meant? Notes are ranked; a passage of each is shown and quoted."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.note import Span
from index.embedder import Vectors
from index.lexical import TermWeights
from index.terms import analyze
from index.vector_rows import stored_blocks
from index.vectors import VectorIndex
from index.windows import nearest_windows

READ = 24
"""Chunks of a note that are read to choose its passage; of a longer note the first, and the
nearest."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk, and the span of its text in the file."""

    chunk: int
    span: Span


def nearness(
    db: sqlite3.Connection, asked: Vectors, chunks: Sequence[int]
) -> list[tuple[int, float]]:
    """Return each chunk with the cosine of its nearest window with `asked`, (dimension,)."""
    return list(zip(chunks, nearest_windows(asked, stored_blocks(db, chunks)), strict=True))


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
    """Return the chunk of each note whose vector is nearest, with the cosine of its window."""
    wanted = list(notes)
    marks = ",".join("?" * len(wanted))
    chunks = [
        row[0] for row in db.execute(f"SELECT id FROM chunks WHERE note IN ({marks})", wanted)
    ]
    by_vector = zip(chunks, index.cosines(asked, chunks), strict=True)
    return nearness(db, asked, [chunk for chunk, _ in best_of_notes(db, list(by_vector)).values()])


def choose_passages(
    db: sqlite3.Connection,
    notes: Sequence[int],
    nearest: Mapping[int, int],
    weights: TermWeights,
    asked: Vectors | None,
    dense_weight: float,
) -> dict[int, Passage]:
    """Return the passage of each note that comes nearest in meaning and holds most of the words.

    `nearest` are the chunks that are nearest by vector, where known.
    """
    chosen = {}
    for note in notes:
        rows = db.execute(
            "SELECT chunks.id, span_start, span_end FROM chunks WHERE note = ?"
            " ORDER BY chunks.id IS ? DESC, chunks.id LIMIT ?",
            (note, nearest.get(note), READ),
        ).fetchall()
        passages = [Passage(row[0], Span(row[1], row[2])) for row in rows]
        scores = [0.0] * len(passages)
        if len(passages) > 1:
            near = _near(db, asked, passages) if asked is not None and dense_weight else scores
            held = _held(db, note, passages, weights) if dense_weight < 1 else scores
            scores = [
                dense_weight * cosine + (1 - dense_weight) * share
                for cosine, share in zip(near, held, strict=True)
            ]
        chosen[note] = passages[max(range(len(passages)), key=lambda place: scores[place])]
    return chosen


def _near(db: sqlite3.Connection, asked: Vectors, passages: Sequence[Passage]) -> list[float]:
    return [cosine for _, cosine in nearness(db, asked, [passage.chunk for passage in passages])]


def _held(
    db: sqlite3.Connection, note: int, passages: Sequence[Passage], weights: TermWeights
) -> list[float]:
    """Return the share of the question's weight that each passage holds."""
    start, text = db.execute("SELECT span_start, text FROM notes WHERE id = ?", (note,)).fetchone()
    return [
        weights.coverage(analyze(text[passage.span.start - start : passage.span.end - start]))
        for passage in passages
    ]
