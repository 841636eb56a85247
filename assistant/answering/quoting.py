"""Quoted answers: the sentences of the best notes that answer, word for word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.answer import Answer, Citation
from assistant.answering.phrases import not_found
from corpus.lines import LineIndex
from corpus.note import Kind, Lines, Note, Span
from corpus.roles import REMARK
from corpus.sentences import part_sentences
from index.embedding.embedder import Embedder
from index.finding.hit import Hit
from index.finding.lexical import TermWeights
from index.terms import analyze

SOURCES = 5
"""Notes that an answer shows."""

QUOTED_NOTES = 3
SENTENCES = 4
WHOLE = 320
"""A note of at most so many characters is quoted whole."""

_MEANING, _WORDS, _PLACE = 0.5, 0.3, 0.2
_NEAR_BEST = 0.8


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Something that could be quoted: `span` lies in the note's file."""

    source: int
    hit: Hit
    span: Span
    text: str


def quote_answer(
    question: str,
    hits: Sequence[Hit],
    weights: TermWeights,
    embedder: Embedder,
    confidence: float,
) -> Answer:
    """Answer with one to four quotes from the first hits, in the order of their sources."""
    candidates = [
        candidate
        for source, hit in enumerate(hits[:QUOTED_NOTES], start=1)
        for candidate in _candidates(source, hit)
    ]
    scores = _scores(question, candidates, weights, embedder)
    chosen = _choose(candidates, scores)
    citations = tuple(_citation(candidate) for candidate in chosen)
    text = "\n".join(_numbered(citation) for citation in citations)
    return Answer(question, True, confidence, text, citations, tuple(hits[:SOURCES]))


def refuse(question: str, hits: Sequence[Hit], confidence: float) -> Answer:
    """Say that the notes do not hold the answer, and offer the nearest ones."""
    nearest = tuple(hits[:SOURCES])
    return Answer(question, False, confidence, not_found(question, bool(nearest)), (), nearest)


def _candidates(source: int, hit: Hit) -> Iterator[_Candidate]:
    """A short note, row, link, image or snippet whole; of a longer one its sentences."""
    body = hit.note.body_text
    whole = hit.note.kind in (Kind.ROW, Kind.LINK, Kind.IMAGE, Kind.CODE)
    if ((whole or len(part_sentences(body)) == 1) and len(body) <= 4 * WHOLE) or len(body) <= WHOLE:
        yield _Candidate(source, hit, hit.note.body, body)
        return
    start = hit.passage.start
    for sentence in part_sentences(hit.passage_text):
        span = Span(start + sentence.span.start, start + sentence.span.end)
        yield _Candidate(source, hit, span, sentence.span.of(hit.passage_text))


def _scores(
    question: str,
    candidates: Sequence[_Candidate],
    weights: TermWeights,
    embedder: Embedder,
) -> list[float]:
    """Score by meaning, by the question's words, and by the note's own score; about 0 to 1."""
    if not candidates:
        return []
    asked = embedder.embed_queries([question])[0]
    said = embedder.embed_documents([_in_context(candidate) for candidate in candidates])
    meaning = np.asarray(said @ asked, dtype=float)
    top = max(candidate.hit.score for candidate in candidates) or 1.0
    return [
        _MEANING * float(near)
        + _WORDS * weights.coverage(analyze(_in_context(candidate)))
        + _PLACE * candidate.hit.score / top
        for candidate, near in zip(candidates, meaning, strict=True)
    ]


def _in_context(candidate: _Candidate) -> str:
    note = candidate.hit.note
    context = [*note.headings[-1:], *(note.meta[key] for key in note.columns)]
    return "\n".join((*context, candidate.text))


def _choose(candidates: Sequence[_Candidate], scores: Sequence[float]) -> list[_Candidate]:
    """Take the best and what comes near it, and put that into the order of source and place."""
    order = sorted(range(len(candidates)), key=lambda i: -scores[i])
    kept = [i for i in order[:SENTENCES] if scores[i] >= _NEAR_BEST * scores[order[0]]]
    best = candidates[kept[0]].source if kept else 0
    chosen = [candidates[i] for i in kept]
    return sorted(chosen, key=lambda c: (c.source != best, c.source, c.span.start))


def _citation(candidate: _Candidate) -> Citation:
    note = candidate.hit.note
    lines = lines_of(note, candidate.span)
    return Citation(candidate.source, note.path, lines, candidate.text, _said(candidate))


def lines_of(note: Note, span: Span) -> Lines:
    """Return the lines of the file that `span`, a part of the note, touches."""
    start = span.start - note.span.start
    inside = LineIndex(note.text).lines(Span(start, start + span.end - span.start))
    offset = note.lines.first - 1
    return Lines(inside.first + offset, inside.last + offset)


def _said(candidate: _Candidate) -> str:
    """A row without a content column reads as its cells, one with a remark ends in it."""
    note, text = candidate.hit.note, candidate.text
    if note.kind is not Kind.ROW:
        return text
    if note.body == note.span:
        return _cells(note)
    remark = note.meta.get(REMARK, "")
    return f"{text} — {remark}" if remark else text


def _cells(note: Note) -> str:
    """Two cells read as "term — meaning"; of more, all but the first have their column's name."""
    cells = [(key, note.meta[key]) for key in note.columns]
    if len(cells) <= 2:
        return " — ".join(text for _, text in cells)
    return f"{cells[0][1]} — " + "; ".join(f"{key}: {text}" for key, text in cells[1:])


def _numbered(citation: Citation) -> str:
    gap = "\n" if "\n" in citation.said else " "
    return f"{citation.said}{gap}[{citation.n}]"
