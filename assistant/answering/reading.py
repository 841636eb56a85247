"""Read closely what may be quoted: the passages that were found, and what stands around them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.answering.quotable import Quotable, within
from corpus.note import Kind, Span
from index.finding.rating import Rater

AROUND = 640
"""Tokens that are read around a passage, the nearest first."""

_Window = tuple[str, list[Span], list[Quotable]]


def rate(question: str, found: Sequence[Quotable], rater: Rater) -> dict[tuple[int, int], float]:
    """Return how near each quotable is to the question, by source and place.

    Those that stand too far from their passage are not read, and left out.
    """
    windows = [
        window
        for _, own in groupby(found, lambda one: one.source)
        for window in _windows(list(own), rater)
    ]
    rated = rater.rate(question, [(text, spans) for text, spans, _ in windows])
    return {
        (one.source, one.place): score
        for (_, _, read), scores in zip(windows, rated, strict=True)
        for one, score in zip(read, scores, strict=True)
    }


def _windows(own: Sequence[Quotable], rater: Rater) -> Iterator[_Window]:
    """Yield the passage, and what stands around it in texts that the model reads whole.

    A row is read with all its cells.
    """
    hit = own[0].hit
    passage = hit.passage
    if hit.note.kind is Kind.ROW and own[0].span == hit.note.body:
        text = "\n".join(hit.note.meta[key] for key in hit.note.columns)
        yield text, [Span(0, len(text))], list(own)
        return
    inside = [one for one in own if one.span.start < passage.end and one.span.end > passage.start]
    yield hit.passage_text, [_within(one.span, passage) for one in inside], inside
    around = [one for one in own if one not in inside]
    if not around:
        return
    counts = rater.embedder.count_tokens([one.text for one in around])
    tokens = {one.place: count for one, count in zip(around, counts, strict=True)}
    left = AROUND
    near: list[Quotable] = []
    for one in sorted(around, key=lambda one: _distance(one.span, passage)):
        left -= tokens[one.place]
        if left < 0:
            break
        near.append(one)
    near.sort(key=lambda one: one.place)
    while near:
        window, near = _fitting(near, tokens, passage, rater.embedder.max_tokens)
        span = Span(window[0].span.start, window[-1].span.end)
        yield within(hit.note, span), [_within(one.span, span) for one in window], window


def _fitting(
    near: Sequence[Quotable], tokens: dict[int, int], passage: Span, most: int
) -> tuple[list[Quotable], list[Quotable]]:
    """Part what begins `near` and stands together from the rest."""
    spent = 0
    for i, one in enumerate(near):
        spent += tokens[one.place]
        is_parted = i and near[i - 1].span.start < passage.start <= one.span.start
        if i and (spent > most or is_parted):
            return list(near[:i]), list(near[i:])
    return list(near), []


def _within(span: Span, other: Span) -> Span:
    return Span(max(span.start, other.start) - other.start, min(span.end, other.end) - other.start)


def _distance(span: Span, passage: Span) -> int:
    return max(passage.start - span.end, span.start - passage.end)
