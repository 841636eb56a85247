"""A question of a conversation and what came of it."""

from dataclasses import dataclass, field
from threading import Event

from assistant.answering.answer import Answer
from assistant.app.problem import Problem
from assistant.app.settled import Settled
from index.finding.hit import Hit


@dataclass(frozen=True, slots=True)
class Turn:
    """`n` counts from 1; `found` is None until there is something of an answer.

    `searched` is what the user wants to be searched for, where that is not left to the assistant.
    `stop`, once set, ends the writing.
    """

    n: int
    question: str
    found: Answer | Problem | Settled | None = None
    searched: str = ""
    stop: Event = field(default_factory=Event, compare=False, repr=False)

    @property
    def outcome(self) -> Answer | Problem | None:
        """What came of it."""
        return self.found.outcome if isinstance(self.found, Settled) else self.found

    @property
    def searched_for(self) -> str:
        """What was searched for, where that is not the question."""
        if isinstance(self.found, Settled):
            return self.found.searched_for
        return self.found.searched if isinstance(self.found, Answer) else ""

    @property
    def has_cards(self) -> bool:
        """Whether sources are shown beside it."""
        if isinstance(self.found, Settled):
            return self.found.has_cards
        return isinstance(self.found, Answer) and not self.found.is_reply

    @property
    def sources(self) -> tuple[Hit, ...]:
        """The notes behind its answer."""
        outcome = self.outcome
        return outcome.sources if isinstance(outcome, Answer) else ()

    @property
    def is_being_written(self) -> bool:
        """Whether a language model is at work on it."""
        written = self.found.written if isinstance(self.found, Answer) else None
        return written is not None and written.ending is None
