"""How commands speak to a person: results on stdout, all else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from assistant.answering.ending import Ending
from assistant.remarks import notices_of, problems_of
from assistant.visible import as_markup
from corpus.progress import OnProgress, Progress
from index.finding.hit import Freshness, Hit
from index.finding.search import Found

if TYPE_CHECKING:  # a search needs none of them
    from assistant.answering.answer import Answer
    from assistant.doctor import Treatment
    from assistant.generation.endpoint import Endpoint
    from index.doctor.diagnosis import Diagnosis
    from index.keeping.staleness import Staleness
    from index.keeping.status import Status
    from index.keeping.update import Update

_SHOWN = 12
_STALE = {
    Freshness.CHANGED: "  [yellow]changed since: run notes index[/yellow]",
    Freshness.UNREACHABLE: "  [yellow]its file cannot be read now[/yellow]",
}
_ENDED: Mapping[Ending | None, str] = {
    Ending.LENGTH: "The language model was cut off at its length.\n",
    Ending.STOPPED: "Stopped.\n",
}
_STEPS = {
    "read": "Reading",
    "embed": "Embedding",
    "store": "Storing",
    "search": "Searching",
    "compare": "Comparing",
}

out = Console(highlight=False, soft_wrap=True, emoji=False)  # ":x:" of a note stays
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


@contextmanager
def progress_bars() -> Iterator[OnProgress]:
    """Draw a bar for each step while the block runs."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=err, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(progress: Progress) -> None:
            if progress.step not in tasks:
                tasks[progress.step] = bars.add_task(_STEPS.get(progress.step, progress.step))
            bars.update(tasks[progress.step], completed=progress.done, total=progress.total)

        yield show


def say_update(update: Update) -> None:
    """Say what an update did, and name what was skipped."""
    err.print(
        f"{_number(update.notes, 'note')} of {_number(update.files, 'file')}: {update.added} added, "
        f"{update.changed} changed, {update.removed} removed, {update.unchanged} unchanged; "
        f"{update.embedded} texts embedded in {update.seconds:.1f} s."
    )
    if update.skipped:
        err.print(f"{len(update.skipped)} files were left out or are not as written:")
        for skip in update.skipped[:_SHOWN]:
            err.print(f"  {as_markup(skip.path)}: {as_markup(skip.reason)}")
        if len(update.skipped) > _SHOWN:
            err.print(f"  … and {len(update.skipped) - _SHOWN} more (all of them with --json)")
    if update.store_problem:
        err.print(as_markup(update.store_problem))
    if not update.files:
        err.print("No notes were found: looked for .md, .markdown, .txt and the like.")


def say_waiting(holder: str) -> None:
    """Say whom an update waits for."""
    err.print(f"Waiting for {as_markup(holder)} to finish its update (Ctrl-C stops waiting) …")


def say_watching(problem: str) -> None:
    """Say what keeps the app from following the notes; nothing for ""."""
    if problem:
        err.print(as_markup(problem))


def say_problems(found: Found) -> None:
    """Say how the filters were taken, and whether the reranker was too slow."""
    for said in (*problems_of(found.query, "en"), *notices_of(found.query, "en")):
        err.print(as_markup(said))
    say_overdue(found.overdue)


def say_overdue(seconds: float | None) -> None:
    """Say that the reranker did not finish within `seconds`; nothing for None."""
    if seconds is not None:
        err.print(
            f"The reranker did not finish within {seconds:g} s; these are the results without it. "
            "Allow more with --reranker-seconds."
        )


def show_hits(found: Found) -> None:
    """Print hits for a reader."""
    if not found.hits:
        err.print("Nothing found.")
    for hit in found.hits:
        _show_hit(hit, hit.rank)


def _show_hit(hit: Hit, number: int) -> None:
    note = hit.note
    labels = [note.meta[key] for key in note.columns if key not in ("number",)]
    about = " · ".join([note.kind.value, *labels])
    out.print(f"[bold]{number}. {as_markup(note.title)}[/bold]  [dim]{as_markup(about)}[/dim]")
    stale = _STALE.get(hit.freshness, "")
    out.print(f"   [cyan]{as_markup(_place(hit))}[/cyan]  [dim]{hit.score:.2f}[/dim]{stale}")
    text = " ".join(hit.passage_text.split())
    out.print(f"   {as_markup(text if len(text) <= 240 else text[:239] + '…')}\n")


def _place(hit: Hit) -> str:
    first, last = hit.note.lines.first, hit.note.lines.last
    return f"{hit.note.path}:{first}" + (f"-{last}" if last != first else "")


def show_answers(answers: Iterable[Answer]) -> Answer:
    """Print an answer while it is written, then its sources; return it."""
    shown = ""
    for answer in answers:
        is_longer = answer.text.startswith(shown)
        if not is_longer:
            out.print()
        say_unwritten(answer.problem)
        out.print(as_markup(answer.text[len(shown) if is_longer else 0 :]), end="")
        shown = answer.text
    out.print("\n")
    for claim in answer.written.doubts if answer.written else ():
        err.print(f"[yellow]No source says this:[/yellow] {as_markup(claim.text)}")
    if answer.written:
        err.print(_ENDED.get(answer.written.ending, ""), end="")
    _show_sources(answer)
    return answer


def say_unwritten(problem: str) -> None:
    """Say why a language model did not write the answer; nothing for ""."""
    if problem:
        err.print(f"[yellow]{as_markup(problem)}[/yellow] Quoted instead:")


def say_leaving(endpoint: Endpoint) -> None:
    """Say what is sent to another machine; nothing where it stays on this one."""
    if not endpoint.is_local:
        how = "" if endpoint.url.startswith("https:") else ", and without encryption"
        err.print(
            f"Questions, and the notes that are found for them, are sent to {endpoint.host}{how}."
        )


def _show_sources(answer: Answer) -> None:
    cited = {citation.n for citation in answer.citations}
    for number, hit in enumerate(answer.sources, start=1):
        if not answer.is_answered or number in cited:
            out.print(
                f"[cyan]\\[{number}] {as_markup(_place(hit))}[/cyan]  {as_markup(hit.note.title)}"
                f"{_STALE.get(hit.freshness, '')}"
            )


def show_status(status: Status, staleness: Staleness) -> None:
    """Print what an index holds, and what has changed since its last update."""
    rows: Sequence[tuple[str, str]] = [
        ("index", status.index),
        *(("vault", f"{name} ({place})") for name, place in status.vaults.items()),
        ("files", str(status.files)),
        ("notes", _told(status.notes, status.by_kind, status.by_language)),
        ("chunks", str(status.chunks)),
        ("updated", _when(status.updated)),
        ("stale", _stale(staleness)),
        ("model", status.model),
        ("recipe", status.recipe),
        ("store", _store(status)),
        ("on disk", ", ".join(f"{k} {v / 1e6:.1f} MB" for k, v in status.bytes_on_disk.items())),
    ]
    for name, value in rows:
        out.print(f"[dim]{name:>8}[/dim]  {as_markup(value)}")
    for skip in status.skipped:
        out.print(f"[dim]{'skipped':>8}[/dim]  {as_markup(skip.path)}: {as_markup(skip.reason)}")


def _store(status: Status) -> str:
    """Say where vectors are searched, and what of a search is not done there."""
    return f"{status.store}. {status.store_remark}" if status.store_remark else status.store


def show_treatment(treatment: Treatment, folder: Path) -> None:
    """Print what was examined and found in the index in `folder`, and what was mended."""
    if treatment.update:
        _show_findings("Mended:", treatment.before)
        out.print(f"{_number(treatment.update.embedded, 'text')} had to be embedded again.")
    now = treatment.after or treatment.before
    counts = ", ".join(f"{count} {name}" for name, count in now.checked.items())
    out.print(f"Checked: {counts or 'nothing'}.")
    for remark in now.remarks:
        out.print(f"  {as_markup(remark)}")
    if now.findings:
        _show_findings("Wrong:", now)
        err.print(as_markup(f"Mend it with: notes doctor --mend --index {folder}"))
    else:
        out.print("The index is sound.")


def _show_findings(title: str, diagnosis: Diagnosis) -> None:
    out.print(title)
    for finding in diagnosis.findings:
        out.print(f"  {as_markup(finding)}")


def _when(updated: int) -> str:
    return (
        f"{datetime.fromtimestamp(updated).astimezone():%Y-%m-%d %H:%M:%S}" if updated else "never"
    )


def _stale(staleness: Staleness) -> str:
    if staleness.is_current:
        return "nothing: the index knows the notes as they are"
    told = [
        f"{count} {name}"
        for name, count in (
            ("new", staleness.new),
            ("changed", staleness.changed),
            ("gone", staleness.gone),
        )
        if count
    ]
    told += [f"{place} is not there" for place in staleness.missing]
    return ", ".join(told) + " (bring it up to date: notes index)"


def _told(count: int, *parts: Mapping[str, int]) -> str:
    told = "; ".join(_counts(part) for part in parts)
    return f"{count}  ({told})" if count else "0"


def _number(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _counts(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in numbers.items())
