"""A second look at the first hits: question and note read together, within a time limit."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from index.finding.hit import Hit, ListTrace

RERANKER = "reranker"
"""Its name in a hit's trace."""

DEPTH = 30
"""Hits that are read again."""

SECONDS = 2.0
"""Time limit of a search's reranking; loading the model does not count."""

_BATCH = 4  # pairs between two looks at the clock

Predict = Callable[[Sequence[tuple[str, str]]], Sequence[float]]
"""(question, text) pairs → a score each, on any scale, higher is better."""


class Reranker:
    """Scores texts for a question; safe to use from several threads, which take turns.

    A search that has run out of time goes on without: its scoring ends at the next batch, and is
    not begun at all if it still waits for another's. So nobody waits longer than `seconds`.
    """

    def __init__(self, name: str, predict: Predict, seconds: float = SECONDS) -> None:
        self.name, self.seconds = name, seconds
        self._predict = predict
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix=RERANKER)

    def rerank(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return a score from 0 to 1 for each text, or None if the time was not enough."""
        limit = min(self.seconds, threading.TIMEOUT_MAX)
        if not limit > 0:
            return None
        deadline = time.monotonic() + limit
        task = self._worker.submit(self._scores, question, tuple(texts), deadline)
        try:
            return task.result(limit)
        except TimeoutError:
            return None

    def _scores(self, question: str, texts: Sequence[str], deadline: float) -> list[float] | None:
        """Score texts of like length together: the longest of a batch sets its cost."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        scores = [0.0] * len(texts)
        for start in range(0, len(order), _BATCH):
            if time.monotonic() >= deadline:
                return None
            batch = order[start : start + _BATCH]
            found = self._predict([(question, texts[place]) for place in batch])
            for place, score in zip(batch, found, strict=True):
                scores[place] = _sigmoid(score)
        return scores


def reorder(hits: Sequence[Hit], scores: Sequence[float]) -> tuple[Hit, ...]:
    """Put the first `len(scores)` hits into the order of `scores` (0 to 1); the rest follow.

    A reranked hit's score is the reranker's, and the lists that found it add nothing to it. The
    scores of the rest, which are at most 1, are multiplied by the lowest of these. So scores fall
    with the rank, and each is still the sum of its trace's contributions.
    """
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    first = [_reranked(hits[at], rank, scores[at]) for rank, at in enumerate(order, start=1)]
    lowest = min(scores, default=1.0)
    return (*first, *(_weighed(hit, lowest) for hit in hits[len(scores) :]))


def _reranked(hit: Hit, rank: int, score: float) -> Hit:
    trace = {**_scaled(hit.trace, 0.0), RERANKER: ListTrace(rank, score, score)}
    return replace(hit, rank=rank, score=score, trace=trace)


def _weighed(hit: Hit, scale: float) -> Hit:
    trace = _scaled(hit.trace, scale)
    return replace(hit, score=sum(part.contribution for part in trace.values()), trace=trace)


def _scaled(trace: Mapping[str, ListTrace], scale: float) -> dict[str, ListTrace]:
    return {
        name: part._replace(contribution=part.contribution * scale) for name, part in trace.items()
    }


def _sigmoid(score: float) -> float:
    """1 / (1 + exp(-score)), which would overflow where the score is very low."""
    return 0.5 * (1 + math.tanh(score / 2))
