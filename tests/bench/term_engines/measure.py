"""Time one engine and keep what it found; every step runs in a process of its own."""

import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from index.measuring.metrics import ndcg
from tests.bench.term_engines.arrays_engine import Arrays
from tests.bench.term_engines.chunks import Corpus
from tests.bench.term_engines.engine import Engine, Hits, bytes_in
from tests.bench.term_engines.questions import Question

CHANGED = 100
"""Chunks added, and as many removed, in an update."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One way of asking, over all questions: seconds by the clock and of the processor, and the
    ids found, in the questions' order."""

    way: str
    seconds: list[float]
    busy: list[float]
    found: list[list[int]]


def timed_build(engine: Engine, corpus: Iterable[Any], folder: Path) -> dict[str, float]:
    begin, began = time.perf_counter(), time.process_time()
    engine.build(corpus)
    return {
        "build s": round(time.perf_counter() - begin),
        "build CPU s": round(time.process_time() - began),
        "MB": round(bytes_in(folder) / 1e6),
        **memory(),
    }


def ask(
    way: str,
    engine: Engine,
    questions: Sequence[Question],
    k: int,
    allowed: Sequence[int] | None = None,
) -> Asked:
    """Ask every question once; a few others first, so that no file is opened in the timing."""
    for question in questions[::10]:
        engine.search(question.terms[:3], k, allowed)
    asked = Asked(way, [], [], [])
    for question in questions:
        begin, began = time.perf_counter(), time.process_time()
        hits: Hits = engine.search(question.terms, k, allowed)
        asked.seconds.append(time.perf_counter() - begin)
        asked.busy.append(time.process_time() - began)
        asked.found.append([chunk for chunk, _ in hits])
    return asked


def timed_updates(engine: Engine, corpus: Corpus, rounds: int = 5) -> dict[str, float]:
    """Add and remove, commit, search: milliseconds until the first search is done."""
    count = int(corpus.made["chunks"])
    parts = list(islice(corpus, CHANGED * rounds))
    spent = []
    for turn in range(rounds):
        at = turn * CHANGED
        added = {count + 1 + at + i: parts[at + i] for i in range(CHANGED)}
        removed = range(count // 2 + at, count // 2 + at + CHANGED)
        terms = parts[at][2].split()[:3]
        begin = time.perf_counter()
        engine.update(added, removed)
        engine.search(terms, 10)
        spent.append(1000 * (time.perf_counter() - begin))
    return {"update ms p50": round(float(np.median(spent))), "update ms max": round(max(spent))}


def summary(asked: Asked, questions: Sequence[Question]) -> dict[str, dict[str, float]]:
    """Return percentiles in ms for each kind and, where judged, nDCG@10 among all chunks."""
    figures: dict[str, dict[str, float]] = {}
    for kind, at in _kinds(questions):
        spent = 1000 * np.array([asked.seconds[i] for i in at])
        p50, p95, p99 = np.percentile(spent, (50, 95, 99)).round(1).tolist()
        busy = 1000 * float(np.median([asked.busy[i] for i in at]))
        figures[kind] = {"p50": p50, "p95": p95, "p99": p99, "CPU p50": round(busy, 1)}
        if questions[at[0]].grades:
            gains = [ndcg([*map(str, asked.found[i])], questions[i].grades) for i in at]
            figures[kind]["ndcg@10"] = round(100 * float(np.mean(gains)), 1)
    return figures


def agreement(
    ways: Sequence[Asked], questions: Sequence[Question], exact: Arrays
) -> dict[str, dict[str, float]]:
    """Return for each way and kind the share of its first 10 that are as good as the exact 10.

    A chunk counts if its exact score is not below the exact tenth's: equals may be exchanged.
    """
    shares: dict[str, list[float]] = {asked.way: [] for asked in ways}
    for number, question in enumerate(questions):
        scores = exact.scores(question.terms)
        best = np.sort(np.partition(scores, -10)[-10:])
        best = best[best > 0]
        for asked in ways:
            first = scores[asked.found[number][:10]]
            right = int((first >= best[0] * (1 - 1e-5)).sum()) if len(best) else 0
            shares[asked.way].append(right / len(best) if len(best) else 1.0)
    return {
        way: {kind: round(float(np.mean([s[i] for i in at])), 3) for kind, at in _kinds(questions)}
        for way, s in shares.items()
    }


def memory() -> dict[str, float]:
    """Return the most that this process has held."""
    return {"peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def _kinds(questions: Sequence[Question]) -> Iterator[tuple[str, list[int]]]:
    for kind in dict.fromkeys(question.kind for question in questions):
        yield kind, [i for i, question in enumerate(questions) if question.kind == kind]
