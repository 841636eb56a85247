"""Notes and chunks: the values that everything else speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points; `source[start:end]` is the text, exactly."""

    start: int
    end: int

    def of(self, source: str) -> str:
        """Return the text that the span covers."""
        return source[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Lines:
    """First and last line of a span, 1-based, both included, as an editor counts them."""

    first: int
    last: int


class Kind(StrEnum):
    """What a note is in its file."""

    ROW = "row"
    SECTION = "section"
    QUOTE = "quote"
    CODE = "code"
    IMAGE = "image"
    LINK = "link"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Note:
    """The smallest thing that stands by itself.

    `text` is `span` of the file's text, exactly. `body` lies inside `span` and is what a reader
    is shown: a row's content cell, everything of other kinds. `headings` is the breadcrumb,
    outermost first. `meta` maps roles ("source", "remark", "type", "number", "title", "date")
    and columns or front-matter keys without a role to their text; `columns` are those of its keys
    that a row's own cells gave; `tags` have no "#".
    """

    path: str
    span: Span
    lines: Lines
    body: Span
    kind: Kind
    text: str
    title: str
    headings: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def body_text(self) -> str:
        """The text of `body`."""
        offset = self.span.start
        return self.text[self.body.start - offset : self.body.end - offset]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of one note's body: `text` is shown, `embedded` (breadcrumb, metadata, text) is not."""

    span: Span
    text: str
    embedded: str


@dataclass(frozen=True, slots=True)
class Skip:
    """A file that was not read, or not read whole, and why."""

    path: str
    reason: str
