"""Notes → chunks that fit the embedder.

Short notes are one chunk; neighbours are never glued. Long ones are cut by
langchain-text-splitters at blank lines, lines, sentences and words, in this order; code blocks
are kept whole where they fit.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from corpus.note import Chunk, Kind, Note, Span
from corpus.roles import NUMBER, REMARK, SOURCE, TYPE

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

CountTokens = Callable[[Sequence[str]], list[int]]
"""Tokens of each text, as the embedder counts them."""

SPECIAL_TOKENS = 2
TEMPLATE = "headings\nmetadata\ntext/1"
"""Names the text template; it is part of the recipe, so change it with the template."""

_HEADER_WIDTH = 160
_PROSE = ["\n\n+", "\n", "(?<=[。！？；…])", "(?<=[.!?;])\\s+", "(?<=[，、：])", "\\s+", ""]
_CODE = ["\n\n+", "\n", "\\s+", ""]
_FENCE = re.compile(
    r"^[ ]{0,3}(`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^[ ]{0,3}\1[ \t]*$\n?|\Z)", re.S | re.M
)
_BLOB = re.compile(r"[^\s。！？；，、：.!?;,]{400}")


def cut_into_chunks(note: Note, max_tokens: int, count_tokens: CountTokens) -> tuple[Chunk, ...]:
    """Return the note's chunks, each at most `max_tokens` with its header where that can be."""
    header = header_of(note)
    body = note.body_text
    room = max_tokens - SPECIAL_TOKENS
    if note.kind is Kind.ROW and note.body == note.span:  # no content column: the cells say it
        cells = _cells(note, header)
        if len(cells) <= room or count_tokens([cells])[0] <= room:
            return (Chunk(note.body, body, cells),)
    spans = [(0, len(body))]
    if len(header) + 1 + len(body) > room:  # a token is at least one character
        room -= count_tokens([header])[0] if header else 0
        if count_tokens([body])[0] > room:
            spans = list(_cut(body, room, count_tokens))
    return tuple(_chunk(note, header, body, start, end) for start, end in spans)


def header_of(note: Note) -> str:
    """Return what is embedded before the text: breadcrumb, then remark, source, type and tags."""
    lines = [" > ".join(note.headings)]
    if note.kind is Kind.ROW and note.body != note.span:
        lines.append(" · ".join(note.meta[role] for role in _said(note)))
    elif note.tags:
        lines.append(" ".join(note.tags))
    return "\n".join(line[:_HEADER_WIDTH] for line in lines if line)


def _said(note: Note) -> list[str]:
    """The roles of a row's cells: remark, source and type first, its own columns after them."""
    first = [role for role in (REMARK, SOURCE, TYPE) if role in note.columns]
    return first + [key for key in note.columns if key not in (*first, NUMBER)]


def _cells(note: Note, header: str) -> str:
    cells = [f"{key}: {note.meta[key]}" for key in note.columns if key != NUMBER]
    return "\n".join([header, *cells] if header else cells)


def _chunk(note: Note, header: str, body: str, start: int, end: int) -> Chunk:
    text = body[start:end]
    offset = note.body.start
    embedded = f"{header}\n{text}" if header else text
    return Chunk(Span(offset + start, offset + end), text, embedded)


def _cut(text: str, room: int, count_tokens: CountTokens) -> Iterator[tuple[int, int]]:
    """Yield the ranges of `text` that hold visible characters, greedily filled up to `room`."""
    pieces = [piece for segment in _segments(text) for piece in _fit(segment, room, count_tokens)]
    counts = count_tokens(pieces)
    start = end = used = 0
    for piece, count in zip(pieces, counts, strict=True):
        if used and used + count > room:
            yield from _visible(text, start, end)
            start, used = end, 0
        end, used = end + len(piece), used + count
    yield from _visible(text, start, end)


def _visible(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Leave out blank lines before and white space after; spaces that indent a line stay."""
    piece = text[start:end]
    blank = re.match(r"(?:[^\S\n]*\n)*", piece)
    head = blank.end() if blank else 0
    end = start + len(piece.rstrip())
    if start + head < end:
        yield start + head, end


def _segments(text: str) -> Iterator[str]:
    """Code blocks, and what lies between them; runs without any break cut at 400 characters."""
    at = 0
    for match in _FENCE.finditer(text):
        yield from _unblobbed(text[at : match.start()])
        yield match[0]
        at = match.end()
    yield from _unblobbed(text[at:])


def _unblobbed(text: str) -> Iterator[str]:
    at = 0
    for match in _BLOB.finditer(text):
        yield text[at : match.end()]
        at = match.end()
    if at < len(text):
        yield text[at:]


def _fit(segment: str, room: int, count_tokens: CountTokens) -> list[str]:
    if count_tokens([segment])[0] <= room:
        return [segment]
    separators = _CODE if _FENCE.match(segment) else _PROSE
    return _splitter(separators, room, count_tokens).split_text(segment)


def _splitter(
    separators: list[str], room: int, count_tokens: CountTokens
) -> "RecursiveCharacterTextSplitter":
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # slow to import

    @cache  # each length is asked for several times
    def length(text: str) -> int:
        return count_tokens([text])[0]

    return RecursiveCharacterTextSplitter(
        chunk_size=max(room, 1),
        chunk_overlap=0,
        separators=separators,
        is_separator_regex=True,
        keep_separator="end",
        strip_whitespace=False,
        length_function=length,
    )
