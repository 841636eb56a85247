"""Do the notes hold an answer? What a search saw of it, as a probability."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.hit import Hit
from index.lexical import TermWeights
from index.terms import analyze

THRESHOLD = 0.5
"""Below this the assistant says that the answer is not in the notes."""

_LOOKED_AT = 3
_BIAS, _COSINE, _COVERAGE = -4.0, 8.0, 2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """`cosine` of the nearest note; its lead over the crowd; how much of the question is covered.

    `coverage` is the largest share of the question's idf that one of the first hits holds.
    `probability` is that of an answer being there.
    """

    cosine: float
    lead: float
    coverage: float
    probability: float


def weigh_evidence(
    cosines: Collection[float], hits: Sequence[Hit], weights: TermWeights
) -> Evidence:
    """Judge a search by its dense list (all cosines that it saw), its hits and its terms."""
    best = max(cosines, default=0.0)
    crowd = sorted(cosines, reverse=True)[1:]
    lead = best - sum(crowd) / len(crowd) if crowd else 0.0
    coverage = max((_coverage(hit, weights) for hit in hits[:_LOOKED_AT]), default=0.0)
    probability = probability_of(best, coverage) if hits else 0.0
    return Evidence(best, lead, coverage, probability)


def probability_of(cosine: float, coverage: float) -> float:
    """Return the calibrated probability of an answer: a logistic function of the evidence."""
    return 1.0 / (1.0 + math.exp(-(_BIAS + _COSINE * cosine + _COVERAGE * coverage)))


def _coverage(hit: Hit, weights: TermWeights) -> float:
    note = hit.note
    said = "\n".join((note.text, *note.headings, *note.meta.values(), note.path))
    return weights.coverage(analyze(said))
