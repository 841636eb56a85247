"""The terms list: BM25 over the posting lists, as a share of the question's weight.

idf = ln((N - n + 0.5) / (n + 0.5)), at least 1e-6, as SQLite's FTS5 has it; the rest: index/bm25.py.
"""

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.keeping.segments import (
    Counts,
    Mask,
    Places,
    Segment,
    count_notes,
    posting_lists,
    segments_of,
)
from index.terms import analyze_query

_LEAST = 1e-6
_ROUNDED = 1e-5
_FEW = 4096
"""Notes with a term below which a list is added as it is: to look for the best so far costs more."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TermWeights:
    """The question's terms and their idf in this index; a term that no note has weighs most."""

    idf: dict[str, float]
    notes: int

    @property
    def total(self) -> float:
        """The weight of the whole question."""
        return sum(self.idf.values())

    @property
    def rarest(self) -> float:
        """The weight of a term that no note has."""
        return max(math.log((self.notes + 0.5) / 0.5), _LEAST)

    def coverage(self, terms: Iterable[str]) -> float:
        """Return the share of the question's weight that `terms` hold, 0 to 1."""
        present = self.idf.keys() & set(terms)
        return sum(self.idf[term] for term in present) / self.total if self.total else 0.0


def weigh_terms(db: sqlite3.Connection, question: str) -> TermWeights:
    """Return the idf of the question's terms."""
    notes = segments_of(db).count
    counts = count_notes(db, analyze_query(question))
    return TermWeights(
        {
            term: max(math.log((notes - count + 0.5) / (count + 0.5)), _LEAST)
            for term, count in counts.items()
        },
        notes,
    )


def search_terms(
    db: sqlite3.Connection,
    weights: TermWeights,
    k: int,
    allowed: Sequence[int] | None = None,
) -> list[tuple[int, float]]:
    """Return up to `k` (note id, score), best first, of the notes that hold any term.

    The score is BM25 divided by the most that it could be, (k1 + 1) times the question's weight:
    0 = nothing of it, 1 = all of it, many times over.
    """
    if not weights.total:
        return []
    shares = {
        term: idf / weights.total
        for term, idf in sorted(weights.idf.items(), key=lambda pair: (-pair[1], pair[0]))
    }
    segments, lists = segments_of(db), posting_lists(db, list(shares))
    among = None if allowed is None else np.array(allowed, np.int64)
    best = _Best(k)
    for segment, norms in zip(segments.parts, segments.norms, strict=True):
        held = lists.get(segment.id)
        if held:
            _rank(best, segment, held, shares, norms, _allowed(segment, among))
    return best.pairs()


class _Best:
    """The best notes so far, of several segments."""

    def __init__(self, k: int) -> None:
        self._k = k
        self._notes = np.empty(0, np.int64)
        self._scores = np.empty(0, np.float32)
        self._least = 0.0

    @property
    def least(self) -> float:
        """What a note must at least have to be among them, less what sums are rounded by."""
        return self._least - _ROUNDED

    def raise_least(self, scores: Floats) -> None:
        """Take notice of what notes will have at least, whichever they are."""
        if len(scores) >= self._k:
            self._least = max(self._least, float(np.partition(scores, -self._k)[-self._k]))

    def take(self, notes: npt.NDArray[np.int64], scores: Floats) -> None:
        """Keep the best of these and of those that are kept; of equals the first."""
        self._notes = np.concatenate([self._notes, notes])
        self._scores = np.concatenate([self._scores, scores])
        order = np.lexsort((self._notes, -self._scores))[: self._k]
        self._notes, self._scores = self._notes[order], self._scores[order]
        if len(order) == self._k:
            self._least = max(self._least, float(self._scores[-1]))

    def pairs(self) -> list[tuple[int, float]]:
        scores = np.minimum(self._scores, 1.0)
        return list(zip(self._notes.tolist(), scores.tolist(), strict=True))


def _rank(
    best: _Best,
    segment: Segment,
    lists: Mapping[str, tuple[Places, Counts]],
    shares: Mapping[str, float],
    norms: Floats,
    live: Mask | None,
) -> None:
    """Rank the notes of a segment by all of the terms, those of most weight first.

    When the terms that are left could not bring a note among the best by themselves, they are
    looked up only for notes that the others found (MaxScore: Turtle & Flood 1995,
    doi:10.1016/0306-4573(95)00020-H).
    """
    terms = [term for term in shares if term in lists]
    rest = np.cumsum([shares[term] for term in reversed(terms)], dtype=np.float32)[::-1]
    scores = np.zeros(len(segment.notes), np.float32)
    looked_at: npt.NDArray[np.intp] | None = None
    for term, most in zip(terms, rest, strict=True):
        places, counts = lists[term]
        if looked_at is None and len(places) > _FEW:
            found = np.flatnonzero(scores if live is None else scores * live)
            best.raise_least(scores[found])
            if most < best.least:
                looked_at = found
        if looked_at is None:
            scores[places] += _shares(shares[term], counts, norms[places])
            continue
        looked_at = looked_at[scores[looked_at] + most >= best.least]
        at = np.searchsorted(places, looked_at)
        at[at == len(places)] = 0
        here = places[at] == looked_at
        them, at = looked_at[here], at[here]
        scores[them] += _shares(shares[term], counts[at], norms[them])
    if live is not None:
        scores *= live
    if looked_at is None:
        looked_at = np.flatnonzero(scores)
    kept = looked_at[(scores[looked_at] > 0) & (scores[looked_at] >= best.least)]
    best.take(segment.notes[kept], scores[kept])


def _shares(share: float, counts: Counts, norms: Floats) -> Floats:
    times = counts.astype(np.float32)
    found: Floats = np.float32(share) * times / (times + norms)
    return found


def _allowed(segment: Segment, among: npt.NDArray[np.int64] | None) -> Mask | None:
    if among is None:
        return segment.live
    allowed = np.isin(segment.notes, among)
    return allowed if segment.live is None else allowed & segment.live
