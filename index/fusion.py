"""One ranking out of two: how near in meaning, and how much of the question's words."""

from collections.abc import Mapping

from index.hit import ListTrace

DENSE, TERMS = "dense", "terms"
DENSE_WEIGHT = 0.6

Scores = Mapping[int, float]
"""Note id → score, higher is better."""


def fuse(dense: Scores, terms: Scores, weight: float) -> dict[int, dict[str, ListTrace]]:
    """Combine cosines and term scores convexly; return each note's trace.

    `weight` is the dense list's. Cosines are stretched so that the list's best is 1 and its worst
    0; term scores are fractions of the question's weight already (0 to 1). A note that one list
    lacks has that list's lowest score. See Bruch et al. 2023, arXiv:2210.11934.
    """
    stretched = _stretched(dense)
    ranks = {DENSE: _ranks(dense), TERMS: _ranks(terms)}
    return {
        note: {
            DENSE: ListTrace(
                ranks[DENSE].get(note), dense.get(note, 0.0), weight * stretched.get(note, 0.0)
            ),
            TERMS: ListTrace(
                ranks[TERMS].get(note), terms.get(note, 0.0), (1 - weight) * terms.get(note, 0.0)
            ),
        }
        for note in {**dense, **terms}
    }


def _stretched(scores: Scores) -> dict[int, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    reach = high - low or 1.0
    return {note: (score - low) / reach for note, score in scores.items()}


def _ranks(scores: Scores) -> dict[int, int]:
    order = sorted(scores, key=lambda note: (-scores[note], note))
    return {note: rank for rank, note in enumerate(order, start=1)}
