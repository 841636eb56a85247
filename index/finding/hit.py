"""What a search returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from corpus.note import Note, Span


class Mode(StrEnum):
    """Which lists a search uses."""

    HYBRID = "hybrid"
    DENSE = "dense"
    TERMS = "terms"


class ListTrace(NamedTuple):
    """A note's place in one list: 1-based rank, raw score, what it added to the final score.

    `rank` is None where the list did not return the note.
    """

    rank: int | None
    score: float
    contribution: float


@dataclass(frozen=True, slots=True)
class LitSentence:
    """A sentence that answers: `span` in the note's file, `strength` a cosine."""

    span: Span
    strength: float


@dataclass(frozen=True, slots=True)
class Highlights:
    """Spans in the note's file, all within the hit's passage.

    `sentences` are the strongest first. `words` make the question's terms, `near` mean what a word
    of the question means; both are in order, and none of the words overlaps another.
    """

    sentences: tuple[LitSentence, ...] = ()
    words: tuple[Span, ...] = ()
    near: tuple[Span, ...] = ()


class Freshness(StrEnum):
    """Whether a note stands in its file now as the index has it."""

    CURRENT = "current"
    CHANGED = "changed"
    """The file no longer says this, or not word for word."""
    UNREACHABLE = "unreachable"
    """The file cannot be read at the moment."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found note. `score` is comparable within one search only; `trace` says where it is from.

    `key` is the note's id; `file` is where it lies on disk. `passage` is the span of the chunk
    that fits best (a short note is its own passage), `chunk` that chunk's id. `highlights` are empty
    until `index.finding.highlights` finds them, `freshness` is as of the index until
    `index.finding.freshness` looks at the file.
    """

    rank: int
    score: float
    key: str
    note: Note
    vault: str
    file: Path
    passage: Span
    chunk: int
    trace: Mapping[str, ListTrace]
    highlights: Highlights = Highlights()
    freshness: Freshness = Freshness.CURRENT

    @property
    def passage_text(self) -> str:
        """The text of `passage`."""
        start = self.note.span.start
        return self.note.text[self.passage.start - start : self.passage.end - start]
