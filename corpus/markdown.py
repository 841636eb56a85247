"""Markdown → notes: rows, sections, quotes with what follows, captioned code, links, images.

The notes of a file do not overlap, and every visible character belongs to one of them, but for
front matter (it is metadata), a table's header (it names the rows' metadata), rules between
notes, and headings directly above a table (they are in its rows' breadcrumb).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.blocks import Block, Shape, read_blocks
from corpus.front_matter import read_front_matter
from corpus.lines import LineIndex
from corpus.note import Kind, Note, Span
from corpus.pieces import cut_into_pieces
from corpus.roles import REMARK, ROLES, TITLE, Roles
from corpus.table import Row, read_rows
from corpus.words import first_words, plain_words

_TAG = re.compile(r"(?<![^\s(（，。、])#([^\W\d_][\w/-]*)")
_NOT_PROSE = re.compile(r"^(?P<fence>```|~~~).*?^(?P=fence)|`[^`\n]*`|^(?: {4}|\t).*$", re.S | re.M)


_BARE_URL = re.compile(r"<?https?://\S+>?")


@dataclass(slots=True)
class _Stretch:
    """The blocks between two headings, tables or rules. `opening`: the line of its heading."""

    headings: tuple[str, ...]
    opening: int | None = None
    blocks: list[Block] = field(default_factory=list)

    @property
    def is_bare_heading(self) -> bool:
        return self.opening is not None and not self.blocks


def read_markdown(path: str, source: str, roles: Roles = ROLES) -> tuple[Note, ...]:
    """Return the notes of a Markdown file, in the file's order."""
    return tuple(_Reader(path, source, roles).notes())


class _Reader:
    def __init__(self, path: str, source: str, roles: Roles) -> None:
        self.path, self.source, self.roles = path, source, roles
        self.lines = LineIndex(source)
        self.front = read_front_matter(source, roles)

    def notes(self) -> Iterator[Note]:
        """Walk the blocks with a stack of open headings."""
        first = self.lines.line_at(self.front.end)
        stack: list[tuple[int, str]] = []
        stretch = _Stretch(self._breadcrumb(stack))
        for block in read_blocks(self.lines, first):
            if block.shape is Shape.HEADING:
                inside = stretch.is_bare_heading and block.level > stack[-1][0]
                yield from self._finish(stretch, block.first if not inside else None)
                stack = [entry for entry in stack if entry[0] < block.level]
                stack.append((block.level, plain_words(block.words)))
                opening = stretch.opening if inside else block.first
                stretch = _Stretch(self._breadcrumb(stack), opening)
            elif block.shape is Shape.TABLE:
                yield from self._finish(stretch)
                stretch = _Stretch(stretch.headings, blocks=self._rest(block))
                for row in read_rows(self.lines, block.first, block.own_stop, self.roles):
                    yield self._row(row, stretch.headings)
            elif block.shape is Shape.RULE:
                yield from self._finish(stretch)
                opening = stretch.opening if stretch.is_bare_heading else None
                stretch = _Stretch(stretch.headings, opening, self._rest(block))
            else:
                stretch.blocks.append(block)
        yield from self._finish(stretch, len(self.lines))

    def _rest(self, block: Block) -> list[Block]:
        """Link definitions behind a table or rule, as a block of their own."""
        text = self.lines.span(block.own_stop, block.stop).of(self.source)
        return [Block(Shape.PARAGRAPH, block.own_stop, block.stop, text)] if text.strip() else []

    def _breadcrumb(self, stack: list[tuple[int, str]]) -> tuple[str, ...]:
        headings = tuple(words for _, words in stack if words)
        title = self.front.title
        return headings if not title or title in headings[:1] else (title, *headings)

    def _finish(self, stretch: _Stretch, stop: int | None = None) -> Iterator[Note]:
        """Yield the stretch's notes; a bare heading is one of its own if it ends at `stop`."""
        if stretch.is_bare_heading and stop is not None:
            assert stretch.opening is not None
            span = self.lines.span(stretch.opening, stop)
            yield self._note(Kind.SECTION, span, span, stretch.headings)
        opening = stretch.opening
        for piece in cut_into_pieces(stretch.blocks, headed=bool(stretch.headings)):
            body = self.lines.span(piece.first, piece.stop)
            span = body if opening is None else self.lines.span(opening, piece.stop)
            opening = None
            yield self._note(piece.kind, span, body, stretch.headings)

    def _note(self, kind: Kind, span: Span, body: Span, headings: tuple[str, ...]) -> Note:
        text = span.of(self.source)
        own = first_words(body.of(self.source))
        title = headings[-1] if kind is Kind.SECTION and headings else own
        tags = (*self.front.tags, *_TAG.findall(_NOT_PROSE.sub(" ", text)))
        return Note(
            path=self.path,
            span=span,
            lines=self.lines.lines(span),
            body=body,
            kind=kind,
            text=text,
            title=title or (headings[-1] if headings else ""),
            headings=headings,
            meta=self.front.meta,
            tags=tuple(dict.fromkeys(tags)),
        )

    def _row(self, row: Row, headings: tuple[str, ...]) -> Note:
        cells, content = row.cells, row.content.of(self.source)
        remark = cells.get(REMARK, "") if _BARE_URL.fullmatch(content) else ""
        title = plain_words(cells.get(TITLE, "") or remark) or first_words(content)
        front = {key: value for key, value in self.front.meta.items() if key != TITLE}
        return Note(
            path=self.path,
            span=row.span,
            lines=self.lines.lines(row.span),
            body=row.content,
            kind=Kind.ROW,
            text=row.span.of(self.source),
            title=title,
            headings=headings,
            meta={**cells, **{key: text for key, text in front.items() if key not in cells}},
            columns=tuple(cells),
            tags=tuple(dict.fromkeys((*self.front.tags, *row.tags))),
        )
