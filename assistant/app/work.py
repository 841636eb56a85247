"""Long work that a page starts, watches and can end: an update of the index, files to add."""

import queue
import threading
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TypeVar

from assistant.app.problem import Problem, told
from corpus.progress import OnProgress, Progress

Result = TypeVar("Result")

_EVERY = 0.2
"""Seconds between two looks at how far the work is."""


class Ending(Enum):
    """How work ended that has no result."""

    CANCELLED = "cancelled"
    BUSY = "busy"
    """There was work under way already."""


class CancelledError(Exception):
    """Raised in the work, where it tells how far it is."""


class Work:
    """One page's work: there is one at a time."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._is_on = False

    def __deepcopy__(self, memo: object) -> "Work":
        """Every page begins with its own."""
        return Work()

    def cancel(self) -> None:
        """End the work where it next tells how far it is; what it has stored stays."""
        self._stop.set()

    def run(
        self, action: Callable[[OnProgress], Result]
    ) -> Iterator[Progress | Result | Problem | Ending]:
        """Yield how far `action` is, again and again, and at last what came of it.

        It goes on if nobody listens any more.
        """
        if self._is_on:
            yield Ending.BUSY
            return
        self._stop.clear()
        self._is_on = True
        told_far: queue.SimpleQueue[Progress] = queue.SimpleQueue()
        ended: list[Result | Problem | Ending] = []

        def on_progress(part: Progress) -> None:
            if self._stop.is_set():
                raise CancelledError
            told_far.put(part)

        @told
        def act() -> Result | Ending:
            try:
                return action(on_progress)
            except CancelledError:
                return Ending.CANCELLED
            finally:
                self._is_on = False

        thread = threading.Thread(target=lambda: ended.append(act()), name="work", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(_EVERY)
            if latest := _last(told_far):
                yield latest
        yield ended[0]


def _last(parts: "queue.SimpleQueue[Progress]") -> Progress | None:
    latest = None
    while not parts.empty():
        latest = parts.get_nowait()
    return latest
