"""What the two lists of a search brought, and the hits that they make together."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.finding.fusion import fuse
from index.finding.hit import Hit
from index.finding.lexical import TermWeights
from index.finding.passages import Near, choose_passages
from index.keeping.notes import read_notes


@dataclass(frozen=True, slots=True)
class Lists:
    """What was found: notes' scores in the two lists, and the nearness of notes in terms alone.

    `chunks` are their nearest chunks, `near` rates any chunks; a search by terms has neither.
    """

    dense: Mapping[int, float]
    terms: Mapping[int, float]
    cosines: Mapping[int, float]
    chunks: Mapping[int, int]
    near: Near | None
    across: frozenset[int] = frozenset()
    common: float = 0.0
    """Of a search by both lists: the notes in another language than the question, and the share of
    its words that many notes hold."""


def listed(notes: Sequence[int]) -> Lists:
    """Return lists that have these notes in this order, all of them equally good."""
    return Lists(dict.fromkeys(notes, 0.0), {}, {}, {}, None)


def in_other_languages(
    db: sqlite3.Connection, language: str, notes: Sequence[int]
) -> frozenset[int]:
    """Return those of the notes that are in another language."""
    marks = ",".join("?" * len(notes))
    rows = db.execute(
        f"SELECT id FROM notes WHERE lang <> ? AND id IN ({marks})", (language, *notes)
    )
    rows.row_factory = None
    return frozenset(note for (note,) in rows.fetchall())


def hits_of(
    db: sqlite3.Connection, lists: Lists, weights: TermWeights, dense_weight: float, k: int
) -> tuple[Hit, ...]:
    """Return the `k` best notes as hits; without words, the first."""
    traces = fuse(lists.dense, lists.terms, dense_weight, lists.cosines, lists.across, lists.common)
    totals = {
        note: sum(part.contribution for part in trace.values()) for note, trace in traces.items()
    }
    places = {note: place for place, note in enumerate(lists.dense)} if lists.near is None else {}
    order = sorted(totals, key=lambda note: (-totals[note], places.get(note, note)))[:k]
    notes = read_notes(db, order)
    read = {row: stored.note for row, stored in notes.items()}
    passages = choose_passages(db, read, lists.chunks, weights, lists.near, dense_weight)
    return tuple(
        Hit(
            rank=rank,
            score=totals[note],
            key=notes[note].key,
            note=notes[note].note,
            vault=notes[note].vault,
            file=notes[note].file,
            passage=passages[note].span,
            chunk=passages[note].chunk,
            trace=traces[note],
        )
        for rank, note in enumerate(order, start=1)
    )
