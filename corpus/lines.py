"""Line numbers and character offsets of a text, as an editor counts them."""

import re
from bisect import bisect_right

from corpus.note import Lines, Note, Span

LINE_END = re.compile(r"\r\n?|\n")


class LineIndex:
    """Maps between 0-based lines and offsets; a line ends at LF, CR LF or CR and nowhere else."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = [0, *(match.end() for match in LINE_END.finditer(source))]

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, line: int) -> int:
        """Return the offset at which 0-based `line` begins; past the last line, the text's end."""
        return self._starts[line] if line < len(self._starts) else len(self.source)

    def text(self, line: int) -> str:
        """Return 0-based `line` without its line end."""
        return self.source[self.start(line) : self.start(line + 1)].rstrip("\r\n")

    def span(self, first: int, stop: int) -> Span:
        """Return the span of lines `first` to `stop` (excluded), without white space around it.

        Spaces that begin the first line stay: they may mean something (indented code).
        """
        while first < stop and not self.text(first).strip():
            first += 1
        start, end = self.start(first), self.start(stop)
        start += self.source.startswith("\ufeff") and start == 0  # a mark, not text
        return Span(start, start + len(self.source[start:end].rstrip()))

    def line_at(self, offset: int) -> int:
        """Return the 0-based line that holds `offset`."""
        return bisect_right(self._starts, offset) - 1

    def lines(self, span: Span) -> Lines:
        """Return the 1-based lines that `span` touches."""
        last = max(span.start, span.end - 1)
        return Lines(self.line_at(span.start) + 1, self.line_at(last) + 1)


def lines_of(note: Note, span: Span) -> Lines:
    """Return the lines of the file that `span`, a part of the note, touches."""
    start = span.start - note.span.start
    inside = LineIndex(note.text).lines(Span(start, start + span.end - span.start))
    offset = note.lines.first - 1
    return Lines(inside.first + offset, inside.last + offset)
