"""What of a hit answers the question: sentences and words, by meaning as by words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from corpus.note import Span
from corpus.sentences import part_sentences
from index.embedding.token_vectors import TokenVectors
from index.finding.hit import Highlights, Hit, LitSentence
from index.finding.near_words import near_words, places_of, telling_terms, without
from index.finding.rating import Rater, rate_by_tokens
from index.terms import tokens

LIT_HITS = 10
"""Hits whose meaning is looked at; of later ones the equal words only."""

LIT_TOKENS = 320
"""Tokens that one search may run through the model for its highlights."""

MOST_SENTENCES = 2
FEWEST_SENTENCES = 3
"""A passage of fewer sentences is read at a glance: none of them stands out."""

LEAST_STRENGTH = 0.35
"""Below it a sentence is as near as those of a strange passage; see tests/bench/LOG.md."""

_NEAR_BEST = 0.9


class Highlighter:
    """Lights hits from any thread."""

    def __init__(self, rater: Rater) -> None:
        self._rater = rater

    def light(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the hits with their highlights."""
        lit = self._highlights(question, hits)
        return tuple(replace(hit, highlights=found) for hit, found in zip(hits, lit, strict=True))

    def _highlights(self, question: str, hits: Sequence[Hit]) -> tuple[Highlights, ...]:
        terms = telling_terms(question)
        if not terms or not hits:
            return tuple(Highlights() for _ in hits)
        first = self._affordable(hits)
        vectors = self._rater.tokens([question, *(hit.passage_text for hit in first)])
        if vectors is None:
            lit = [self._by_sentences(question, terms, hit) for hit in first]
        else:
            asked, *said = vectors
            lit = [
                _by_tokens(question, asked, hit, own) for hit, own in zip(first, said, strict=True)
            ]
        return (*lit, *(_in_file(hit, [], _equal(terms, hit), []) for hit in hits[len(first) :]))

    def _affordable(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Return the first hits, as many as the budget of tokens allows, but one at least."""
        first = hits[:LIT_HITS]
        spent = np.cumsum(self._rater.embedder.count_tokens([hit.passage_text for hit in first]))
        return first[: max(1, int(np.searchsorted(spent, LIT_TOKENS, side="right")))]

    def _by_sentences(self, question: str, terms: frozenset[str], hit: Hit) -> Highlights:
        """Where a model does not show its tokens: cosines, and the terms that are shared."""
        spans = _sentences(hit)
        cosines = self._rater.cosines(question, [span.of(hit.passage_text) for span in spans])
        (scores,) = self._rater.rate(question, [(hit.passage_text, spans)])
        return _in_file(hit, _strongest(spans, cosines, scores), _equal(terms, hit), [])


def _by_tokens(question: str, asked: TokenVectors, hit: Hit, said: TokenVectors) -> Highlights:
    text, spans = hit.passage_text, _sentences(hit)
    rated = rate_by_tokens(asked, said, spans)
    found = tokens(text)
    equal = places_of(telling_terms(question), found)
    near = without(near_words(question, asked, text, said, found), equal)
    return _in_file(hit, _strongest(spans, rated, rated), equal, near)


def _equal(terms: frozenset[str], hit: Hit) -> list[Span]:
    return places_of(terms, tokens(hit.passage_text))


def _sentences(hit: Hit) -> list[Span]:
    """Return the sentences of a passage that is long enough to choose among them."""
    parts = part_sentences(hit.passage_text)
    return (
        [part.span for part in parts if not part.is_code] if len(parts) >= FEWEST_SENTENCES else []
    )


def _strongest(
    spans: Sequence[Span], strengths: Sequence[float], scores: Sequence[float]
) -> list[LitSentence]:
    """Return the sentence that scores best, and what comes near it; none if all are far."""
    near = [i for i in range(len(spans)) if strengths[i] >= LEAST_STRENGTH]
    order = sorted(near, key=lambda i: -scores[i])[:MOST_SENTENCES]
    return [
        LitSentence(spans[i], strengths[i])
        for i in order
        if scores[i] >= _NEAR_BEST * scores[order[0]]
    ]


def _in_file(
    hit: Hit, sentences: Sequence[LitSentence], words: Sequence[Span], near: Sequence[Span]
) -> Highlights:
    """Move spans in the passage to where they stand in the file."""

    def moved(span: Span) -> Span:
        return Span(span.start + hit.passage.start, span.end + hit.passage.start)

    return Highlights(
        tuple(LitSentence(moved(lit.span), lit.strength) for lit in sentences),
        tuple(map(moved, words)),
        tuple(map(moved, near)),
    )
