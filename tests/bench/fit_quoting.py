"""Fit what a sentence's score is made of, on questions whose answers are known.

python -m tests.bench.fit_quoting SHARED WORK [QUESTIONS]

WORK is that of `tests.bench.answers`, which makes its indexes. Fitted on XQuAD's articles of even
number and the notes' questions of the split "tune", a conditional logit over each question's
quotables; printed are the weights as shares of that of nearness, and in how many questions the
best quotable has the answer, by the weights that are used and the fitted ones, on both halves.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from assistant.answering.quoting import SOURCES
from assistant.answering.scoring import CODE, HEADED, SHARE, score_quotables
from assistant.assistant import DEPTH, Assistant
from index.finding.filters import Query
from index.finding.rating import Rater
from tests.bench.answers import DIRECTIONS, OWN
from tests.bench.quoted import Known, read_published

NAMES = ("near", "share", "headed", "code")
USED = np.array([1.0, SHARE, HEADED, CODE])
QUESTIONS = 300
_RIDGE = 1e-3

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question's quotables: a row of features each, and whether it holds the answer."""

    features: Floats
    holds: npt.NDArray[np.bool_]


def samples(index: Path, known: Sequence[Known]) -> list[Sample]:
    """Ask all questions, whether they would be refused or not."""
    assistant = Assistant(index)
    rater = Rater(assistant.embedder)
    return [_sample(assistant, rater, one) for one in known]


def _sample(assistant: Assistant, rater: Rater, known: Known) -> Sample:
    found = assistant.searcher.search(Query(known.question), DEPTH)
    scored = score_quotables(known.question, found.hits[:SOURCES], found.weights, rater)
    rows = [(s.near, s.share, s.headed, float(s.one.is_code)) for s in scored]
    holds = [any(answer in s.one.text for answer in known.answers) for s in scored]
    return Sample(np.array(rows, float).reshape(-1, len(NAMES)), np.array(holds, bool))


def fit(sets: Sequence[Sequence[Sample]]) -> Floats:
    """Return the weights that make the answers likeliest, every set counting alike."""
    known = [[s for s in one if s.holds.any()] for one in sets]

    def loss(weights: Floats) -> float:
        total = _RIDGE * float(weights @ weights)
        for one in known:
            for sample in one:
                scores = sample.features @ weights
                total += float(_log_sum(scores) - _log_sum(scores[sample.holds])) / len(one)
        return total

    fitted: Floats = minimize(loss, 20 * USED, method="L-BFGS-B").x
    return fitted


def first_holds(some: Sequence[Sample], weights: Floats) -> float:
    """Return in what percentage of the questions the best quotable holds the answer."""
    hits = [s.holds[(s.features @ weights).argmax()] for s in some if len(s.holds)]
    return round(100 * float(np.sum(hits)) / len(some), 1)


def _log_sum(scores: Floats) -> float:
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))


def read_sets(shared: Path, work: Path, most: int) -> dict[str, tuple[Path, list[Known]]]:
    """Return the halves of each set, with the index that they are asked of."""
    sets = {}
    for asked, said in DIRECTIONS:
        articles = read_published(shared / "bench" / "xquad-answers", asked, said)
        for half, name in enumerate(("tune", "held")):
            known = [one for n, own in enumerate(articles) if n % 2 == half for one in own]
            drawn = np.random.default_rng(half).permutation(len(known))[:most]
            sets[f"{asked} asks {said}, {name}"] = (
                work / f"xquad-{said}.index",
                [known[i] for i in drawn],
            )
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    for name in ("tune", "held"):
        own = [Known(r["question"], tuple(r["answers"])) for r in rows if r["split"] == name]
        sets[f"notes, {name}"] = (work / "vaults.index", own)
    return sets


def main() -> None:
    shared, work = map(Path, sys.argv[1:3])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else QUESTIONS
    sets = read_sets(shared, work, most)
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        done = pool.map(samples, *zip(*sets.values(), strict=True))
        found: Mapping[str, list[Sample]] = dict(zip(sets, done, strict=True))
    fitted = fit([found[name] for name in found if name.endswith("tune")])
    ratios = fitted / fitted[0]
    print("fitted  " + "  ".join(f"{n} {r:.2f}" for n, r in zip(NAMES, ratios, strict=True)))
    print("used    " + "  ".join(f"{n} {r:.2f}" for n, r in zip(NAMES, USED, strict=True)))
    near = np.array([1.0, 0, 0, 0])
    for name, some in found.items():
        used, best, alone = (first_holds(some, weights) for weights in (USED, fitted, near))
        print(f"{name:>20}  used {used}  fitted {best}  nearness alone {alone}  of {len(some)}")


if __name__ == "__main__":
    main()
