"""One ranking out of two: how near in meaning, and how much of the question's words."""

from collections.abc import Mapping

from index.hit import ListTrace

DENSE, TERMS = "dense", "terms"
DENSE_WEIGHT = 0.4
"""Chosen on the public test sets; the figures are in tests/bench/LOG.md."""

Scores = Mapping[int, float]
"""Note id → score, higher is better."""


def fuse(
    dense: Scores, terms: Scores, weight: float, cosines: Scores
) -> dict[int, dict[str, ListTrace]]:
    """Combine cosines and term scores convexly; return each note's trace.

    `weight` is the dense list's. Both scores have a fixed scale (1 = the same meaning, all of the
    question's words), so neither is stretched: across languages, where hardly a word of the
    question is in any note, the terms weigh little by themselves. `cosines` are those of notes
    that only the terms list found. On convex combination: Bruch et al. 2023, arXiv:2210.11934.
    """
    ranks = {DENSE: _ranks(dense), TERMS: _ranks(terms)}
    scores = {DENSE: {**cosines, **dense}, TERMS: terms}
    weights = {DENSE: weight, TERMS: 1 - weight}
    return {
        note: {
            name: ListTrace(
                ranks[name].get(note),
                scores[name].get(note, 0.0),
                weights[name] * scores[name].get(note, 0.0),
            )
            for name in (DENSE, TERMS)
        }
        for note in {**dense, **terms}
    }


def _ranks(scores: Scores) -> dict[int, int]:
    order = sorted(scores, key=lambda note: (-scores[note], note))
    return {note: rank for rank, note in enumerate(order, start=1)}
