"""One page's conversation. It changes while answers are under way, so it is an object."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event

from assistant.answering.answer import Answer
from assistant.app.handlers import answers
from assistant.app.problem import Problem, told
from assistant.app.transcript import shown_of
from assistant.app.turn import Shown, Turn
from assistant.assistant import Assistant
from assistant.follow_ups.resolving import Exchange

KEPT_TURNS = 30
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

    def pose_again(self, searched: str) -> Turn | None:
        """Ask the last question anew, to be searched for as the user has it; None if there is none."""
        if not self.turns:
            return None
        last = self.turns[-1]
        last.stop.set()
        turn = Turn(last.n, last.question, searched=searched.strip())
        self.turns = (*self.turns[:-1], turn)
        return turn

    def settle(self, assistant: Assistant, turn: Turn) -> Iterator[None]:
        """Answer `turn`, yielding whenever there is more of its answer.

        It ends where the conversation is begun anew, or the question asked anew.
        """
        earlier = [
            Exchange(other.question, other.outcome.searched or other.question, other.outcome)
            for other in self.turns
            if other.n < turn.n and isinstance(other.outcome, Answer)
        ]
        for settled in _settled(assistant, turn, earlier):
            if not any(other is turn for other in self.turns):
                turn.stop.set()
                return
            self.turns = tuple(settled if other is turn else other for other in self.turns)
            turn = settled
            yield

    def stop(self) -> None:
        """End what is being written."""
        for turn in self.turns:
            turn.stop.set()

    def begin(self) -> None:
        """Begin anew."""
        self.stop()
        self.turns = ()


def _settled(assistant: Assistant, turn: Turn, earlier: Sequence[Exchange]) -> Iterator[Turn]:
    """Yield the turn with its outcome, as that grows where a language model writes it."""
    if assistant.writer:
        for outcome in answers(assistant, turn.question, earlier, turn.searched, turn.stop):
            yield replace(turn, outcome=outcome)
        return
    found = told(assistant.call)(outcome_of, turn.n, turn.question, tuple(earlier), turn.searched)
    outcome, shown = (found, None) if isinstance(found, Problem) else found
    yield replace(turn, outcome=outcome, shown=shown)


def outcome_of(
    assistant: Assistant, n: int, question: str, earlier: Sequence[Exchange], searched: str
) -> tuple[Answer | Problem, Shown]:
    """Return what comes of the question of turn `n`, and as HTML."""
    *_, outcome = answers(assistant, question, earlier, searched, Event())
    return outcome, shown_of(Turn(n, question, outcome, searched))
