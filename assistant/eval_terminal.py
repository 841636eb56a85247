"""`notes eval` for a reader: a table with a line for each run, and the queries that failed."""

from collections.abc import Sequence

from rich.cells import cell_len

from assistant.evaluation import Comparison, Row
from assistant.query_report import Outcome, QueryReport
from assistant.terminal import err, out
from assistant.visible import as_markup

_SHOWN = 20
_NAMES = 2
"""Columns that hold names and are set to the left."""


def show_comparison(comparison: Comparison) -> None:
    """Print the table and what it rests on."""
    rows, trial = comparison.rows, comparison.trial
    groups = rows[0].groups
    made_of = ", ".join(f"{part.queries} by {name}" for name, part in groups.items())
    out.print(
        f"{len(rows[0].run.rankings)} queries{f' ({made_of})' if made_of else ''},"
        f" {len(trial.collection.documents)} documents\n"
    )
    head = ["model", "mode", "nDCG@10", "95 % interval", "recall@10", "MRR@10"]
    head += [f"nDCG {name}" for name in groups]
    head += ["difference", "p"] if len(rows) > 1 else []
    head += ["seconds"]
    _print_table([head, *(_cells(row, len(rows) > 1) for row in rows)])
    if len(rows) > 1:
        out.print(
            "\n[dim]difference: of nDCG to the first line; p: how often chance alone would make it "
            "as large (paired randomization test); seconds: to index + to search[/dim]"
        )


def _cells(row: Row, is_compared: bool) -> list[str]:
    low, high = row.interval
    ndcg, recall, mrr = row.run.means.values()
    cells = [row.model, row.run.mode.value]
    cells += [f"{ndcg:.3f}", f"{low:.3f} – {high:.3f}", f"{recall:.3f}", f"{mrr:.3f}"]
    cells += [f"{part.ndcg:.3f}" for part in row.groups.values()]
    if is_compared:
        cells.append("" if row.difference is None else f"{row.difference:+.3f}")
        cells.append("" if row.p is None else f"{row.p:.4f}")
    return [*cells, f"{row.run.index_seconds:.1f} + {row.run.search_seconds:.1f}"]


def _print_table(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for number, line in enumerate(lines):
        cells = [
            f"{cell}{_pad(cell, width)}" if at < _NAMES else f"{_pad(cell, width)}{cell}"
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        text = as_markup("  ".join(cells).rstrip())
        out.print(text if number else f"[bold]{text}[/bold]")


def _pad(cell: str, width: int) -> str:
    return " " * (width - cell_len(cell))


def show_failures(reports: Sequence[QueryReport]) -> None:
    """Print the queries for which some run did not put the right document first, worst first."""
    failed = [report for report in reports if any(one.rank != 1 for one in report.outcomes)]
    out.print(f"\n{len(failed)} of {len(reports)} queries did not find the right document first.")
    for report in failed[:_SHOWN]:
        _show_failure(report)
    if len(failed) > _SHOWN:
        err.print(f"… and {len(failed) - _SHOWN} more (all of them with --json)")


def _show_failure(report: QueryReport) -> None:
    group = f" [dim]by {as_markup(report.group)}[/dim]" if report.group else ""
    out.print(f"\n[bold]{as_markup(report.query)}[/bold]{group}  [dim]nDCG {report.ndcg:.2f}[/dim]")
    for told in report.expected[:3]:
        out.print(f"  wanted  [cyan]{as_markup(told.id)}[/cyan]  {as_markup(told.words)}")
    models = len({outcome.row.model for outcome in report.outcomes})
    for outcome in report.outcomes:
        name = outcome.row.run.mode.value
        out.print(_outcome(outcome, f"{outcome.row.model} {name}" if models > 1 else name))


def _outcome(outcome: Outcome, name: str) -> str:
    rank = "not in the first 10" if outcome.rank is None else f"at rank {outcome.rank}"
    text = f"  {as_markup(name)}: {rank}"
    if outcome.rank != 1 and outcome.first:
        first = outcome.first
        text += f"; first came [cyan]{as_markup(first.id)}[/cyan]  {as_markup(first.words)}"
    return text
