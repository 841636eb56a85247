"""One page's conversation. It changes while answers are under way, so it is an object."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event

from assistant.answering.answer import Answer
from assistant.app.handlers import answers
from assistant.app.problem import Problem, told
from assistant.app.settled import Settled
from assistant.app.transcript import settled
from assistant.app.turn import Turn
from assistant.assistant import Assistant
from assistant.follow_ups.resolving import Exchange

KEPT_TURNS = 30
"""Turns that a page keeps."""

_Earlier = tuple[str, Answer | Problem | Settled]
"""A question, and what came of it."""


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
            (other.question, other.found)
            for other in self.turns
            if other.n < turn.n and other.found
        ]
        for answered in _settled(assistant, turn, earlier):
            if not any(other is turn for other in self.turns):
                turn.stop.set()
                return
            self.turns = tuple(answered if other is turn else other for other in self.turns)
            turn = answered
            yield

    def stop(self) -> None:
        """End what is being written."""
        for turn in self.turns:
            turn.stop.set()

    def begin(self) -> None:
        """Begin anew."""
        self.stop()
        self.turns = ()


def _settled(assistant: Assistant, turn: Turn, earlier: Sequence[_Earlier]) -> Iterator[Turn]:
    """Yield the turn with what came of it, as that grows where a language model writes it."""
    if assistant.writer:
        exchanges = _exchanges(earlier)
        for outcome in answers(assistant, turn.question, exchanges, turn.searched, turn.stop):
            yield replace(turn, found=outcome)
        return
    found = told(assistant.call)(settled_of, turn.n, turn.question, earlier, turn.searched)
    yield replace(turn, found=found)


def settled_of(
    assistant: Assistant, n: int, question: str, earlier: Sequence[_Earlier], searched: str
) -> Settled:
    """Return what comes of the question of turn `n`."""
    *_, outcome = answers(assistant, question, _exchanges(earlier), searched, Event())
    return settled(n, question, outcome, searched)


def _exchanges(earlier: Sequence[_Earlier]) -> list[Exchange]:
    exchanges = []
    for question, found in earlier:
        outcome = found.outcome if isinstance(found, Settled) else found
        if isinstance(outcome, Answer):
            exchanges.append(Exchange(question, outcome.searched or question, outcome))
    return exchanges
