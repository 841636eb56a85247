"""Answers that a language model writes: as they grow, when they fail, when they are stopped."""

import itertools
import time
from collections.abc import Iterator, Sequence
from threading import Event

import pytest

from assistant.answering.answer import Answer
from assistant.answering.ending import Ending
from assistant.answering.phrases import not_found
from assistant.generation.writer import Writer
from index.embedding.models import load_embedder
from index.finding.rating import Rater
from tests.assistant.found_notes import answer_of, notes_of
from tests.assistant.generation.faulty_server import Reply, Wire, saying, serving
from tests.assistant.generation.reading import endpoint_of, nothing_left

QUESTION = "How should a lock be handled before await?"
NOTES = notes_of(
    "# Locks\n\nDrop the guard before you await, or the task deadlocks. "
    "The guard of a mutex is released when it goes out of scope, not sooner."
)
HELD = "Drop the guard before you await, or the task deadlocks [1]."
UNHELD = "The moon has 1,200 craters [1]."


@pytest.fixture(scope="module")
def rater() -> Rater:
    return Rater(load_embedder(None))


def written(rater: Rater, reply: Reply, stop: Event | None = None, **limits: float) -> list[Answer]:
    return list(growing(rater, reply, stop, **limits))


def growing(
    rater: Rater, reply: Reply, stop: Event | None = None, **limits: float
) -> Iterator[Answer]:
    quoted = answer_of(QUESTION, *NOTES)
    with serving(reply) as server:
        writer = Writer(endpoint_of(server, **limits), rater)
        yield from writer.write(quoted, quoted.sources, (), stop or Event())


def test_a_sentence_that_a_note_holds_is_confirmed_and_cited(rater: Rater) -> None:
    first, *_, last = written(rater, saying(HELD))
    assert (first.text, first.sources) == ("", answer_of(QUESTION, *NOTES).sources)
    assert first.written is not None
    assert first.written.ending is None
    assert last.text == HELD
    assert last.written is not None
    assert last.written.ending is Ending.COMPLETE
    assert last.written.doubts == ()
    assert [(c.n, c.quote) for c in last.citations] == [
        (1, "Drop the guard before you await, or the task deadlocks.")
    ]


def test_a_sentence_that_no_note_holds_is_marked(rater: Rater) -> None:
    *_, last = written(rater, saying(f"{HELD} {UNHELD}"))
    assert last.written is not None
    assert [claim.text for claim in last.written.doubts] == ["The moon has 1,200 craters."]


def test_the_answer_grows_while_it_is_written(rater: Rater) -> None:
    def slowly(wire: Wire) -> None:
        wire.head()
        for word in HELD.split(" "):
            wire.event(content=f"{word} ")
            time.sleep(0.15)
        wire.send("data: [DONE]\n\n")

    texts = [answer.text for answer in written(rater, slowly)]
    assert len(texts) >= 3
    assert all(later.startswith(text) for text, later in itertools.pairwise(texts))


def test_a_server_that_fails_leaves_the_quoted_answer_and_says_why(rater: Rater) -> None:
    def refuse(wire: Wire) -> None:
        wire.head(429, {"Content-Type": "application/json", "Retry-After": "7"})

    *_, last = written(rater, refuse)
    quoted = answer_of(QUESTION, *NOTES)
    assert (last.text, last.citations, last.written) == (quoted.text, quoted.citations, None)
    assert "takes no more requests" in last.problem


def test_a_cut_stream_leaves_the_quoted_answer(rater: Rater) -> None:
    *_, last = written(rater, saying(HELD, finish=None, end=""))
    assert last.text == answer_of(QUESTION, *NOTES).text
    assert last.problem


def test_a_server_that_says_nothing_is_not_waited_for(rater: Rater) -> None:
    begun = time.monotonic()
    *_, last = written(rater, lambda wire: wire.wait(), first_seconds=0.3)
    assert time.monotonic() - begun < 5
    assert last.problem
    assert last.citations


def test_what_was_written_when_it_is_stopped_stays(rater: Rater) -> None:
    stop = Event()

    def endlessly(wire: Wire) -> None:
        wire.head()
        while not wire.is_closing.is_set():
            wire.event(content="Drop the guard. ")
            time.sleep(0.05)

    answers = []
    with nothing_left():
        for answer in growing(rater, endlessly, stop):
            answers.append(answer)
            if answer.text:
                stop.set()
    last = answers[-1]
    assert last.text.startswith("Drop the guard.")
    assert last.written is not None
    assert last.written.ending is Ending.STOPPED


def test_stopped_before_it_says_anything_the_quoted_answer_stays(rater: Rater) -> None:
    stop = Event()
    stop.set()
    *_, last = written(rater, lambda wire: wire.wait(), stop)
    assert (last.text, last.written) == (answer_of(QUESTION, *NOTES).text, None)


def test_a_model_that_finds_nothing_in_the_notes_refuses(rater: Rater) -> None:
    *_, last = written(rater, saying(not_found(QUESTION, has_nearest=False)))
    assert (last.is_answered, last.citations) == (False, ())


def test_earlier_turns_are_given_as_data(rater: Rater) -> None:
    quoted = answer_of(QUESTION, *NOTES)
    earlier: Sequence[tuple[str, str]] = [("What is a guard?", "It holds the lock [1].")]
    with serving(saying(HELD)) as server:
        list(Writer(endpoint_of(server), rater).write(quoted, quoted.sources, earlier, Event()))
        (request,) = server.requests
    assert "question: What is a guard?\nanswer: It holds the lock." in str(
        request.body["messages"][1]["content"]
    )
