"""How a quote reads out of its place: code in a fence of its own, rows as term and meaning."""

import re
from collections.abc import Iterator

from corpus.note import Kind, Note
from corpus.roles import REMARK

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})")
_QUOTED = re.compile(r"(?<=\n) {0,3}>[ \t>]*")


def said_of(note: Note, quote: str, is_cut: bool) -> str:
    """Return what an answer shows of a quote; `is_cut` marks code that is cut out of its fence."""
    if is_cut:
        return f"```\n{quote}\n```"
    if note.kind is Kind.ROW:
        return _row(note, quote)
    return "\n".join(_outdented(quote if quote.startswith(">") else _QUOTED.sub("", quote)))


def _outdented(text: str) -> Iterator[str]:
    """Yield the lines, those of fenced code as far left as its fence, and every fence closed."""
    indent, fence = 0, ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            line = line[:indent].lstrip() + line[indent:]
            if mark and mark[2].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            indent, fence = len(mark[1]), mark[2]
            line = line[indent:]
        yield line
    if fence:
        yield fence


def _row(note: Note, text: str) -> str:
    """A row without a content column reads as its cells, one with a remark ends in it."""
    if note.body == note.span:
        return _cells(note)
    remark = note.meta.get(REMARK, "")
    return f"{text} — {remark}" if remark else text


def _cells(note: Note) -> str:
    """Two cells read as "term — meaning"; of more, all but the first have their column's name."""
    cells = [(key, note.meta[key]) for key in note.columns]
    if len(cells) <= 2:
        return " — ".join(text for _, text in cells)
    return f"{cells[0][1]} — " + "; ".join(f"{key}: {text}" for key, text in cells[1:])
