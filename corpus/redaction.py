"""A file's text with only some of its notes.

Nothing is cut out: what may be seen is put together. That is the notes' own lines, the headings
that they stand under, the header of a table of which a row stays, and the front matter. Whatever
belongs to no note is left out.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import yaml

from corpus.blocks import Block, Shape, read_blocks
from corpus.document import MARKDOWN_SUFFIXES, Document
from corpus.front_matter import read_front_matter
from corpus.hidden import without_hidden
from corpus.lines import LineIndex
from corpus.note import Note
from corpus.roles import ROLES, Roles

_RULE = "***"
"""Never the line under a heading, never the fence of front matter."""
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_YAML_COMMENT = re.compile(r"(?:^|\s)#", re.M)


@dataclass(frozen=True, slots=True)
class Redacted:
    """`text` is what may be seen; `hidden` counts comments and unused definitions left out of it."""

    text: str
    hidden: int


class InseparableError(Exception):
    """What may be seen of a file cannot be told apart from what may not."""


def redact(document: Document, public: Collection[Note], roles: Roles = ROLES) -> Redacted:
    """Return the text with the `public` ones of the document's notes.

    Raises InseparableError where the front matter cannot be freed of its comments.
    """
    text = document.text
    if len(public) < len(document.notes):
        text = _Selection(document, public, roles).text()
    if PurePosixPath(document.path).suffix.lower() not in MARKDOWN_SUFFIXES:
        return Redacted(text, 0)
    end = read_front_matter(text, roles).end
    text, hidden = without_hidden(text, end)
    if _YAML_COMMENT.search(text[:end]):
        text, hidden = _without_yaml_comments(text, end, roles), hidden + 1
    return Redacted(text, hidden)


def _without_yaml_comments(text: str, end: int, roles: Roles) -> str:
    """Write the front matter anew; a `#` within a value stays."""
    lines = text[:end].removeprefix("\ufeff").rstrip().splitlines()
    values = yaml.load("\n".join(lines[1:-1]), Loader=yaml.BaseLoader)
    said = yaml.safe_dump(values, allow_unicode=True, sort_keys=False) if values else ""
    written = f"---\n{said}---\n{text[end:]}"
    before, after = read_front_matter(text, roles), read_front_matter(written, roles)
    if replace(before, end=0) != replace(after, end=0):
        raise InseparableError
    return written


class _Selection:
    def __init__(self, document: Document, public: Collection[Note], roles: Roles) -> None:
        self.lines = LineIndex(document.text)
        self.is_markdown = PurePosixPath(document.path).suffix.lower() in MARKDOWN_SUFFIXES
        self.end = read_front_matter(document.text, roles).end if self.is_markdown else 0
        self.public = sorted(public, key=lambda note: note.span)
        shown = {note.span for note in public}
        self.private = [note for note in document.notes if note.span not in shown]

    def text(self) -> str:
        """Put together the lines that may be seen; where something is left out, a blank line."""
        kept, tables = self._kept(), dict[int, int]()
        rules, headings = set[int](), set[int]()
        for block in self._blocks():
            if block.shape is Shape.HEADING:
                headings.add(block.first)
            elif block.shape is Shape.TABLE:
                tables.update(dict.fromkeys(range(block.first, block.own_stop), block.first))
            if block.shape in (Shape.RULE, Shape.TABLE) and block.first not in kept:
                rules.add(block.first)  # a table parts what is around it, too
        source, said = self.lines.source, list[str]()
        last, is_parted = -1, False
        for number in range(len(self.lines)):
            is_parted |= number in rules and last >= self._first()
            if number not in kept:
                continue
            is_same_table = last in tables and tables.get(number) == tables[last]
            if last >= 0 and number > last + 1 and not is_same_table:
                said.append("\n")
            if is_parted and number not in headings:
                said.append(f"{_RULE}\n\n")
            line = source[self.lines.start(number) : self.lines.start(number + 1)]
            said.append(line if line.endswith(("\n", "\r")) else line + "\n")
            last, is_parted = number, False
        return "".join(said)

    def _blocks(self) -> list[Block]:
        return read_blocks(self.lines, self.lines.line_at(self.end)) if self.is_markdown else []

    def _kept(self) -> set[int]:
        """Return the 0-based lines that may be seen."""
        own = {line for note in self.public for line in _lines(note)}
        own -= {line for note in self.private for line in _lines(note)}
        return own | set(self._around()) | set(range(self._first()))

    def _first(self) -> int:
        return self.lines.line_at(self.end) if self.end else 0

    def _around(self) -> Iterator[int]:
        """Yield the lines of headings over public notes, and of headers of public rows."""
        blocks, starts = self._blocks(), [self._body(note) for note in self.public]
        stack: list[Block] = []
        at = 0
        for here, block in enumerate(blocks):
            if block.shape is Shape.HEADING:
                stack = [one for one in stack if one.level < block.level] + [block]
            stop = blocks[here + 1].first if here + 1 < len(blocks) else len(self.lines)
            if at < len(starts) and starts[at] < stop:
                yield from (line for one in stack for line in self._heading(one))
                if block.shape is Shape.TABLE and starts[at] < block.own_stop:
                    yield from (block.first, block.first + 1)
            while at < len(starts) and starts[at] < stop:
                at += 1

    def _body(self, note: Note) -> int:
        return self.lines.line_at(note.body.start)

    def _heading(self, block: Block) -> Iterator[int]:
        """Yield a heading's own lines: a definition may follow it."""
        yield block.first
        if not self.lines.text(block.first).lstrip().startswith("#"):
            for line in range(block.first + 1, block.stop):
                yield line
                if _UNDERLINE.match(self.lines.text(line)):
                    return


def _lines(note: Note) -> range:
    return range(note.lines.first - 1, note.lines.last)
