"""Quoted answers: the sentences of the best notes that answer, word for word."""

import re
from collections.abc import Sequence

from assistant.answering.answer import Answer, Citation
from assistant.answering.belonging import belonging
from assistant.answering.phrases import not_found
from assistant.answering.quotable import Quotable, within
from assistant.answering.saying import said_of
from assistant.answering.scoring import Scored, score_quotables
from corpus.lines import lines_of
from corpus.note import Span
from index.finding.hit import Hit
from index.finding.lexical import TermWeights
from index.finding.rating import Rater

SOURCES = 5
"""Notes that an answer is quoted from, and that it shows."""

QUOTED = 4
"""Sentences, rows or commands that an answer has at most."""

FAR = 0.15
"""What is so much worse than the best is not quoted."""

_GAP = re.compile(r"[ \t]*(?:\n[ \t]*)?")


def quote_answer(
    question: str, hits: Sequence[Hit], weights: TermWeights, rater: Rater, confidence: float
) -> Answer:
    """Answer with one to four quotes from the first hits: the best, then what stands near it."""
    scored = score_quotables(question, hits[:SOURCES], weights, rater)
    citations = tuple(_citation(run) for run in _choose(scored))
    text = "\n".join(_numbered(citation) for citation in citations)
    return Answer(question, True, confidence, text, citations, tuple(hits[:SOURCES]))


def refuse(question: str, hits: Sequence[Hit], confidence: float) -> Answer:
    """Say that the notes do not hold the answer, and offer the nearest ones."""
    nearest = tuple(hits[:SOURCES])
    return Answer(question, False, confidence, not_found(question, bool(nearest)), (), nearest)


def _choose(scored: Sequence[Scored]) -> list[list[Quotable]]:
    """Return what is quoted, in the order in which it reads; each list is one quote.

    The best leads, with what belongs to it; then what comes near it: of the same note, then of the
    others, each in its own order. Steps are never turned around.
    """
    if not scored:
        return []
    found = [candidate.one for candidate in scored]
    order = sorted(scored, key=lambda candidate: -candidate.score)
    best = order[0].one
    chosen: list[list[Quotable]] = []
    texts: set[str] = set()
    for one in (c.one for c in order if c.score >= order[0].score - FAR):
        room = QUOTED - sum(map(len, chosen))
        if one.text in texts or room <= 0:
            continue  # quoted already, maybe from another note
        group = belonging(one, found)
        is_whole = len(group) <= room and texts.isdisjoint(part.text for part in group)
        if not chosen or is_whole:
            chosen.append(group)
        elif not one.announces:
            chosen.append([one])
        else:
            continue  # a caption says nothing without its snippet
        texts |= {part.text for part in chosen[-1]}
    lead = [] if best.is_step else chosen[:1]
    rest = sorted(
        chosen[len(lead) :],
        key=lambda group: (group[0].source != best.source, group[0].source, group[0].place),
    )
    return _runs([*lead, *rest])


def _runs(chosen: Sequence[Sequence[Quotable]]) -> list[list[Quotable]]:
    """Join what follows upon each other in one paragraph."""
    runs: list[list[Quotable]] = []
    for group in chosen:
        if runs and _follows(runs[-1][-1], group[0]):
            runs[-1].extend(group)
        else:
            runs.append(list(group))
    return runs


def _follows(one: Quotable, other: Quotable) -> bool:
    if one.source != other.source or one.place + 1 != other.place or one.is_code or other.is_code:
        return False
    return bool(_GAP.fullmatch(within(one.note, Span(one.span.end, other.span.start))))


def _citation(run: Sequence[Quotable]) -> Citation:
    note, span = run[0].note, Span(run[0].span.start, run[-1].span.end)
    quote = within(note, span)
    said = said_of(note, quote, run[0].is_cut)
    return Citation(run[0].source, note.path, lines_of(note, span), quote, said)


def _numbered(citation: Citation) -> str:
    gap = "\n" if "\n" in citation.said else " "
    return f"{citation.said}{gap}[{citation.n}]"
