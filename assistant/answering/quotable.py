"""What of a found note can be quoted by itself: sentences, list items, code, whole short notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.note import Kind, Note, Span
from corpus.sentences import Sentence, part_sentences
from index.finding.hit import Hit

SHORT = 120
"""Characters up to which a note reads at a glance and is never parted."""

LONGEST = 1280
"""Characters up to which a row, link, image or snippet is quoted whole."""

_PARTED = 20_000
"""Characters of a note that are looked at as a whole, to know what in it is code."""

_WHOLE = frozenset({Kind.ROW, Kind.LINK, Kind.IMAGE, Kind.CODE})
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})")
_STEP = re.compile(r"^[ \t>]*\d+[.)][ \t]+$")
_LINK = re.compile(r"!?\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|<?https?://\S+>?")
_ITEM = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?$")


@dataclass(frozen=True, slots=True)
class Quotable:
    """`span` lies in the note's file; `place` counts the quotables of its note."""

    source: int
    place: int
    hit: Hit
    span: Span
    is_code: bool = False

    @property
    def note(self) -> Note:
        """The note that says it."""
        return self.hit.note

    @property
    def text(self) -> str:
        """The quote, word for word."""
        return within(self.note, self.span)

    @property
    def is_item(self) -> bool:
        """Whether it begins an item of a list."""
        return bool(_ITEM.match(self._before()))

    @property
    def is_step(self) -> bool:
        """Whether it begins an item of a numbered list."""
        return bool(_STEP.match(self._before()))

    @property
    def is_cut(self) -> bool:
        """Whether it is a part of a snippet, without the fence."""
        is_whole = self.span == self.note.body  # with its caption
        return self.is_code and not is_whole and not _FENCE.match(self.text)

    @property
    def announces(self) -> bool:
        """Whether it ends in a colon, as a caption does."""
        return not self.is_code and self.text.rstrip("*_ ").endswith((":", "："))

    @property
    def is_bare(self) -> bool:
        """Whether it is no more than an image or a link."""
        return not self.is_code and not any(map(str.isalnum, _LINK.sub("", self.text)))

    def _before(self) -> str:
        """What stands before it on its line."""
        text, at = self.note.text, self.span.start - self.note.span.start
        return text[text.rfind("\n", 0, at) + 1 : at]


def within(note: Note, span: Span) -> str:
    """Return the text of a span of the note's file that lies in the note."""
    return note.text[span.start - note.span.start : span.end - note.span.start]


def quotables(source: int, hit: Hit, beyond: bool = False) -> list[Quotable]:
    """Return what of the hit's passage can be quoted, in its order; `source` is the hit's number.

    With `beyond`, of the whole note.
    """
    spans = [(Span(*span), is_code) for *span, is_code in _parts(hit, beyond)]
    return [Quotable(source, i, hit, span, code) for i, (span, code) in enumerate(spans)]


def _parts(hit: Hit, beyond: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield start, end, and whether it is code."""
    note, body, passage = hit.note, hit.note.body_text, hit.passage
    if len(body) <= (LONGEST if note.kind in _WHOLE else SHORT):
        yield note.body.start, note.body.end, note.kind is Kind.CODE
        return
    is_known = len(body) <= _PARTED
    start = note.body.start if is_known else passage.start
    for part in _sentences(body if is_known else hit.passage_text):
        begin, end = start + part.span.start, start + part.span.end
        is_found = begin < passage.end and end > passage.start
        if not (is_found or beyond):
            continue
        if part.is_code and end - begin > LONGEST:  # what of a long snippet was found
            begin, end = max(begin, passage.start), min(end, passage.end)
        if end > begin:
            yield begin, end, part.is_code


def _sentences(text: str) -> Sequence[Sentence]:
    return part_sentences(text) or [Sentence(Span(0, len(text)))]
