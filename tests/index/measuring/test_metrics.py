import random

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from index.measuring.metrics import ndcg, recall, reciprocal_rank

OURS = {nDCG @ 10: ndcg, R @ 10: recall, RR @ 10: reciprocal_rank}


def theirs(grades: dict[str, float], ranking: list[str]) -> dict[object, float]:
    qrels = [Qrel("q", document, int(grade)) for document, grade in grades.items()]
    run = [ScoredDoc("q", document, 100.0 - rank) for rank, document in enumerate(ranking)]
    return dict(ir_measures.calc_aggregate(list(OURS), qrels, run))


def test_expected_values_written_out() -> None:
    grades = {"a": 1.0, "b": 1.0}
    assert ndcg(["x", "a"], grades) == pytest.approx(0.6309297535714575 / (1 + 0.6309297535714575))
    assert recall(["x", "a"], grades) == 0.5
    assert reciprocal_rank(["x", "a"], grades) == 0.5
    assert (ndcg([], grades), recall([], {}), reciprocal_rank(["x"], grades)) == (0, 0, 0)


def test_a_grade_is_a_gain() -> None:
    grades = {"a": 3.0, "b": 1.0, "c": 0.0}
    assert ndcg(["c", "a"], grades) == pytest.approx(
        (3 * 0.6309297535714575) / (3 + 0.6309297535714575)
    )


@pytest.mark.parametrize("length", [1, 3, 9, 10, 11, 40])
def test_agrees_with_ir_measures_on_random_runs_of_any_length(length: int) -> None:
    chance = random.Random(length)
    documents = [f"d{n}" for n in range(60)]
    for _ in range(40):
        grades = {d: float(chance.randint(0, 3)) for d in chance.sample(documents, 12)}
        ranking = chance.sample(documents, length)  # most of them have no grade
        assert {m: of(ranking, grades) for m, of in OURS.items()} == pytest.approx(
            theirs(grades, ranking)
        )


def test_agrees_with_ir_measures_over_many_queries() -> None:
    chance = random.Random(0)
    documents = [f"d{n}" for n in range(40)]
    qrels, run, ours = [], [], []
    for number in range(60):
        query = f"q{number}"
        grades = {d: float(chance.randint(0, 3)) for d in chance.sample(documents, 12)}
        grades["sure"] = 1.0
        ranking = chance.sample([*documents, "sure"], chance.randint(1, 20))
        qrels += [Qrel(query, d, int(g)) for d, g in grades.items()]
        run += [ScoredDoc(query, d, 100.0 - rank) for rank, d in enumerate(ranking)]
        ours.append([measure(ranking, grades) for measure in OURS.values()])
    told = ir_measures.calc_aggregate(list(OURS), qrels, run)
    mean = [sum(column) / len(ours) for column in zip(*ours, strict=True)]
    assert mean == pytest.approx([told[measure] for measure in OURS])


@pytest.mark.parametrize("grades", [{"a": 0.0, "b": 0.0}, {"a": 0.0, "b": 2.0}])
def test_agrees_with_ir_measures_where_a_grade_is_0(grades: dict[str, float]) -> None:
    for ranking in (["a"], ["a", "b"], ["x", "y", "b", "a"]):
        assert {m: of(ranking, grades) for m, of in OURS.items()} == pytest.approx(
            theirs(grades, ranking)
        )


@given(
    st.permutations(list("abcdefghijklmno")),
    st.dictionaries(st.sampled_from(list("abcdefghijklmno")), st.integers(0, 3)),
)
def test_no_order_beats_that_of_the_grades(ranking: list[str], judged: dict[str, int]) -> None:
    grades = {document: float(grade) for document, grade in judged.items()}
    best = sorted(ranking, key=lambda document: -grades.get(document, 0.0))
    for measure in OURS.values():
        assert 0.0 <= measure(ranking, grades) <= measure(best, grades) <= 1.0
    assert ndcg(best, grades) == pytest.approx(1.0 if any(judged.values()) else 0.0)
