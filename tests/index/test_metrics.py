import random

import ir_measures
import pytest
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from index.metrics import ndcg, recall, reciprocal_rank


def test_expected_values_written_out() -> None:
    grades = {"a": 1.0, "b": 1.0}
    assert ndcg(["x", "a"], grades) == pytest.approx(0.6309297535714575 / (1 + 0.6309297535714575))
    assert recall(["x", "a"], grades) == 0.5
    assert reciprocal_rank(["x", "a"], grades) == 0.5
    assert (ndcg([], grades), recall([], {}), reciprocal_rank(["x"], grades)) == (0, 0, 0)


def test_agrees_with_ir_measures_on_random_runs() -> None:
    chance = random.Random(0)
    documents = [f"d{n}" for n in range(40)]
    qrels, run, ours = [], [], []
    for number in range(60):
        query = f"q{number}"
        grades = {d: float(chance.randint(0, 3)) for d in chance.sample(documents, 12)}
        grades["sure"] = 1.0
        ranking = chance.sample([*documents, "sure"], 20)
        qrels += [Qrel(query, d, int(g)) for d, g in grades.items()]
        run += [ScoredDoc(query, d, 100.0 - rank) for rank, d in enumerate(ranking)]
        ours.append([m(ranking, grades) for m in (ndcg, recall, reciprocal_rank)])
    theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, RR @ 10], qrels, run)
    mean = [sum(column) / len(ours) for column in zip(*ours, strict=True)]
    assert mean == pytest.approx([theirs[nDCG @ 10], theirs[R @ 10], theirs[RR @ 10]])
