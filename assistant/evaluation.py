"""Compare models and modes on one test: a collection in BEIR form, or the user's own notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.embedder import Embedder
from index.finding.hit import Mode
from index.keeping.store import Store
from index.measuring.comparison import interval, paired_p
from index.measuring.evaluate import Run, Trial, run_trial, trial_of
from index.measuring.own_notes import QUERIES, notes_of_folders, notes_of_index, own_test

NDCG = "ndcg@10"


@dataclass(frozen=True, slots=True)
class Part:
    """The mean nDCG of a group of queries, with its 95 % interval."""

    queries: int
    ndcg: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A model in a mode. `difference` (of nDCG) and `p` compare it to the first row, if it is not.

    `interval` is the 95 % interval of nDCG.
    """

    model: str
    run: Run
    interval: tuple[float, float]
    groups: Mapping[str, Part] = field(default_factory=dict)
    difference: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every model in every mode on one test, in the order in which they were named."""

    trial: Trial
    rows: tuple[Row, ...]


def own_trial(
    folders: Sequence[Path],
    store: Store,
    most: int = QUERIES,
    *,
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    on_progress: OnProgress = silent,
) -> Trial:
    """Return a test with at most `most` questions from the notes in `folders`, else in `store`."""
    if folders:
        return own_test(notes_of_folders(folders, roles, max_bytes, on_progress), most)
    return own_test(notes_of_index(store), most, store)


def beir_trial(folders: Sequence[Path]) -> Trial:
    """Return the test in the one folder that is named."""
    if len(folders) != 1:
        raise NotesError(
            f"{len(folders)} folders are named; a test collection is one.",
            "For your own notes, in any number of folders: notes eval --self DIR...",
        )
    return trial_of(folders[0])


def compare(
    trial: Trial,
    embedders: Mapping[str, Embedder],
    modes: Sequence[Mode],
    on_progress: OnProgress = silent,
) -> Comparison:
    """Measure each model in each mode; `embedders` maps the models' names to them."""
    runs = [
        (name, run)
        for name, embedder in embedders.items()
        for run in run_trial(trial, embedder, modes, on_progress)
    ]
    first = runs[0][1]
    return Comparison(trial, tuple(_row(name, run, first, trial.groups) for name, run in runs))


def _row(model: str, run: Run, first: Run, groups: Mapping[str, str]) -> Row:
    scores, baseline = run.scores[NDCG], first.scores[NDCG]
    is_first = run is first
    return Row(
        model=model,
        run=run,
        interval=interval(scores),
        groups={name: _part(run, groups, name) for name in sorted(set(groups.values()))},
        difference=None if is_first else run.means[NDCG] - first.means[NDCG],
        p=None if is_first else paired_p(baseline, scores),
    )


def _part(run: Run, groups: Mapping[str, str], name: str) -> Part:
    scores = run.among(NDCG, {query for query, group in groups.items() if group == name})
    return Part(len(scores), fmean(scores), interval(scores))
