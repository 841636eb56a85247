"""One page's conversation. It changes while answers are under way, so it is an object."""

from dataclasses import dataclass, replace

from assistant.app.handlers import ask
from assistant.app.transcript import Turn
from assistant.assistant import Assistant

KEPT_TURNS = 50
"""Turns that a page keeps."""


@dataclass(slots=True)
class Conversation:
    """The turns so far, the oldest first."""

    turns: tuple[Turn, ...] = ()

    def pose(self, question: str) -> Turn:
        """Add a question that is not answered yet."""
        n = self.turns[-1].n + 1 if self.turns else 1
        turn = Turn(n, question.strip())
        self.turns = (*self.turns, turn)[-KEPT_TURNS:]
        return turn

    def settle(self, assistant: Assistant, turn: Turn) -> bool:
        """Answer `turn`; False if the conversation was begun anew meanwhile."""
        settled = replace(turn, outcome=ask(assistant, turn.question))
        is_here = any(other is turn for other in self.turns)
        self.turns = tuple(settled if other is turn else other for other in self.turns)
        return is_here

    def begin(self) -> None:
        """Begin anew."""
        self.turns = ()
