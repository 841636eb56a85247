"""A note's file as HTML, the cited lines marked."""

from collections.abc import Collection, Sequence
from html import escape

from markdown_it.token import Token

from assistant.app.marks import UNLIT, Lit, mark_html
from assistant.app.note_html import (
    CITED,
    is_too_deep,
    markdown_parser,
    safe_html,
    shows_nothing,
)
from corpus.front_matter import read_front_matter
from corpus.lines import LineIndex
from corpus.note import Lines

_BLOCKS = frozenset({"heading_open", "tr_open", "paragraph_open"})
_CODE = frozenset({"fence", "code_block"})


def file_html(
    text: str, begin: int, cited: Lines, terms: Collection[str] = (), lit: Lit = UNLIT
) -> str:
    """Render the Markdown of a file, or of its part that begins at line `begin`.

    The blocks that take part in the lines `cited` have the class "cited", in code just those
    lines; what is `lit` of `text` is marked as well, and the words that make `terms` there.
    """
    front = read_front_matter(text).end if begin == 1 else 0
    head = f'<pre class="front"><code>{escape(text[:front].strip())}</code></pre>' if front else ""
    begin += LineIndex(text).line_at(front)
    within = Lines(cited.first - begin, cited.last - begin)
    parser = markdown_parser()
    env: dict[str, object] = {}
    tokens = parser.parse(text[front:], env)
    if is_too_deep(tokens):
        return lines_html(text, begin - LineIndex(text).line_at(front), cited)
    _cite(tokens, within)
    html = str(parser.renderer.render(tokens, parser.options, env))
    if shows_nothing(text[front:], html):
        return lines_html(text, begin - LineIndex(text).line_at(front), cited)
    return safe_html(head + mark_html(html, terms, lit))


def lines_html(text: str, begin: int, cited: Lines) -> str:
    """Show plain text as it is written, the cited lines marked."""
    lines = LineIndex(text)
    start, end = (
        lines.start(max(cited.first - begin, 0)),
        lines.start(max(cited.last - begin + 1, 0)),
    )
    before, inside, after = escape(text[:start]), escape(text[start:end]), escape(text[end:])
    marked = f'<span class="cited">{inside}</span>' if inside else ""
    return safe_html(f'<pre class="as-written">{before}{marked}{after}</pre>')


def _cite(tokens: Sequence[Token], cited: Lines) -> None:
    """Mark the tokens that take part in the lines `cited`, counted from 0."""
    for place, token in enumerate(tokens):
        if token.map is None or not _touch(token.map, cited):
            continue
        if token.type in _CODE:
            begin = token.map[0] + (token.type == "fence")
            token.meta[CITED] = Lines(max(cited.first - begin, 0), cited.last - begin)
        elif token.type in _BLOCKS:
            shown = _item_of(tokens, place) if token.hidden else token
            shown.attrJoin("class", "cited")


def _item_of(tokens: Sequence[Token], place: int) -> Token:
    """Return the list item that a paragraph without a tag of its own is in."""
    level = tokens[place].level - 1
    before = reversed(tokens[:place])
    return next(one for one in before if one.type == "list_item_open" and one.level == level)


def _touch(lines: Sequence[int], cited: Lines) -> bool:
    return lines[0] <= cited.last and cited.first < lines[1]
