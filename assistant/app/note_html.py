"""A note's Markdown as HTML that is safe to show: nothing in it runs, nothing is fetched."""

import re
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from functools import cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from assistant.app.marks import UNLIT, Lit, breakable, mark_html

_TAGS = set(
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s span strong table tbody "
    "td th thead tr ul".split()
)
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_URL = re.compile(r"https?://[^\s<>\"'`|，。；：、！？（）《》「」【】“”]+")
_TRAILING = ".,;:!?'*_~"
_TAG = re.compile(r"<[^>]*>")
_ALNUM = re.compile(r"[^\W_]")
CITED = "cited"
"""The key of a code token's cited Lines, counted from 0 in its content."""

_NESTS = frozenset({"blockquote_open", "list_item_open"})


def note_html(markdown: str, terms: Collection[str] = (), lit: Lit = UNLIT) -> str:
    """Render Markdown, what is `lit` and the words that make `terms` marked; HTML is shown as text."""
    return safe_html(mark_html(_rendered(markdown), terms, lit))


def line_html(markdown: str, terms: Collection[str] = (), lit: Lit = UNLIT) -> str:
    """Render the Markdown of one line, as in a table cell."""
    unescaped = markdown.replace("\\|", "|")
    return safe_html(mark_html(markdown_parser().renderInline(unescaped), terms, lit))


def safe_html(html: str) -> str:
    """Leave of `html` what shows a note; links lead out only to the web, in a page of their own."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        allowed_classes={
            "span": {"image", "answers", "doubt", "cited"},
            "mark": {"near"},
            "pre": {"as-written", "cited", "front"},
            **{tag: {"cited"} for tag in ("p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6")},
        },
    )
    return breakable(clean)


def _rendered(markdown: str) -> str:
    """Render, or show as it is written what the parser would leave out."""
    parser = markdown_parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(markdown, env)
    html = parser.renderer.render(tokens, parser.options, env)
    if is_too_deep(tokens) or shows_nothing(markdown, html):
        return f'<pre class="as-written">{escape(markdown)}</pre>'
    return str(html)


def shows_nothing(markdown: str, html: str) -> bool:
    """Whether all that the Markdown says would be unseen, as link definitions are."""
    return bool(_ALNUM.search(markdown)) and not _TAG.sub("", html).strip()


def is_too_deep(tokens: Sequence[Token]) -> bool:
    """Whether a list or a quotation is nested so deep that the parser skips what it says."""
    deepest = markdown_parser().options.maxNesting - 1
    return any(token.level >= deepest and token.type in _NESTS for token in tokens)


@cache
def markdown_parser() -> MarkdownIt:
    """Return the parser of notes: CommonMark with tables; HTML is text."""
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"])
    markdown.core.ruler.push("bare_links", _link_bare_urls)
    markdown.add_render_rule("image", _image_words)
    markdown.add_render_rule("fence", _code_and_its_info)
    markdown.add_render_rule("code_block", _code_and_its_info)
    return markdown


def _image_words(
    renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    options: Mapping[str, Any],
    env: MutableMapping[str, Any],
) -> str:
    """Show an image by its words: no picture is loaded from a vault or from another host."""
    token = tokens[index]
    words = renderer.renderInlineAsText(token.children or [], options, env)  # type: ignore[attr-defined]
    shown = f'<span class="image">{escape(words or "…")}</span>'
    source = str(token.attrGet("src") or "")
    if source.startswith(("http://", "https://")):
        return f'<a href="{escape(source)}">{shown}</a>'
    return shown


def _code_and_its_info(
    renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    options: Mapping[str, Any],
    env: MutableMapping[str, Any],
) -> str:
    """Show what stands beside a fence, if it is more than the name of a language."""
    token = tokens[index]
    code = f"<pre><code>{_code(token)}</code></pre>\n"
    is_more = len(token.info.split()) > 1
    return f"<p><code>{escape(token.info.strip())}</code></p>\n{code}" if is_more else code


def _code(token: Token) -> str:
    """Return the code, its cited lines (`token.meta`, counted from 0) marked."""
    cited = token.meta.get(CITED)
    if cited is None:
        return escape(token.content)
    lines = re.split(r"(?<=\n)", token.content)
    inside = "".join(lines[cited.first : cited.last + 1])
    before, after = "".join(lines[: cited.first]), "".join(lines[cited.last + 1 :])
    return f'{escape(before)}<span class="cited">{escape(inside)}</span>{escape(after)}'


def _link_bare_urls(state: StateCore) -> None:
    """Make links of the addresses in running text."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        made: list[Token] = []
        depth = 0
        for token in block.children:
            depth += token.nesting if token.type in ("link_open", "link_close") else 0
            made += _linked(token) if token.type == "text" and not depth else [token]
        block.children = made


def _linked(token: Token) -> list[Token]:
    made: list[Token] = []
    at = 0
    for match in _URL.finditer(token.content):
        url = _trimmed(match[0])
        opening = Token("link_open", "a", 1, attrs={"href": url})
        made += [_text(token.content[at : match.start()]), opening]
        made += [_text(url), Token("link_close", "a", -1)]
        at = match.start() + len(url)
    return [*made, _text(token.content[at:])] if made else [token]


def _trimmed(url: str) -> str:
    """Leave out the punctuation after an address, and a bracket that was opened before it."""
    end = len(url)
    unopened = url.count(")") - url.count("(")
    while url[end - 1] in _TRAILING or (url[end - 1] == ")" and unopened > 0):
        end -= 1
        unopened -= url[end] == ")"
    return url[:end]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
