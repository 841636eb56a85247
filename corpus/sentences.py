"""The quotable parts of a note: sentences, list items, whole code blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.note import Span

_FENCE = re.compile(r"^[ \t]*(`{3,}+|~{3,}+)")
_MARKER = re.compile(r"^\s*(?:>\s?)*\s*(?:[-*+]\s+(?:\[[ xX]\]\s+)?|\d+[.)]\s+|#{1,6}\s+)?")
_NUMBER = re.compile(r"^[\s*_#]*\d{1,3}$|\b[Nn]o$")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s")
_QUOTED = re.compile(r"[ ]{0,3}>[ \t]?(?:[ ]{0,3}>[ \t]?)*")
_STARTS_UNIT = re.compile(r"^\s*(?:[>|#]|[-*+]\s|\d+[.)]\s)")
_END = re.compile(
    r"[。！？；…]+[”’」』）)\]]*(?:[*_]+(?=\s|$))?"
    r"|(?<![A-Z])(?<!\b[Ee]\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bvol)(?<!\bpp)(?<!\bProf)(?<!\b[ap]\.m)(?<!\bMr)(?<!\bDr)(?<!\bMs)(?<!\bSt)(?<!\bNo)"
    r"(?<!\bFig)(?<!\betc)(?<!\bcf)[.!?]+[\"'”’)\]*_`]*(?=\s|$|[\u3400-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`span` is relative to the text that was parted; `is_code` marks a code block."""

    span: Span
    is_code: bool = False


def part_sentences(text: str) -> list[Sentence]:
    """Return the sentences of Markdown `text` in order: no list marker, no white space around."""
    found: list[Sentence] = []
    for start, end, is_code in _blocks(text):
        if is_code:
            found.append(Sentence(Span(start, end), True))
        else:
            found += _sentences(text, start, end)
    return found


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield fenced code and runs of lines that belong together, list markers left out."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    start: int | None = None
    fence, last = "", 0
    for begin, end in lines:
        line = text[begin:end]
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(mark[1][0]):
                yield start or 0, end, True
                fence, start = "", None
            last = end
            continue
        inner = _continued(text, last, line) if start is not None else line
        apart = not inner.strip() or mark or _STARTS_UNIT.match(inner) or _gap(text, last, begin)
        if apart and start is not None:
            yield start, last, False
            start = None
        if mark:
            fence, start = mark[1], begin
        elif line.strip() and start is None:
            marker = _MARKER.match(line)
            start = begin + (marker.end() if marker else 0)
            if _HEADING.match(line):
                yield start, end, False
                start = None
        last = end
    if start is not None:
        yield start, last, bool(fence)


def _continued(text: str, last: int, line: str) -> str:
    """Return a line without its quotation mark, if the line before is quoted too."""
    quoted = _QUOTED.match(line)
    before = text.rfind("\n", 0, last) + 1
    return line[quoted.end() :] if quoted and _QUOTED.match(text, before) else line


def _gap(text: str, last: int, begin: int) -> bool:
    return text.count("\n", last, begin) > 1


def _sentences(text: str, start: int, end: int) -> Iterator[Sentence]:
    at = start
    for match in _END.finditer(text, start, end):
        if _is_within(text[at : match.start()], match[0]):
            continue
        if sentence := _trimmed(text, at, match.end()):
            yield sentence
        at = match.end()
    if sentence := _trimmed(text, at, end):
        yield sentence


def _is_within(before: str, stop: str) -> bool:
    """Whether a stop ends nothing: that of "**1. Title**" and "no. 5", or one between backticks."""
    is_number = stop.startswith(".") and _NUMBER.search(before)
    return bool(is_number) or before.count("`") % 2 == 1


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    has_words = any(character.isalnum() for character in text[start:end])
    return Sentence(Span(start, end)) if has_words else None
