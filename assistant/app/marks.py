"""Mark the words of a question in HTML."""

from collections.abc import Collection
from html import escape
from html.parser import HTMLParser

from index.terms import tokens

_VOID = frozenset({"br", "hr", "img", "wbr", "col"})


def mark_html(html: str, terms: Collection[str]) -> str:
    """Return `html`, well-formed, with <mark> around the words of its text that make `terms`."""
    if not terms:
        return html
    marker = _Marker(frozenset(terms))
    marker.feed(html)
    marker.close()
    return "".join(marker.parts)


def mark_text(text: str, terms: Collection[str]) -> str:
    """Return plain `text` as HTML with its words that make `terms` marked."""
    parts = []
    at = 0
    for start, end in _ranges(text, frozenset(terms)):
        parts += [escape(text[at:start], quote=False), "<mark>"]
        parts += [escape(text[start:end], quote=False), "</mark>"]
        at = end
    return "".join((*parts, escape(text[at:], quote=False)))


def _ranges(text: str, terms: frozenset[str]) -> list[tuple[int, int]]:
    """Return where terms stand, in order; what overlaps or touches is one range."""
    found = sorted((token.start, token.end) for token in tokens(text) if token.term in terms)
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Marker(HTMLParser):
    """Says the HTML again, text marked."""

    def __init__(self, terms: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.terms = terms
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.parts.append(f"<{tag}{told}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(mark_text(data, self.terms))
