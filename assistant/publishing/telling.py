"""What was published and what stays private, for a reader and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from assistant.publishing.published import Kept, Published
from assistant.terminal import err, out
from assistant.visible import as_markup

_SHOWN = 8
"""Lines of a list that a person is shown; JSON has all."""


def tell_published(published: Published) -> None:
    """Print what goes out on stdout, and what stays and why; warnings on stderr."""
    what = "Published to" if published.is_written else "Would be published to"
    size = f", {published.bytes / 1e6:.1f} MB" if published.is_written else ""
    out.print(
        f"{what} {as_markup(published.place)}: {_number(published.notes, 'note')} of "
        f"{_number(published.files, 'file')}{size}."
    )
    _tell_private(published.private)
    _tell_rest(published)
    for mention in published.mentions[:_SHOWN]:
        place = as_markup(f"{mention.path}:{mention.line}")
        err.print(f"[yellow]{place} names {as_markup(mention.private)}, which stays.[/yellow]")
    _tell_more(err, len(published.mentions))
    for warning in published.warnings:
        err.print(f"[yellow]{as_markup(warning)}[/yellow]")


def published_json(published: Published) -> dict[str, Any]:
    """Counts and lists; `lines` of a private note is null where all of its file stays."""
    told = asdict(published)
    told["private"] = [_kept_json(kept) for kept in published.private]
    return told


def _kept_json(kept: Kept) -> dict[str, Any]:
    lines = [kept.lines.first, kept.lines.last] if kept.lines else None
    return {**asdict(kept), "why": kept.why.value, "lines": lines}


def _tell_private(private: Sequence[Kept]) -> None:
    def why(kept: Kept) -> tuple[str, str]:
        return kept.why.value, kept.reason

    if not private:
        out.print("Nothing stays private.")
    for (kind, reason), group in groupby(sorted(private, key=why), why):
        kept = list(group)
        notes = sum(one.notes for one in kept)
        about = f"{kind}: {reason}" if reason else kind
        out.print(f"Stays, {as_markup(about)} ({_number(notes, 'note')}):")
        for one in kept[:_SHOWN]:
            place = f"{one.path}:{one.lines.first}" if one.lines else one.path
            out.print(f"  {as_markup(place)}")
        _tell_more(out, len(kept))


def _tell_rest(published: Published) -> None:
    if published.hidden:
        places = "place was" if published.hidden == 1 else "places were"
        out.print(
            f"{published.hidden} {places} left out that readers do not see: comments, unused "
            "definitions of links."
        )
    others = sum(published.others.values())
    if others:
        out.print(f"{_number(others, 'file')} that are no notes (images, say) did not go out.")
    if published.unread:
        out.print(f"{_number(len(published.unread), 'file')} could not be read as notes:")
        for skip in published.unread[:_SHOWN]:
            out.print(f"  {as_markup(skip.path)}: {as_markup(skip.reason)}")
        _tell_more(out, len(published.unread))


def _tell_more(console: Any, count: int) -> None:
    if count > _SHOWN:
        console.print(f"  … and {count - _SHOWN} more (--json has all)")


def _number(count: int, name: str) -> str:
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"
