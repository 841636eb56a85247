"""The text of a Markdown file that is not code, as its readers see it or as it hides from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of text without its code. `line` is 0-based, of the file's text that was read.

    `is_nested_header`: it heads a column of a table within a list or a quote, which has no notes.
    """

    line: int
    text: str
    is_nested_header: bool = False


def prose_of(source: str) -> Iterator[Prose]:
    """Yield all text but code, and but the rows of top-level tables; comments and titles too."""
    environment: dict[str, Any] = {}
    line, in_rows, in_header = 0, False, False
    tokens = _PARSER.parse(source, environment)
    for token in tokens:
        line = token.map[0] if token.map else line
        if token.type in ("tbody_open", "tbody_close") and token.level == 1:
            in_rows = token.nesting == 1
        elif token.type in ("thead_open", "thead_close"):
            in_header = token.nesting == 1 and token.level > 1
        elif token.type == "html_block":
            yield Prose(line, token.content)
        elif token.type == "inline" and not in_rows:
            yield Prose(line, _spoken(token), in_header)
    for label, target in environment.get("references", {}).items():
        yield Prose(0, f"{label} {target.get('title', '')}")


def prose_of_line(text: str) -> str:
    """Return a row of a table, or another line, without its code."""
    return "".join(_spoken(token) for token in _PARSER.parseInline(text))


def code_lines(source: str) -> set[int]:
    """Return the 0-based lines of code blocks, fences included."""
    lines: set[int] = set()
    for token in _BLOCKS.parse(source):
        if token.type in ("fence", "code_block") and token.map:
            lines.update(range(*token.map))
    return lines


def _spoken(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type == "code_inline":
            parts.append(" ")
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(" " + _spoken(child))
        else:
            parts.append(child.content)
    return "".join(parts)


def _blocks() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


_BLOCKS = _blocks()
