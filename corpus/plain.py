"""Plain text → notes: a small file is one, a longer one is its paragraphs."""

import re

from corpus.lines import LineIndex
from corpus.note import Kind, Note, Span
from corpus.pieces import LONG_UNHEADED
from corpus.words import first_words

_GAP = re.compile(r"(?:\r\n?|\n)[^\S\r\n]*(?:\r\n?|\n)\s*")


def read_plain(path: str, source: str) -> tuple[Note, ...]:
    """Return the notes of a plain text file, in the file's order."""
    lines = LineIndex(source)
    whole = _trimmed(source, 0, len(source))
    if whole.start == whole.end:
        return ()
    spans = [whole]
    if whole.end - whole.start > LONG_UNHEADED:
        edges = [(gap.start(), gap.end()) for gap in _GAP.finditer(source)]
        starts = [0, *(end for _, end in edges)]
        ends = [*(start for start, _ in edges), len(source)]
        pairs = zip(starts, ends, strict=True)
        spans = [span for a, b in pairs if (span := _trimmed(source, a, b)).start < span.end]
    return tuple(_note(path, lines, span) for span in spans)


def _trimmed(source: str, start: int, end: int) -> Span:
    text = source[start:end]
    head = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    return Span(start + head, max(start + head, start + len(text.rstrip())))


def _note(path: str, lines: LineIndex, span: Span) -> Note:
    text = span.of(lines.source)
    return Note(path, span, lines.lines(span), span, Kind.TEXT, text, first_words(text))
