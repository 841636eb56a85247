"""What of a file did its author mark as private: all of it, some rows of its tables, nothing?

Front matter, tags and `key:: value` fields speak for the whole file, as an inline tag does in
Obsidian; in a row of a table, and in its columns, they speak for that row. Code says nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import yaml

from corpus.blocks import Shape, read_blocks
from corpus.document import MARKDOWN_SUFFIXES, Document
from corpus.front_matter import read_front_matter
from corpus.lines import LineIndex
from corpus.note import Kind, Note, Span
from corpus.privacy_signs import signs_in, speaks
from corpus.private_words import KEYS, PRIVATE_TAGS, folded, is_private_tag, keeps_back, key_of
from corpus.prose import Prose, prose_of, prose_of_line
from corpus.roles import ROLES, TAGS, TYPE, Roles, role_of
from corpus.table import split_cells
from corpus.words import plain_words

_TAG = re.compile(r"(?<![A-Za-z0-9_/&?=%#＃])[#＃]([^\W\d_][\w/-]*)")
_FIELD = re.compile(
    r"(?:^|[\[(（\s>*+-])([^\s\[\](){}:：|]{2,24})\s*(?:::|：：)[ \t]*([^\n\])）|]*)", re.M
)
_SAID = re.compile(
    r"^[\s>*+\-\"'{,]*([^\s:=：\"']{2,24})[\"']?\s*(?:::?|=|：)[ \t]*(.*?)[ \t,}]*$", re.M
)
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_FENCED = re.compile(
    r"\s*(?P<fence>---|\+\+\+|;;;|\{)[^\n]*\n(?P<said>.*?)(?:^(?:---|\.\.\.|\+\+\+|;;;|\})[ \t]*$|\Z)",
    re.S | re.M,
)
_PARTS = re.compile(r"[\s,，、;；|\[\]\"']+")
_SHOWN = 5
_HEAD = 2000
"""Characters of a file in which a head that is not closed may stand."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """`whole` says why all of a file is private, "" if it is not; `rows` why single rows are."""

    whole: str = ""
    rows: Mapping[Span, str] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether nothing of it is private."""
        return not self.whole and not self.rows


def read_privacy(
    document: Document, roles: Roles = ROLES, tags: Sequence[str] = PRIVATE_TAGS
) -> Privacy:
    """Find out what of a file is private. `tags` are those that make it so."""
    tags = tuple(folded(tag).strip("#＃/ ") for tag in tags)
    return _Reading(document, roles, tags).privacy()


class _Reading:
    def __init__(self, document: Document, roles: Roles, tags: tuple[str, ...]) -> None:
        self.document, self.roles, self.tags = document, roles, tags
        self.source = document.text
        suffix = PurePosixPath(document.path).suffix.lower()
        self.is_markdown = suffix in MARKDOWN_SUFFIXES
        front = read_front_matter(self.source, roles) if self.is_markdown else None
        self.end = front.end if front else 0
        self.problem = front.problem if front else ""
        self.front_tags = front.tags if front else ()
        self.signs = signs_in(self.source, roles, tags)

    def privacy(self) -> Privacy:
        """Parse the file only where something in it looks like a mark: a few files do."""
        whole = next((reason for reason in self._head() if reason), "")
        if whole or not (self.signs.in_text or self.signs.in_columns):
            return Privacy(whole)
        whole = next((reason for reason in self._whole() if reason), "")
        if whole or not self.is_markdown:
            return Privacy(whole)
        rows = [note for note in self.document.notes if note.kind is Kind.ROW]
        columns = self._columns() if rows and self.signs.in_columns else {}
        found = {note.span: self._row(note, columns.get(note.lines.first, {})) for note in rows}
        return Privacy("", {span: reason for span, reason in found.items() if reason})

    def _whole(self) -> Iterator[str]:
        if not self.is_markdown:
            yield self._spoken(Prose(0, self.source), 1)
            return
        first = LineIndex(self.source).line_at(self.end) + 1
        for prose in prose_of(self.source[self.end :].removeprefix("\ufeff")):
            yield self._spoken(prose, first)
            if prose.is_nested_header and key_of(plain_words(prose.text)) in KEYS:
                yield f"a table within a list or a quote has a column “{prose.text.strip()}”"

    def _spoken(self, prose: Prose, first: int) -> str:
        where = f"line {first + prose.line}"
        for tag in _TAG.findall(prose.text):
            if is_private_tag(tag, self.tags):
                return f"tag #{tag} ({where})"
        return self._fields(prose.text, where)

    def _fields(self, text: str, where: str) -> str:
        for match in _FIELD.finditer(text):
            if keeps_back(match[1], match[2]):
                return f"“{match[1]}:: {match[2].strip()}” ({where})"
        return ""

    def _head(self) -> Iterator[str]:
        """Front matter as YAML, then its lines as they stand; other heads as lines alone."""
        for tag in self.front_tags:
            yield f"tag {tag} in its front matter" if is_private_tag(tag, self.tags) else ""
        if self.end:
            raw = self.source[: self.end]
            yield from self._values(_parsed(raw))
            yield from self._lines(raw)
            return
        source = self.source.replace("\r\n", "\n").replace("\r", "\n")
        match = _FENCED.match(source.lstrip("\ufeff"))
        if match:
            raw = match["said"] if match.end() < _HEAD * 10 else match["said"][:_HEAD]
            yield from self._lines(raw)
            if self.problem and self._mentions(raw):
                yield f"its front matter cannot be read, and speaks of privacy: {self.problem}"
        else:
            block = source.lstrip().partition("\n\n")[0][:_HEAD]
            if all(_SAID.match(line) for line in block.splitlines() if line.strip()):
                yield from self._lines(block)  # MultiMarkdown's head has no fence

    def _values(self, value: object, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from self._values(inner, str(name))
        elif isinstance(value, list):
            for inner in value:
                yield from self._values(inner, key)
        elif key:
            yield self._said(key, "" if value is None else str(value))

    def _lines(self, raw: str) -> Iterator[str]:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
        for name, value in _SAID.findall(raw):
            yield self._said(name, _COMMENT.sub("", value))
        for tag in _TAG.findall(raw):
            yield f"tag #{tag} in its front matter" if is_private_tag(tag, self.tags) else ""

    def _said(self, key: str, value: str) -> str:
        if keeps_back(key, value):
            shown = value if len(value) <= _SHOWN else "…"  # a password, say
            return f"front matter says “{key}: {shown}”"
        if role_of(key, self.roles) in (TAGS, TYPE):
            parts = [part for part in _PARTS.split(value) if part]
            if any(is_private_tag(part, self.tags) for part in parts):
                return f"front matter says “{key}: {value}”"
        return ""

    def _mentions(self, raw: str) -> bool:
        text = folded(raw)
        return any(word in text for word in (*self.tags, *KEYS))

    def _columns(self) -> dict[int, dict[str, str]]:
        """Return the cells of each row, empty ones too, by its column's name; by 1-based line."""
        lines = LineIndex(self.source)
        found: dict[int, dict[str, str]] = {}
        for block in read_blocks(lines, lines.line_at(self.end)):
            if block.shape is not Shape.TABLE:
                continue
            names = _cells(lines, block.first)
            if not any(speaks(name, self.roles) for name in names):
                continue
            for number in range(block.first + 2, block.own_stop):
                cells = _cells(lines, number)
                padded = [*cells, *[""] * (len(names) - len(cells))]
                found[number + 1] = dict(zip(names, padded, strict=False))
        return found

    def _row(self, note: Note, cells: Mapping[str, str]) -> str:
        for name, cell in cells.items():
            if keeps_back(plain_words(name), cell, is_cell=True):
                return f"column “{plain_words(name)}” says “{plain_words(cell)}”"
            is_tags = role_of(name, self.roles) in (TAGS, TYPE)
            parts = _PARTS.split(plain_words(cell)) if is_tags else []
            if tag := next((one for one in parts if is_private_tag(one, self.tags)), ""):
                return f"tag {tag}"
        spoken = prose_of_line(note.text)
        for tag in (*_TAG.findall(spoken), *note.tags):
            if is_private_tag(tag, self.tags):
                return f"tag #{tag}"
        return self._fields(spoken.replace("|", "\n"), "its row")


def _parsed(raw: str) -> object:
    """The front matter's values, known to be YAML that can be read."""
    inner = "\n".join(raw.removeprefix("\ufeff").strip().splitlines()[1:-1])
    return yaml.load(inner, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _cells(lines: LineIndex, number: int) -> list[str]:
    text = lines.text(number)
    start = lines.start(number) + len(text) - len(text.lstrip())
    span = Span(start, lines.start(number) + len(text.rstrip()))
    return [cell.of(lines.source) for cell in split_cells(lines.source, span)]
