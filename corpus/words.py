"""The plain words of a piece of Markdown, for titles and breadcrumbs."""

import re

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\[[^\]]*\]")
_MARKS = re.compile(r"(\*\*|__|~~|`+)")
_LEAD = re.compile(r"^\s*(?:>\s*|[-*+]\s+(?:\[[ xX]\]\s+)?|\d+[.)]\s+|#{1,6}\s+)+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LONGEST = 1000
"""Characters that are looked at: titles are short, and brackets without end take long."""

_SPACE = re.compile(r"\s+")


def plain_words(markdown: str) -> str:
    """Return the words of inline Markdown: link texts without targets, no emphasis, one line."""
    text = _IMAGE.sub(r"\1", markdown[:_LONGEST])
    text = _LINK.sub(lambda match: match[1] if match[1] is not None else match[2], text)
    text = _ESCAPE.sub(r"\1", _MARKS.sub("", text))
    return _SPACE.sub(" ", text).strip()


def first_words(markdown: str, width: int = 60) -> str:
    """Return the first line with words, as plain words, at most `width` characters."""
    for line in markdown.splitlines():
        words = plain_words(_LEAD.sub("", line[:_LONGEST])).strip("|").strip()
        if any(character.isalnum() for character in words):
            return words if len(words) <= width else words[: width - 1].rstrip() + "…"
    return ""
