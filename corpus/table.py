"""Rows of a Markdown table: each is a note."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.lines import LineIndex
from corpus.note import Span
from corpus.roles import CONTENT, ROLES, TAGS, Roles, role_of
from corpus.words import plain_words


@dataclass(frozen=True, slots=True)
class Row:
    """`span` runs from the row's first to its last visible character.

    `content` is the content column's cell, or the whole row where no column has that role.
    `cells` maps a column's role (or its own name) to the cell's text, empty cells left out.
    """

    span: Span
    content: Span
    cells: dict[str, str]
    tags: tuple[str, ...]


def split_cells(source: str, span: Span) -> list[Span]:
    r"""Return the trimmed cells of the row at `span`.

    As GFM has it: a `|` parts cells unless a backslash escapes it, in code too; the outer ones
    may be absent. https://github.github.com/gfm/#tables-extension-
    """
    bars = [
        at
        for at in range(span.start, span.end)
        if source[at] == "|" and not (at > span.start and source[at - 1] == "\\")
    ]
    edges = [span.start - 1, *bars, span.end]
    cells = [_trimmed(source, left + 1, right) for left, right in pairwise(edges)]
    if bars and bars[0] == span.start:
        del cells[0]
    if bars and bars[-1] == span.end - 1 and cells:
        del cells[-1]
    return cells


def _trimmed(source: str, start: int, end: int) -> Span:
    while start < end and source[start].isspace():
        start += 1
    while end > start and source[end - 1].isspace():
        end -= 1
    return Span(start, end)


def read_rows(lines: LineIndex, first: int, stop: int, roles: Roles = ROLES) -> Iterator[Row]:
    """Yield the rows of the table in 0-based lines `first` to `stop`: header, rule, then rows."""
    source = lines.source
    header = split_cells(source, _line_span(lines, first))
    columns = _columns([cell.of(source) for cell in header], roles)
    for number in range(first + 2, stop):
        span = _line_span(lines, number)
        cells = split_cells(source, span)
        if any(cell.start < cell.end for cell in cells):
            yield _row(source, span, cells, columns)


def _line_span(lines: LineIndex, number: int) -> Span:
    start = lines.start(number)
    return _trimmed(lines.source, start, start + len(lines.text(number)))


def _columns(header: list[str], roles: Roles) -> list[str]:
    """Return a role, or the column's own name, for each column; no key twice."""
    keys: list[str] = []
    for number, name in enumerate(header, start=1):
        own = plain_words(name) or f"column {number}"
        role = role_of(name, roles)
        key = role if role and role not in keys else own
        keys.append(key if key not in keys else f"{own} {number}")
    return keys


def _row(source: str, span: Span, cells: list[Span], columns: list[str]) -> Row:
    content = span
    texts: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    for number, cell in enumerate(cells):
        key = columns[number] if number < len(columns) else f"column {number + 1}"
        text = cell.of(source).replace("\\|", "|")
        if not text:
            continue
        if key == CONTENT:
            content = cell
        elif key == TAGS:
            tags = tuple(part.lstrip("#") for part in text.replace(",", " ").split())
        else:
            texts[key] = text
    return Row(span, content, texts, tags)
