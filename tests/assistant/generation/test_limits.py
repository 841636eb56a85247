"""A server that is silent, or never ends, is given up."""

import time

import pytest

from assistant.answering.ending import Ending
from tests.assistant.generation.faulty_server import (
    Wire,
    endless,
    event,
)
from tests.assistant.generation.reading import (
    JSON,
    answer_to,
    failure_of,
)


def test_silence_before_the_answer_has_a_limit() -> None:
    told = failure_of(lambda wire: wire.wait(), first_seconds=0.2)[1]
    assert told == "The language model at HOST did not begin to answer for 0.2 seconds."


def test_signs_of_life_that_say_nothing_do_not_count() -> None:
    def reply(wire: Wire) -> None:
        wire.head()
        while not wire.is_closing.is_set():
            wire.send(": ping\n\n" + event(role="assistant"))
            wire.wait(0.05)

    told = failure_of(reply, first_seconds=0.3)[1]
    assert told == "The language model at HOST did not begin to answer for 0.3 seconds."


def test_silence_within_the_answer_has_a_limit() -> None:
    def reply(wire: Wire) -> None:
        wire.head()
        wire.event(content="Five")
        wire.wait()

    said, told, _ = failure_of(reply, idle_seconds=0.2)
    assert said == "Five"
    assert told == "The language model at HOST went silent within the answer for 0.2 seconds."


def test_a_model_that_thinks_longer_than_the_limits_still_answers() -> None:
    def reply(wire: Wire) -> None:
        wire.head()
        for _ in range(8):
            wire.event(reasoning_content="hm")
            wire.wait(0.1)
        wire.send(event(content="Five", finish="stop"))

    limits = {"first_seconds": 0.4, "idle_seconds": 0.4}
    assert answer_to(reply, **limits) == ("Five", Ending.COMPLETE)


def test_a_whole_answer_has_a_limit_of_time() -> None:
    def reply(wire: Wire) -> None:
        wire.head()
        while not wire.is_closing.is_set():
            wire.event(content=".")
            wire.wait(0.05)

    said, told, _ = failure_of(reply, total_seconds=0.5)
    assert set(said) == {"."}
    assert told == "The language model at HOST did not come to an end within 0.5 seconds."


def test_an_endless_answer_has_a_limit_of_characters() -> None:
    said, told, _ = failure_of(endless(event(content="eggs " * 10)), most_tokens=100)
    assert told == "The language model at HOST did not come to an end within 2800 characters."
    assert 2700 < len(said) <= 2800


@pytest.mark.parametrize(
    "sent", [b"x" * 65536, b": ping\n\n" * 1000, event(reasoning_content="hm " * 1000)]
)
def test_bytes_without_an_end_have_a_limit(sent: bytes) -> None:
    said, told, _ = failure_of(endless(sent), most_tokens=10)
    assert said == ""
    assert told.endswith("did not come to an end within the bytes that an answer may have.")


def test_a_gigantic_error_is_not_read() -> None:
    def reply(wire: Wire) -> None:
        wire.head(500, JSON)
        while not wire.is_closing.is_set():
            wire.send(b"x" * 65536)

    begun = time.monotonic()
    assert "HTTP 500" in failure_of(reply)[1]
    assert time.monotonic() - begun < 5
