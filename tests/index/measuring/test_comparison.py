import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap, permutation_test

from index.measuring.comparison import interval, paired_p

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@pytest.mark.parametrize("queries", [8, 60, 700])
def test_the_interval_agrees_with_scipy(queries: int) -> None:
    scores = np.random.default_rng(queries).beta(0.6, 0.4, queries)
    told = bootstrap(
        (scores,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    width = told.high - told.low
    assert interval(list(scores)) == pytest.approx((told.low, told.high), abs=0.03 * width)


@settings(max_examples=15)
@given(SCORES)
def test_the_interval_holds_the_mean_and_lies_within_the_scores(scores: list[float]) -> None:
    low, high = interval(scores)
    slack = 1e-9
    assert min(scores) - slack <= low <= np.mean(scores) + slack
    assert np.mean(scores) - slack <= high <= max(scores) + slack


def test_about_95_of_100_intervals_hold_the_true_mean() -> None:
    random = np.random.default_rng(5)
    held = 0
    for _ in range(100):
        low, high = interval([float(value) for value in random.random(40)])
        held += low <= 0.5 <= high
    assert 0.90 <= held / 100 <= 0.99


def test_the_interval_is_the_same_each_time_and_empty_for_nothing() -> None:
    scores = [0.0, 1.0, 0.5, 0.25, 1.0]
    assert interval(scores) == interval(scores)
    assert interval([]) == (0.0, 0.0)
    assert interval([0.5]) == (0.5, 0.5)


def test_the_same_run_twice_has_p_1() -> None:
    assert paired_p([0.1, 0.9, 0.5], [0.1, 0.9, 0.5]) == 1.0


def test_runs_that_clearly_differ_have_a_small_p() -> None:
    random = np.random.default_rng(0)
    first = random.random(100) * 0.5
    assert paired_p(list(first), list(first + 0.2)) == pytest.approx(1 / 10_001)


@pytest.mark.parametrize("shift", [0.0, 0.03, 0.08])
def test_p_agrees_with_scipy(shift: float) -> None:
    random = np.random.default_rng(3)
    first = random.random(50)
    second = first + random.normal(shift, 0.2, 50)
    told = permutation_test(
        (second, first),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        vectorized=True,
        permutation_type="samples",
        n_resamples=20_000,
        rng=np.random.default_rng(1),
    )
    assert paired_p(list(first), list(second)) == pytest.approx(told.pvalue, abs=0.02)


def test_few_queries_are_never_sure() -> None:
    assert paired_p([0.0, 0.0], [1.0, 1.0]) == pytest.approx(0.5, abs=0.03)  # 2 of 4 sign patterns


@settings(max_examples=15)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40))
def test_p_is_a_probability_and_does_not_ask_which_run_is_first(
    pairs: list[tuple[float, float]],
) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    p = paired_p(first, second)
    assert 0 < p <= 1
    assert p == paired_p(second, first)
