"""Where one note ends and the next begins between two headings.

A stretch of blocks stays whole unless its own form says that it is a collection: it begins with a
quote (then every quote begins a note and takes what follows it), or it is nothing but images, a
list of outside links, or snippets under short captions, or it is long and has no heading.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.blocks import Block, Shape
from corpus.note import Kind

LONG_UNHEADED = 1200
"""Characters from which text without a heading is cut into its paragraphs."""

_CAPTION = 80
_LINK_LINE = 300
_IMAGES = re.compile(r"(?:\s*(?:!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>))+\s*\Z", re.I)
_OUTSIDE = re.compile(r"https?://", re.I)
_LINK_FIRST = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\[[^\]]*\]\(|<)?https?://", re.I)
_LABELLED = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:[*_]{1,2})?\[[^\]]+\]\(https?://", re.I)


@dataclass(frozen=True, slots=True)
class Piece:
    """0-based lines `first` to `stop` (excluded) of one note-to-be."""

    kind: Kind
    first: int
    stop: int


def cut_into_pieces(blocks: Sequence[Block], headed: bool) -> list[Piece]:
    """Cut the blocks under one heading (`headed`) or under none into notes-to-be."""
    if not blocks:
        return []
    whole = Kind.SECTION if headed else Kind.TEXT
    if blocks[0].shape is Shape.QUOTE:
        return [piece for group in _quote_groups(blocks) for piece in _group_pieces(group, whole)]
    if all(_is_image(block) for block in blocks):
        return [Piece(Kind.IMAGE, block.first, block.stop) for block in blocks]
    if links := _links(blocks, whole):
        return links
    if snippets := _snippets(blocks):
        return snippets
    if not headed and sum(len(block.text) for block in blocks) > LONG_UNHEADED:
        return list(_paragraphs(blocks))
    return [Piece(whole, blocks[0].first, blocks[-1].stop)]


def _is_image(block: Block) -> bool:
    inline = block.shape in (Shape.PARAGRAPH, Shape.HTML)
    return inline and bool(_IMAGES.match(block.text))


def _quote_groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Each quote with what follows it; images by themselves."""
    group: list[Block] = []
    for block in blocks:
        alone = _is_image(block)
        if group and (block.shape is Shape.QUOTE or alone or _is_image(group[-1])):
            yield group
            group = []
        group.append(block)
    yield group


def _group_pieces(group: list[Block], whole: Kind) -> list[Piece]:
    first, stop = group[0].first, group[-1].stop
    if _is_image(group[0]):
        return [Piece(Kind.IMAGE, first, stop)]
    if group[0].shape is not Shape.QUOTE:
        return cut_into_pieces(group, headed=whole is Kind.SECTION)
    followers = {block.shape for block in group[1:]}
    if followers == {Shape.CODE}:
        return [Piece(Kind.CODE, first, stop)]
    return [Piece(Kind.QUOTE if followers <= {Shape.LIST} else whole, first, stop)]


def _links(blocks: Sequence[Block], whole: Kind) -> list[Piece]:
    """A list of outside links, or lines that each begin with one, after at most one paragraph."""
    intro = 1 if len(blocks) > 1 and not _link_lines(blocks[0]) else 0
    if blocks[:intro] and blocks[0].shape is not Shape.PARAGRAPH:
        return []
    lines = [_link_lines(block) for block in blocks[intro:]]
    if not all(lines):
        return []
    pieces = [Piece(Kind.LINK, first, stop) for found in lines for first, stop in found]
    if intro and len(pieces) < 2:
        return []
    return [Piece(whole, block.first, block.stop) for block in blocks[:intro]] + pieces


def _link_lines(block: Block) -> list[tuple[int, int]]:
    """The lines of each link note in the block; none if it is not made of links alone."""
    lines = block.text.split("\n")
    if block.shape is Shape.LIST:
        texts = ["\n".join(lines[a - block.first : b - block.first]) for a, b in block.items]
        short = all(len(text) <= _LINK_LINE and _OUTSIDE.search(text) for text in texts)
        led = all(_LINK_FIRST.match(text) or _LABELLED.match(text) for text in texts)
        items = [*block.items[:-1], (block.items[-1][0], block.stop)] if texts else []
        return items if short and led else []
    if block.shape is not Shape.PARAGRAPH:
        return []
    if len(block.text) > _LINK_LINE * len(lines) or not all(map(_LINK_FIRST.match, lines)):
        return []
    last = block.first + len(lines) - 1
    return [(n, block.stop if n == last else n + 1) for n in range(block.first, last + 1)]


def _snippets(blocks: Sequence[Block]) -> list[Piece]:
    """Two or more pairs of a caption line and code, and nothing else."""
    pairs = list(zip(blocks[::2], blocks[1::2], strict=False))
    captioned = all(
        caption.shape is Shape.PARAGRAPH
        and "\n" not in caption.text
        and len(caption.text) <= _CAPTION
        and code.shape is Shape.CODE
        for caption, code in pairs
    )
    if len(blocks) % 2 or len(pairs) < 2 or not captioned:
        return []
    return [Piece(Kind.CODE, caption.first, code.stop) for caption, code in pairs]


def _paragraphs(blocks: Sequence[Block]) -> Iterator[Piece]:
    """Paragraphs, each with the list, quote or code that follows it."""
    start = 0
    for at, block in enumerate(blocks[1:], start=1):
        if block.shape is Shape.PARAGRAPH:
            yield Piece(Kind.TEXT, blocks[start].first, block.first)
            start = at
    yield Piece(Kind.TEXT, blocks[start].first, blocks[-1].stop)
