"""The app's border for errors: what went wrong becomes a value that a page can show."""

import logging
from collections.abc import Callable
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
        except NotesError as error:
            return Problem(error.message, error.hint)
        except Exception:  # noqa: BLE001 - the border: whatever it is, the page lives on
            _log.exception("%s failed", action.__name__)
            return Problem()

    return telling
