"""How well a sentence answers: its own nearness, its note's score, what its headings say."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.quotable import Quotable, quotables
from assistant.answering.reading import rate
from index.finding.hit import Hit
from index.finding.lexical import TermWeights
from index.finding.rating import Rater
from index.terms import analyze

SHARE, HEADED, CODE = 0.5, 0.4, 0.09
"""What the rest counts beside nearness; fitted by `python -m tests.bench.fit_quoting`."""

POINTER = 0.2
"""What an image or a link without a word beside it loses: it answers less than it names."""


@dataclass(frozen=True, slots=True)
class Scored:
    """`near` is how near it is to the question, about -1 to 1; `share` its note's score as a share
    of the best note's; `headed` the share of the question's words that only its note's heading or
    row says. Both 0 to 1.
    """

    one: Quotable
    near: float
    share: float
    headed: float

    @property
    def score(self) -> float:
        """How well it answers, among the quotables of one question."""
        is_pointer = self.one.is_bare and self.one.span != self.one.note.body
        return (
            self.near
            + SHARE * self.share
            + HEADED * self.headed
            + CODE * self.one.is_code
            - POINTER * is_pointer
        )


def score_quotables(
    question: str, hits: Sequence[Hit], weights: TermWeights, rater: Rater
) -> list[Scored]:
    """Score what the hits' passages say, and all of the first one's note."""
    found = [
        one
        for source, hit in enumerate(hits, start=1)
        for one in quotables(source, hit, beyond=source == 1)
    ]
    rated = rate(question, found, rater)
    top = max((hit.score for hit in hits), default=0.0) or 1.0
    return [
        Scored(
            one,
            rated[one.source, one.place],
            one.hit.score / top,
            _added_by_headings(one, weights),
        )
        for one in found
        if (one.source, one.place) in rated
    ]


def _added_by_headings(one: Quotable, weights: TermWeights) -> float:
    note = one.note
    own = analyze(one.text)
    about = "\n".join((*note.headings[-1:], *(note.meta[key] for key in note.columns)))
    return weights.coverage((*analyze(about), *own)) - weights.coverage(own)
