"""Which of a note's chunks is meant? Notes are ranked; a passage of each is shown and quoted."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.note import Note, Span
from index.finding.lexical import TermWeights
from index.keeping.checksum import DamagedIndexError, check
from index.keeping.rows import chunk_checksum
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


def choose_passages(
    db: sqlite3.Connection,
    notes: Mapping[int, Note],
    nearest: Mapping[int, int],
    weights: TermWeights,
    near: Near | None,
    dense_weight: float,
) -> dict[int, Passage]:
    """Return the passage of each note that comes nearest in meaning and holds most of the words.

    `nearest` are the chunks that are nearest by vector, where known; `near` is None in a search by
    words alone.
    """
    passages = _passages(db, notes, nearest)
    if near is not None:  # all at once
        near([one.chunk for some in passages.values() if len(some) > 1 for one in some])
    chosen = {}
    for note, some in passages.items():
        scores = [0.0] * len(some)
        if len(some) > 1:
            cosines = scores if near is None else near([passage.chunk for passage in some])
            held = _held(notes[note], some, weights) if dense_weight < 1 else scores
            scores = [
                dense_weight * cosine + (1 - dense_weight) * share
                for cosine, share in zip(cosines, held, strict=True)
            ]
        chosen[note] = some[max(range(len(some)), key=lambda place: scores[place])]
    return chosen


def _passages(
    db: sqlite3.Connection, notes: Iterable[int], nearest: Mapping[int, int]
) -> dict[int, list[Passage]]:
    """Return the passages of each note that are read, the nearest first."""
    wanted = list(notes)
    found: dict[int, list[Passage]] = {note: [] for note in wanted}
    marks = ",".join("?" * len(wanted))
    rows = db.execute(
        "SELECT id, note, span_start, span_end, vector, crc FROM chunks"
        f" WHERE note IN ({marks}) ORDER BY id",
        wanted,
    )
    rows.row_factory = None
    for chunk, note, *told, crc in rows:
        check(f"chunk {chunk}", crc, chunk_checksum(note, *told))
        found[note].append(Passage(chunk, Span(told[0], told[1])))
    for note, some in found.items():
        if not some:
            raise DamagedIndexError(f"note {note} has no chunk")
        some.sort(key=lambda passage: passage.chunk != nearest.get(note))
        del some[READ:]
    return found


def _held(note: Note, passages: Sequence[Passage], weights: TermWeights) -> list[float]:
    """Return the share of the question's weight that each passage holds."""
    start = note.span.start
    return [
        weights.coverage(_terms(note.text[passage.span.start - start : passage.span.end - start]))
        for passage in passages
    ]


@lru_cache(maxsize=512)
def _terms(passage: str) -> tuple[str, ...]:
    """Return a passage's terms (about 20 KB); while a question is typed the same ones are read."""
    return tuple(analyze(passage))
