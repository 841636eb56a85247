"""What searches tell of a question: whether the notes know it, and which of them it means."""

from collections.abc import Callable, Iterable

from assistant.answering.answer import Answer
from index.finding.evidence import THRESHOLD
from index.finding.fusion import DENSE
from index.finding.hit import Hit
from index.finding.search import Found
from index.terms import analyze

Probe = Callable[[str], Found]
"""Searches the notes as an answer would."""

_NEAR = 0.85
"""Of the nearest note's cosine, from which another note is meant as well."""

_COVERED = 0.5
"""Of a question's weight, from which a note is about it."""


class Probing:
    """The searches for one question, each made once."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._found: dict[str, Found] = {}

    def find(self, text: str) -> Found:
        """Search for `text`."""
        if text not in self._found:
            self._found[text] = self._probe(text)
        return self._found[text]

    def is_known(self, text: str) -> bool:
        """Whether the notes seem to hold an answer to `text` by itself."""
        return self.likelihood(text) >= THRESHOLD

    def likelihood(self, text: str) -> float:
        """Return the probability that the notes hold an answer to `text`."""
        return self.find(text).evidence.probability

    def best(self, texts: Iterable[str]) -> str:
        """Return the text that its first note fits best."""
        return max(
            texts, key=lambda text: max((hit.score for hit in self.find(text).hits), default=0.0)
        )

    def first(self, text: str) -> Hit | None:
        """Return the first note for `text`."""
        return next(iter(self.find(text).hits), None)

    def fits(self, hit: Hit | None, text: str, least: float = _COVERED) -> bool:
        """Whether a note that was found otherwise is among those that `text` by itself means."""
        if hit is None:
            return False
        alone = self.find(text)
        if not self.is_known(text):
            return alone.weights.coverage(analyze(_all_of(hit))) >= least
        near = {other.key: other.trace[DENSE].score for other in alone.hits}
        if hit.key in near and near[hit.key] >= _NEAR * max(near.values()):
            return True
        return alone.weights.coverage(analyze(_all_of(hit))) >= least


def first_source(answer: Answer) -> Hit | None:
    """Return the note that an answer quotes first, or that came nearest."""
    return next(iter(answer.sources), None)


def is_same(one: Hit | None, other: Hit | None) -> bool:
    """Whether both are the same note."""
    return one is not None and other is not None and one.key == other.key


def _all_of(hit: Hit) -> str:
    return "\n".join((hit.note.text, *hit.note.headings, *hit.note.meta.values()))
