"""What came of a question, made small: a conversation is kept for as long as its page is open."""

import pickle
import zlib
from dataclasses import dataclass

from assistant.answering.answer import Answer
from assistant.app.problem import Problem


@dataclass(frozen=True, slots=True)
class Settled:
    """An outcome and its HTML: what is said, and the cards of its sources, if it has any.

    As bytes they take a seventh of the memory, and pass between processes as they are.
    """

    searched_for: str
    has_cards: bool
    _outcome: bytes
    _said: bytes
    _cards: bytes

    @classmethod
    def of(cls, outcome: Answer | Problem, said: str, cards: str) -> "Settled":
        """Make an outcome and its HTML small."""
        return cls(
            outcome.searched if isinstance(outcome, Answer) else "",
            bool(cards),
            zlib.compress(pickle.dumps(outcome)),
            zlib.compress(said.encode()),
            zlib.compress(cards.encode()),
        )

    @property
    def outcome(self) -> Answer | Problem:
        """The outcome; it is made anew each time."""
        found: Answer | Problem = pickle.loads(zlib.decompress(self._outcome))
        return found

    @property
    def said(self) -> str:
        """What is said, as HTML."""
        return zlib.decompress(self._said).decode()

    @property
    def cards(self) -> str:
        """The cards of the sources, as HTML."""
        return zlib.decompress(self._cards).decode()
