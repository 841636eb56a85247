"""The log of a shared app says what failed, and nothing that a visitor sent."""

import logging
import traceback
from collections.abc import Iterator

import pytest

from assistant.discreet import be_discreet, brief

SECRET = "my \x1b[31m secret\nERROR a forged line"


@pytest.fixture(autouse=True)
def discreet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(traceback, "print_exc", traceback.print_exc)  # put back at the end
    before = logging.getLogRecordFactory()
    be_discreet()
    yield
    logging.setLogRecordFactory(before)


def test_an_error_is_its_kind_and_place(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        told = brief(error)
        logging.getLogger("x").exception("%s failed", "this")
    assert told.startswith("ValueError at ")
    assert "test_discreet.py" in told
    (record,) = caplog.records
    assert record.getMessage() == f"this failed ({told})"
    assert "secret" not in caplog.text


def test_what_passes_for_another_line_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("x").error("odd: %s 100%%", "a\nERROR b\x1b[2J")
    assert caplog.records[0].getMessage() == "odd: a ERROR b [2J 100%"


def test_a_message_that_its_values_do_not_fit_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("x").error("%d notes", "many")
    assert caplog.records[0].getMessage() == "%d notes"


def test_a_line_has_an_end(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("x").error("a" * 60_000)
    assert len(caplog.records[0].getMessage()) == 1000


def test_a_traceback_is_one_line_once_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        try:
            int(SECRET)
        except ValueError:
            traceback.print_exc()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ValueError at ")
    assert "secret" not in line


def test_without_an_error_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    traceback.print_exc()
    assert capsys.readouterr().err == ""
