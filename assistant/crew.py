"""An assistant whose work is done by several processes: one interpreter does one thing at a time."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from assistant.assistant import Assistant
from assistant.bounds import OWN, Bounds
from assistant.discreet import be_discreet
from assistant.generation.endpoint import Endpoint
from corpus.errors import NotesError
from corpus.roles import ROLES, Roles

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_log = logging.getLogger(__name__)
_MOST = 8
_own: list[Assistant] = []
"""In a process of a crew: its assistant."""


class Crew(Assistant):
    """Has `call` done by one of `members` processes; all else it does itself, as an Assistant.

    What a call takes and returns must pass between processes. Close it at the end.
    """

    def __init__(
        self,
        folder: Path,
        members: int,
        model: str | None = None,
        roles: Roles = ROLES,
        endpoint: Endpoint | None = None,
        bounds: Bounds = OWN,
    ) -> None:
        super().__init__(folder, model, roles=roles, endpoint=endpoint, bounds=bounds)
        self._members = members
        self._given = (folder, model, dict(roles), endpoint, bounds)
        self._changing = threading.Lock()
        self._pool = self._hire()

    def call(
        self,
        function: Callable[Concatenate[Assistant, Arguments], Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Return `function(assistant, …)` of another process; it is asked of others if one dies."""
        pool = self._pool
        try:
            return pool.submit(_call, function, args, kwargs).result()
        except BrokenProcessPool:
            _log.warning("a process that answers has died; others take its place")
            with self._changing:
                if self._pool is pool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    self._pool = self._hire()
            return self._pool.submit(_call, function, args, kwargs).result()

    def warm_up(self) -> None:
        """Have every process load what its first question would wait for."""
        waiting = [self._pool.submit(_warm_up) for _ in range(self._members)]
        for one in waiting:
            one.result()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _hire(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._members,
            multiprocessing.get_context("spawn"),
            _begin,
            self._given,
        )


def _begin(
    folder: Path, model: str | None, roles: Roles, endpoint: Endpoint | None, bounds: Bounds
) -> None:
    """Open the index in a process of a crew, which ends with the one that asks it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    be_discreet()
    threading.Thread(target=_follow, name="following", daemon=True).start()
    os.environ["OMP_NUM_THREADS"] = "1"  # there are as many processes as cores
    _own.append(Assistant(folder, model, roles=roles, endpoint=endpoint, bounds=bounds))


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _call(function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
    """Call, and raise only what passes between processes."""
    try:
        return function(_own[0], *args, **kwargs)
    except NotesError as error:
        raise NotesError(error.message, error.hint) from None
    except Exception as error:  # noqa: BLE001 - its traceback would be lost on the way
        _log.exception("%s failed", getattr(function, "__name__", function))
        raise RuntimeError(type(error).__name__) from None


def _warm_up() -> None:
    _own[0].warm_up()


def members() -> int:
    """Return how many processes are worth their memory: one for each core, up to eight."""
    is_known = hasattr(os, "sched_getaffinity")
    return min(len(os.sched_getaffinity(0)) if is_known else os.cpu_count() or 1, _MOST)
