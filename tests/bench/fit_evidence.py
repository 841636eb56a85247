"""Fit the probability that the notes hold an answer; prints the coefficients and how good they are.

    python -m tests.bench.fit_evidence ../shared/bench KEPT [--model MODEL SET ...]

KEPT is a folder for indexes and for what searches saw; delete its *.evidence.jsonl to search again.
Half of each set's questions fit, the other half tests; then each set is tested by a fit on the
others ("left out"; sets of the same text asked in the same language leave together). With --model
nothing is fitted: another model's searches are judged by the shipped coefficients, with the model's
cosines brought to the bundled model's scale and without.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index.embedding.models import load_embedder
from index.finding.evidence import THRESHOLD, Evidence
from tests.bench.evidence_rows import NOTES, SETS, Row, family, read_sets, rows_of

SHARES = {"answerable": 1.0, "hard": 0.05, "easy": 0.3, "keywords": 0.05, "own": 0.0}
"""What a class of questions weighs in a set: people mostly ask what is in their notes."""

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Table:
    """Rows as arrays. `weights` counts every set alike, its classes by SHARES."""

    def __init__(self, rows: Sequence[Row], evidence: Sequence[Evidence]) -> None:
        self.features = np.array([saw.features for saw in evidence])
        self.names = np.array([row.name for row in rows])
        self.labels = np.array([row.label for row in rows])
        self.is_fitted = np.array([row.is_fitted for row in rows])
        self.is_found = np.array([row.is_found for row in rows])
        self.is_answerable = self.labels == "answerable"
        self.weights = np.zeros(len(rows))
        for name, label in {(row.name, row.label) for row in rows}:
            mine = (self.names == name) & (self.labels == label)
            self.weights[mine] = SHARES[label] / mine.sum()

    def fit(self, mask: Mask) -> LogisticRegression:
        """Fit on the rows of `mask`."""
        scaled = self.weights[mask] * mask.sum() / self.weights[mask].sum()
        model = LogisticRegression(C=100.0, max_iter=5000)
        return model.fit(self.features[mask], self.is_answerable[mask], sample_weight=scaled)

    def left_out(self) -> Numbers:
        """Return each row's probability by a fit without its set."""
        probability = np.zeros(len(self.names))
        for name in set(self.names):
            away = np.array([_leaves_with(str(other), str(name)) for other in self.names])
            mine = self.names == name
            probability[mine] = self.fit(~away).predict_proba(self.features[mine])[:, 1]
        return probability


def main() -> None:
    bench, kept, *rest = sys.argv[1:]
    sets = read_sets(Path(bench))
    model, names = (rest[1], rest[2:]) if rest[:1] == ["--model"] else (None, list(SETS))
    embedder = load_embedder(model)
    rows: list[Row] = []
    for name in names:
        rows += rows_of(name, sets, Path(kept), embedder)
        print(name, "done", file=sys.stderr)
    if model:
        for title, evidence in (
            ("scaled", [row.evidence for row in rows]),
            ("as is", [row.unscaled for row in rows]),
        ):
            probability = np.array([saw.probability for saw in evidence])
            report(title, Table(rows, evidence), probability, np.ones(len(rows), bool))
        return
    table = Table(rows, [row.evidence for row in rows])
    fitted = table.fit(table.is_fitted)
    print("bias", round(float(fitted.intercept_[0]), 3))
    print("weights", [round(float(w), 3) for w in fitted.coef_[0]])
    probability = fitted.predict_proba(table.features)[:, 1]
    held = ~table.is_fitted
    report("held-out half", table, probability, held)
    calibration(table, probability, held)
    left_out = table.left_out()
    report("left out", table, left_out, np.ones(len(rows), bool))
    calibration(table, left_out, np.ones(len(rows), bool))


def _leaves_with(name: str, left_out: str) -> bool:
    if name in NOTES or left_out in NOTES:
        return name == left_out
    return family(name) == family(left_out) and name.split("-")[1:] == left_out.split("-")[1:]


def report(title: str, table: Table, probability: Numbers, mask: Mask) -> None:
    """Print each set's figures, in percent at the threshold, and their means.

    "refused*" is of the questions whose note is among the first.
    """
    columns = ("AUROC", "refused", "refused*", *list(SHARES)[1:])
    print(f"\n{title:17}" + "".join(f"{column:>10}" for column in columns))
    figures = {}
    for name in dict.fromkeys(table.names.tolist()):
        part = {
            label: probability[mask & (table.names == name) & (table.labels == label)]
            for label in SHARES
        }
        found = mask & (table.names == name) & table.is_found
        figures[name] = _figures(part, probability[found])
        print(f"{name:17}" + "".join(f"{value:10.3f}" for value in figures[name]))
    groups: dict[str, list[str]] = {"within": [], "across": [], "all": list(figures)}
    for name in figures:
        groups["across" if name.endswith(("en-zh", "zh-en")) else "within"].append(name)
    for group, members in groups.items():
        if members:
            means = [_mean(column) for column in zip(*(figures[n] for n in members), strict=True)]
            print(f"mean {group:12}" + "".join(f"{value:10.3f}" for value in means))
    print(json.dumps({title: {name: list(map(str, row)) for name, row in figures.items()}}))


def _mean(column: Sequence[float]) -> float:
    """Return the mean over the sets that have such questions."""
    values = [value for value in column if not np.isnan(value)]
    return float(np.mean(values)) if values else float("nan")


def _figures(part: dict[str, Numbers], found: Numbers) -> list[float]:
    answerable, easy = part["answerable"], part["easy"]
    truth = [1] * len(answerable) + [0] * len(easy)
    auroc = float(roc_auc_score(truth, np.concatenate([answerable, easy])))
    answered = [
        100 * float((part[label] >= THRESHOLD).mean()) if len(part[label]) else float("nan")
        for label in SHARES
        if label != "answerable"
    ]
    refused = [100 * float((asked < THRESHOLD).mean()) for asked in (answerable, found)]
    return [auroc, *refused, *answered]


def calibration(table: Table, probability: Numbers, mask: Mask) -> None:
    """Print what was said and what was so, by tenths, each row by its weight, and the mean gap."""
    weights = np.where(mask, table.weights, 0.0)
    gap = 0.0
    print(f"\n{'said':>8}{'was so':>8}{'weight':>8}")
    for tenth in range(10):
        mine = (np.minimum(probability * 10, 9).astype(int) == tenth) & (weights > 0)
        share = weights[mine].sum() / weights.sum()
        if not mine.any():
            continue
        said = float(np.average(probability[mine], weights=weights[mine]))
        was = float(np.average(table.is_answerable[mine], weights=weights[mine]))
        gap += share * abs(said - was)
        print(f"{said:8.3f}{was:8.3f}{share:8.3f}")
    brier = float(np.average((probability - table.is_answerable) ** 2, weights=weights))
    print(f"expected calibration error {gap:.3f}, Brier score {brier:.3f}")


if __name__ == "__main__":
    main()
