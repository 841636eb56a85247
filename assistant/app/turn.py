"""A question of a conversation and what came of it."""

from dataclasses import dataclass, field
from threading import Event

from assistant.answering.answer import Answer
from assistant.app.problem import Problem
from index.finding.hit import Hit


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome as HTML: what is said, and the cards of its sources."""

    said: str
    cards: str


@dataclass(frozen=True, slots=True)
class Turn:
    """`n` counts from 1; `outcome` is None until there is something of an answer.

    `searched` is what the user wants to be searched for, where that is not left to the assistant.
    `stop`, once set, ends the writing. `shown` is there once it need not be made again.
    """

    n: int
    question: str
    outcome: Answer | Problem | None = None
    searched: str = ""
    shown: Shown | None = field(default=None, compare=False, repr=False)
    stop: Event = field(default_factory=Event, compare=False, repr=False)

    @property
    def searched_for(self) -> str:
        """What was searched for, where that is not the question."""
        return self.outcome.searched if isinstance(self.outcome, Answer) else ""

    @property
    def sources(self) -> tuple[Hit, ...]:
        """The notes behind its answer."""
        return self.outcome.sources if isinstance(self.outcome, Answer) else ()

    @property
    def is_being_written(self) -> bool:
        """Whether a language model is at work on it."""
        written = self.outcome.written if isinstance(self.outcome, Answer) else None
        return written is not None and written.ending is None
