import logging
from collections.abc import Iterator

import pytest

from assistant.app.problem import Problem, told, told_at_last
from corpus.errors import NotesError


def test_a_problem_of_the_users_is_told_and_a_bug_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @told
    def work(error: Exception | None) -> int:
        if error:
            raise error
        return 1

    assert work(None) == 1
    assert work(NotesError("what", "how")) == Problem("what", "how")
    assert caplog.records == []
    with caplog.at_level(logging.ERROR):
        assert work(ZeroDivisionError("oh")).is_bug
    assert "ZeroDivisionError: oh" in caplog.text


def test_what_was_yielded_before_a_problem_stays(caplog: pytest.LogCaptureFixture) -> None:
    @told_at_last
    def work(error: Exception) -> Iterator[int]:
        yield 1
        raise error

    assert list(work(NotesError("what", "how"))) == [1, Problem("what", "how")]
    assert caplog.records == []
    with caplog.at_level(logging.ERROR):
        assert list(work(ZeroDivisionError("oh"))) == [1, Problem()]
    assert "ZeroDivisionError: oh" in caplog.text
