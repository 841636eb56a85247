"""Ranking measures as trec_eval defines them, at one depth, for one query."""

import math
from collections.abc import Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """Return normalised discounted cumulative gain: gain = grade, discount = log2(rank + 1)."""
    gains = [max(grades.get(document, 0.0), 0.0) for document in ranking[:depth]]
    ideal = _dcg(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth])
    return _dcg(gains) / ideal if ideal else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """Return the share of relevant documents that are within `depth`."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant & set(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """Return 1 / rank of the first relevant document within `depth`, else 0."""
    for rank, document in enumerate(ranking[:depth], start=1):
        if grades.get(document, 0.0) > 0:
            return 1.0 / rank
    return 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
