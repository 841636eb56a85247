"""What `notes eval` does with its options."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.eval_json import comparison_json
from assistant.eval_terminal import show_comparison, show_failures
from assistant.evaluation import Comparison, beir_trial, compare, own_trial
from assistant.query_report import report_queries
from assistant.terminal import print_json, progress_bars
from corpus.errors import NotesError
from corpus.progress import OnProgress
from corpus.roles import Roles
from index.embedding.models import BUNDLED_NAME, load_embedder
from index.finding.hit import Mode
from index.keeping.status import model_of
from index.keeping.store import Store
from index.measuring.evaluate import Trial


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure. `modes` are names or "all", none for hybrid; `models` none for the usual.

    The usual model is the index's own for notes that are in it, else the bundled one.
    """

    folders: Sequence[Path]
    own: bool
    index: Path
    modes: Sequence[str]
    models: Sequence[str]
    queries: int
    roles: Roles
    max_bytes: int


def show_evaluation(wanted: Wanted, *, plot: Path | None, per_query: bool, as_json: bool) -> None:
    """Measure, draw the chart at `plot`, and print a table or JSON."""
    if plot is not None:
        from assistant.eval_plot import check_plot

        check_plot(plot)
    with progress_bars() as on_progress:
        comparison = _measure(wanted, on_progress)
    if plot is not None:
        from assistant.eval_plot import save_plot

        save_plot(comparison, plot)
    reports = report_queries(comparison) if per_query else None
    if as_json:
        print_json(comparison_json(comparison, reports))
        return
    show_comparison(comparison)
    if reports is not None:
        show_failures(reports)


def _measure(wanted: Wanted, on_progress: OnProgress) -> Comparison:
    trial = _trial(wanted, on_progress)
    names = list(dict.fromkeys(wanted.models)) or [_usual_model(wanted)]
    embedders = {name: load_embedder(name) for name in names}  # a wrong name is told at once
    modes = list(Mode) if "all" in wanted.modes else [Mode(name) for name in wanted.modes]
    return compare(trial, embedders, list(dict.fromkeys(modes)) or [Mode.HYBRID], on_progress)


def _trial(wanted: Wanted, on_progress: OnProgress) -> Trial:
    if not wanted.own:
        return beir_trial(wanted.folders)
    for folder in wanted.folders:
        if not folder.expanduser().exists():
            raise NotesError(
                f"There is no file or folder {folder}.",
                "Check the path, or give the folder that holds your notes.",
            )
    return own_trial(
        wanted.folders,
        Store(wanted.index),
        wanted.queries,
        roles=wanted.roles,
        max_bytes=wanted.max_bytes,
        on_progress=on_progress,
    )


def _usual_model(wanted: Wanted) -> str:
    is_indexed = wanted.own and not wanted.folders
    return model_of(Store(wanted.index)) if is_indexed else BUNDLED_NAME
