"""How sure is a mean over queries, and is one run really better than another?"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Signs = npt.NDArray[np.int8]

RESAMPLES = 10_000
CONFIDENCE = 0.95
_SEED = 0
_CELLS_AT_ONCE = 2_000_000
"""Numbers drawn at once, so that many queries do not take much memory."""


def interval(scores: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean over queries; (0, 0) for none.

    Queries are drawn with replacement, 10,000 times, from a fixed seed (Efron and Tibshirani,
    An Introduction to the Bootstrap, 1993, chapter 13).
    """
    if not scores:
        return 0.0, 0.0
    values, random = np.asarray(scores, np.float64), np.random.default_rng(_SEED)
    means = np.concatenate(
        [
            values[random.integers(len(values), size=(count, len(values)))].mean(axis=1)
            for count in _blocks(len(values))
        ]
    )
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def paired_p(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the two-sided p-value of the difference of two runs' means over the same queries.

    Fisher's randomization test with 10,000 draws from a fixed seed: if the runs were alike, each
    query's difference could as well have the other sign (Smucker, Allan and Carterette, A
    Comparison of Statistical Significance Tests for Information Retrieval Evaluation, CIKM 2007).
    The observed signs count as one draw, so that p is never 0.
    """
    differences = np.asarray(second, np.float64) - np.asarray(first, np.float64)
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    random = np.random.default_rng(_SEED)
    observed = abs(differences.sum()) - 1e-9  # sums in another order differ in the last digits
    extreme = sum(
        int((abs(_signs(random, count, len(differences)) @ differences) >= observed).sum())
        for count in _blocks(len(differences))
    )
    return (1 + extreme) / (1 + RESAMPLES)


def _signs(random: np.random.Generator, draws: int, queries: int) -> Signs:
    return random.integers(0, 2, size=(draws, queries), dtype=np.int8) * np.int8(2) - np.int8(1)


def _blocks(queries: int) -> Iterator[int]:
    """How many resamples to draw at once, until all are drawn."""
    most = max(1, _CELLS_AT_ONCE // queries)
    for start in range(0, RESAMPLES, most):
        yield min(most, RESAMPLES - start)
