"""The top-level blocks of a Markdown text, with their lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.lines import LineIndex


class Shape(Enum):
    """What a top-level block is."""

    HEADING = auto()
    PARAGRAPH = auto()
    LIST = auto()
    QUOTE = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()
    HTML = auto()


_SHAPES = {
    "heading_open": Shape.HEADING,
    "paragraph_open": Shape.PARAGRAPH,
    "bullet_list_open": Shape.LIST,
    "ordered_list_open": Shape.LIST,
    "blockquote_open": Shape.QUOTE,
    "fence": Shape.CODE,
    "code_block": Shape.CODE,
    "table_open": Shape.TABLE,
    "hr": Shape.RULE,
    "html_block": Shape.HTML,
}


@dataclass(frozen=True, slots=True)
class Block:
    """0-based lines `first` to `stop` (excluded): the next block begins at or after `stop`.

    Lines that Markdown does not show (link definitions) belong to the block before them.
    `level` is a heading's; `words` its inline text; `items` the lines of a list's items, empty
    where one of them holds more than a paragraph; `own_stop` the end without such lines.
    """

    shape: Shape
    first: int
    stop: int
    text: str
    level: int = 0
    words: str = ""
    items: tuple[tuple[int, int], ...] = ()
    own_stop: int = 0


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_PARSER = _parser()
_BLANK = re.compile(r"\s*\Z")


def read_blocks(lines: LineIndex, first: int = 0) -> list[Block]:
    """Return the blocks from 0-based line `first` on; together they hold every line with text."""
    source = lines.source[lines.start(first) :].removeprefix("\ufeff")
    tokens = _PARSER.parse(source)
    opens = [
        index
        for index, token in enumerate(tokens)
        if token.level == 0 and token.nesting >= 0 and token.map and token.type in _SHAPES
    ]
    starts = [_map(tokens[index])[0] + first for index in opens] + [len(lines)]
    if starts[0] > first and lines.span(first, starts[0]).of(lines.source).strip("\ufeff"):
        starts[0] = first  # link definitions before the first block belong to it
        if not opens:
            return [_block(lines, [], Shape.PARAGRAPH, first, len(lines))]
    blocks = (
        _block(lines, tokens[index:], _SHAPES[tokens[index].type], start, stop)
        for index, start, stop in zip(opens, starts[:-1], starts[1:], strict=True)
    )
    return [block for block in blocks if block.text]  # of control characters nothing is seen


def _map(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0], token.map[1]


def _block(lines: LineIndex, tokens: list[Token], shape: Shape, first: int, stop: int) -> Block:
    text = lines.span(first, stop).of(lines.source)
    if shape is Shape.HEADING:
        return Block(shape, first, stop, text, int(tokens[0].tag[1:]), tokens[1].content)
    if shape is Shape.LIST:
        return Block(shape, first, stop, text, items=tuple(_items(tokens, first)))
    if shape in (Shape.TABLE, Shape.RULE):
        begin, end = _map(tokens[0])
        return Block(shape, first, stop, text, own_stop=first + end - begin)
    return Block(shape, first, stop, text)


def _items(tokens: list[Token], first: int) -> Iterator[tuple[int, int]]:
    """Yield each item's lines; nothing if an item holds anything but one paragraph."""
    offset = first - _map(tokens[0])[0]
    found: list[tuple[int, int]] = []
    for token in tokens[1:]:
        if token.level == 0:
            break
        if token.type == "list_item_open" and token.level == 1:
            begin, end = _map(token)
            found.append((begin + offset, end + offset))
        elif token.nesting == 1 and not (token.type == "paragraph_open" and token.level == 2):
            return
    yield from found
