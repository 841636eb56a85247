"""Mark in HTML what answers a question: its words, words near them, sentences."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from assistant.app.shown_text import places_in
from corpus.note import Span
from index.finding.near_words import merged, places_of, without
from index.terms import tokens

_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_NEAR = '<mark class="near">'

LONGEST = 40_000
"""Characters that are marked; a longer text is shown as it is: a megabyte would take seconds."""

_TAG_OR_LONG_WORD = re.compile(r'<(?:[^>"]|"[^"]*")*>|((?:&#?\w+;|[^\s<>&]){500})')


@dataclass(frozen=True, slots=True)
class Lit:
    """Spans in `source`, the Markdown that HTML was made of: sentences, and words near in meaning.

    `label` is the sentences' class in the page: they answer, or nothing supports them ("doubt").
    """

    source: str = ""
    sentences: tuple[Span, ...] = ()
    near: tuple[Span, ...] = ()
    label: str = "answers"


UNLIT = Lit()


def mark_html(html: str, terms: Collection[str], lit: Lit = UNLIT) -> str:
    """Return `html`, well-formed, with <mark> around the words of its text that make `terms`.

    What is `lit` of its Markdown is marked as well: near words by the class "near", sentences by a
    span of their class in each piece of text that they take part in.
    """
    if len(html) > LONGEST or not (terms or lit.sentences or lit.near):
        return html
    shown = _shown(html) if lit.sentences or lit.near else ""
    sentences, near = (places_in(shown, lit.source, spans) for spans in (lit.sentences, lit.near))
    marker = _Marker(frozenset(terms), merged(sentences), merged(near), lit.label)
    marker.feed(html)
    marker.close()
    return "".join(marker.parts)


def mark_text(text: str, terms: Collection[str]) -> str:
    """Return plain `text` as HTML with its words that make `terms` marked."""
    return breakable(_marked(text, _equal(text, terms) if len(text) <= LONGEST else (), ()))


def breakable(html: str) -> str:
    """Return HTML where every word may be broken after 500 characters.

    Browsers take time that grows with the square of an unbroken word: 13 s for 100,000 times "A".
    """
    if max(map(len, html.split()), default=0) < 500:
        return html
    return _TAG_OR_LONG_WORD.sub(lambda at: f"{at[1]}<wbr>" if at[1] else at[0], html)


def _equal(text: str, terms: Collection[str]) -> list[Span]:
    return places_of(frozenset(terms), tokens(text)) if terms else []


def _marked(text: str, equal: Sequence[Span], near: Sequence[Span]) -> str:
    parts = []
    at = 0
    for span, tag in sorted([(s, "<mark>") for s in equal] + [(s, _NEAR) for s in near]):
        parts += [escape(text[at : span.start], quote=False), tag]
        parts += [escape(span.of(text), quote=False), "</mark>"]
        at = span.end
    return "".join((*parts, escape(text[at:], quote=False)))


def _within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return what of `spans` lies between, counted from `start`."""
    return [
        Span(max(span.start, start) - start, min(span.end, end) - start)
        for span in spans
        if span.start < end and start < span.end
    ]


def _shown(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


class _Reader(HTMLParser):
    """Takes the text out of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


class _Marker(HTMLParser):
    """Says the HTML again, text marked; `sentences` and `near` are places in its whole text."""

    def __init__(
        self, terms: frozenset[str], sentences: Sequence[Span], near: Sequence[Span], label: str
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.label = label
        self.terms, self.sentences, self.near = terms, sentences, near
        self.parts: list[str] = []
        self._at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.parts.append(f"<{tag}{told}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        start, end = self._at, self._at + len(data)
        self._at = end
        equal = _equal(data, self.terms)
        near = without(_within(self.near, start, end), equal)
        at = 0
        for lit in _within(self.sentences, start, end):
            self.parts.append(self._piece(data, at, lit.start, equal, near))
            piece = self._piece(data, lit.start, lit.end, equal, near)
            lit_piece = f'<span class="{self.label}">{piece}</span>'
            self.parts.append(lit_piece if piece.strip() else piece)
            at = lit.end
        self.parts.append(self._piece(data, at, len(data), equal, near))

    def _piece(
        self, data: str, start: int, end: int, equal: Sequence[Span], near: Sequence[Span]
    ) -> str:
        return _marked(data[start:end], _within(equal, start, end), _within(near, start, end))
