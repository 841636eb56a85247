"""The app's border for errors: what went wrong becomes a value that a page can show."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from corpus.errors import NotesError

_log = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Problem:
    """What to tell the user. A bug has no `message` of its own: its traceback is in the log."""

    message: str = ""
    hint: str = ""

    @property
    def is_bug(self) -> bool:
        """Whether the user can do nothing about it."""
        return not self.message


def told(action: Callable[Arguments, Result]) -> Callable[Arguments, Result | Problem]:
    """Make `action` return a Problem where it would raise."""

    @wraps(action)
    def telling(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result | Problem:
        try:
            return action(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the border: whatever it is, the page lives on
            return _problem_of(error, action.__name__)

    return telling


def told_at_last(
    action: Callable[Arguments, Iterator[Result]],
) -> Callable[Arguments, Iterator[Result | Problem]]:
    """Make what `action` yields end in a Problem where it would raise."""

    @wraps(action)
    def telling(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Iterator[Result | Problem]:
        try:
            yield from action(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the border
            yield _problem_of(error, action.__name__)

    return telling


def _problem_of(error: Exception, name: str) -> Problem:
    if isinstance(error, NotesError):
        return Problem(error.message, error.hint)
    _log.error("%s failed", name, exc_info=error)
    return Problem()
