"""A log that says what failed and where, and nothing of what a visitor sent.

Error messages quote what they are about: a question, a whole request. So of an error only its kind
and its place are written, in one line; a traceback that a library prints, the same once a minute.
"""

import logging
import sys
import time
import traceback
from typing import Any

_AGAIN = 60.0
_LONGEST = 1000
"""Characters of a line."""

_said: dict[str, float] = {}


def be_discreet() -> None:
    """Make this process write so, whichever way it writes."""
    logging.setLogRecordFactory(_record)
    traceback.print_exc = _print_exc


def brief(error: BaseException) -> str:
    """Return an error's kind and the last two places that it came through."""
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    places = ", ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'no known place'}"


def _print_exc(*_: object, **__: object) -> None:
    """Take the place of `traceback.print_exc`, which Gradio calls."""
    error = sys.exc_info()[1]
    told = f"error: {brief(error)}" if error else ""
    if told and _is_new(told):
        print(told, file=sys.stderr)


def _is_new(told: str) -> bool:
    now = time.monotonic()
    if now - _said.get(told, -_AGAIN) < _AGAIN:
        return False
    if len(_said) > 1000:
        _said.clear()
    _said[told] = now
    return True


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """Make a record of one line, without the text of an error."""
    record = logging.LogRecord(*args, **kwargs)
    try:
        said = record.getMessage()
    except (TypeError, ValueError, KeyError):  # its values do not fit it: no reason to fail
        said = str(record.msg)
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        said = f"{said.strip()} ({brief(record.exc_info[1])})"
    record.msg, record.args = _one_line(said), ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record


def _one_line(said: str) -> str:
    """Leave out what could pass for another line, or move the cursor."""
    return "".join(c if c.isprintable() else " " for c in said).strip()[:_LONGEST]
