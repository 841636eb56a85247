"""A bar chart of a comparison, with 95 % intervals, as a PNG file."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from assistant.evaluation import NDCG, Comparison, Part, Row
from corpus.errors import NotesError

_DPI = 150
_ALL = "all"


def check_plot(file: Path) -> None:
    """Raise NotesError if the chart could not be written there; asked before anything is run."""
    if file.suffix.lower() != ".png":
        raise NotesError(f"{file} is no name for a PNG file.", "Let it end in .png.")
    if not file.expanduser().parent.is_dir():
        raise NotesError(f"There is no folder {file.parent}.", "Make it, or name another file.")


def save_plot(comparison: Comparison, file: Path) -> None:
    """Draw the mean nDCG of every run, and of each group of queries where there are groups."""
    rows = comparison.rows
    names = [_ALL, *rows[0].groups]
    figure = Figure(figsize=(max(4.5, 0.9 + 0.45 * len(rows) * (len(names) + 1)), 4.2))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for at, name in enumerate(names):
        _draw_bars(axes, [_part(row, name) for row in rows], name, at, len(names))
    axes.set_xticks(range(len(rows)), _labels(rows))
    axes.set_ylabel("mean nDCG@10, 95 % interval")
    axes.set_ylim(0, 1.05)
    axes.set_axisbelow(True)
    axes.grid(axis="y", alpha=0.3)
    axes.set_title(f"{len(rows[0].run.rankings)} queries")
    if len(names) > 1:
        figure.legend(loc="outside right upper", frameon=False)
    figure.set_layout_engine("constrained")
    try:
        figure.savefig(file.expanduser(), format="png", dpi=_DPI)
    except OSError as error:
        raise NotesError(f"{file} cannot be written: {error.strerror}.", "Name another.") from error


def _draw_bars(axes: Axes, parts: list[Part], name: str, at: int, groups: int) -> None:
    width = 0.8 / groups
    places = [run + (at - (groups - 1) / 2) * width for run in range(len(parts))]
    means = [part.ndcg for part in parts]
    below = [max(part.ndcg - part.interval[0], 0.0) for part in parts]
    above = [max(part.interval[1] - part.ndcg, 0.0) for part in parts]
    label = f"{name} ({parts[0].queries})"
    axes.bar(places, means, width * 0.92, yerr=[below, above], capsize=3, label=label)


def _part(row: Row, name: str) -> Part:
    if name == _ALL:
        return Part(len(row.run.rankings), row.run.means[NDCG], row.interval)
    return row.groups[name]


def _labels(rows: tuple[Row, ...]) -> list[str]:
    """Return mode and model of each run; a name that the chart's font lacks becomes a number."""
    models = list(dict.fromkeys(row.model for row in rows))
    told = {
        model: _short(model) if model.isascii() else f"model {number}"
        for number, model in enumerate(models, start=1)
    }
    if len(models) == 1:
        return [row.run.mode.value for row in rows]
    return [f"{row.run.mode.value}\n{told[row.model]}" for row in rows]


def _short(model: str) -> str:
    """Return the end of a long name: a folder's own name tells more than where it is."""
    return model if len(model) <= 24 else "..." + model[-21:]
