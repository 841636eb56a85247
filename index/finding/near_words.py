"""Which words of a text are those of a question: the same, or near in meaning, in any language."""

from collections.abc import Sequence

import numpy as np

from corpus.note import Span
from index.embedding.token_vectors import TokenVectors
from index.terms import Token, analyze_query, tokens

NEAR_WORD = 0.4
"""Cosine of two words from which one may stand for the other; see tests/bench/LOG.md."""

_PARTICLES = frozenset("么吗呢吧啊谁的")
"""Characters whose pairs with a neighbour ("么要") find notes, but are no words to mark."""

_FUNCTION = frozenset(
    "的了吗呢吧啊是和与在有之为于其以及也而但并被把从对将由就都能会可要不先再又还个"
)
"""Characters that by themselves say nothing."""


def telling_terms(text: str) -> frozenset[str]:
    """Return the terms of a question that are worth a mark."""
    return frozenset(term for term in analyze_query(text) if not _PARTICLES & set(term))


def places_of(terms: frozenset[str], found: Sequence[Token]) -> list[Span]:
    """Return where `terms` stand among a text's tokens, in order, none touching another."""
    return merged([Span(token.start, token.end) for token in found if token.term in terms])


def near_words(
    question: str,
    asked: TokenVectors,
    text: str,
    said: TokenVectors,
    found: Sequence[Token] | None = None,
    least: float = NEAR_WORD,
) -> list[Span]:
    """Return the words of `text` that are near a telling word of the question, in order.

    Each token by itself: the vectors before the first layer, where a word's neighbours are not
    mixed into it. Numbers are left out, for all numbers are near each other. `found` is
    `tokens(text)`, if it is there already.
    """
    telling = _telling(question, asked, tokens(question))
    worth = _telling(text, said, tokens(text) if found is None else found)
    if not telling or not worth:
        return []
    near = said.as_word[worth].astype(np.float32) @ asked.as_word[telling].astype(np.float32).T
    kept = (said.spans[i] for i, best in zip(worth, near.max(axis=1), strict=True) if best >= least)
    return merged([_whole_word(text, span) for span in kept])


def without(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Return the spans that no other overlaps."""
    return [s for s in spans if not any(s.start < o.end and o.start < s.end for o in others)]


def merged(spans: Sequence[Span]) -> list[Span]:
    """Join spans that overlap or touch."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def _telling(text: str, vectors: TokenVectors, found: Sequence[Token]) -> list[int]:
    """Return which of the model's tokens lie in telling words."""
    covered = np.zeros(len(text), bool)
    for place in places_of(telling_terms(text), found):
        covered[place.start : place.end] = True
    return [
        i
        for i, span in enumerate(vectors.spans)
        if covered[span.start : span.end].any() and _says_something(span.of(text))
    ]


def _says_something(piece: str) -> bool:
    return any(c.isalpha() and c not in _FUNCTION for c in piece)


def _whole_word(text: str, span: Span) -> Span:
    """Widen a piece of a word in letters to the word."""
    start, end = span.start, span.end
    if text[start].isascii():
        while start and text[start - 1].isascii() and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isascii() and text[end].isalnum():
            end += 1
    return Span(start, end)
