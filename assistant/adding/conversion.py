"""Have documents converted by another process, and end it when it takes too long."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.adding.limits import Limits
from assistant.adding.refused import Reason, Refusal

CONVERTER: Sequence[str] = (sys.executable, "-m", "assistant.adding.convert")
"""The command; it is given limits as arguments, and documents as lines (see `convert.py`)."""

_MOST_CONVERSIONS = 50  # of one process: what a document's reader leaves behind goes with it
_LOOK_SECONDS = 0.02
_KEPT = (
    "PATH HOME USERPROFILE SYSTEMROOT TEMP TMP TMPDIR LANG LC_ALL LC_CTYPE PYTHONPATH PYTHONHOME"
    " LD_LIBRARY_PATH DYLD_LIBRARY_PATH VIRTUAL_ENV"
).split()
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Converted:
    """A document's text as Markdown; `title` is empty if it has none."""

    text: str
    title: str


@dataclass(slots=True)
class Conversions:
    """The conversions of one drop; leaving the `with` block ends the process that does them.

    Starting it takes a second or two, so that it goes on to the next document; after one that it
    did not survive, or was ended for, another is started.
    """

    work: Path
    limits: Limits
    command: Sequence[str] = CONVERTER
    _process: subprocess.Popen[str] | None = None
    _count: int = 0
    _started: float = field(default_factory=time.monotonic)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    def convert(self, file: Path, suffix: str) -> Converted:
        """Return a document's text. Raises Refusal."""
        left = self._started + self.limits.all_seconds - time.monotonic()
        if left <= 0:
            raise Refusal(Reason.TOO_SLOW, f"{self.limits.all_seconds:g}")
        if self._count % _MOST_CONVERSIONS == 0:
            self._end()
        self._count += 1
        out = self.work / f"converted-{self._count}"
        try:
            self._wait(self._asked(file, suffix, out), out, min(left, self.limits.seconds))
            return self._converted(out)
        finally:
            out.unlink(missing_ok=True)

    def _asked(self, file: Path, suffix: str, out: Path) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = self._start()
        assert self._process.stdin
        with suppress(OSError):  # it has ended: the wait will see it
            self._process.stdin.write(json.dumps([str(file), suffix, str(out)]) + "\n")
            self._process.stdin.flush()
        return self._process

    def _start(self) -> subprocess.Popen[str]:
        """Start the process in a group of its own, without keys that the user's environment has."""
        limits = self.limits
        numbers = (limits.memory, limits.seconds, limits.note_bytes)
        return subprocess.Popen(
            [*self.command, *map(str, numbers)],
            cwd=Path(__file__).parents[2],  # where this package is found, installed or not
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | _ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            start_new_session=True,
        )

    def _wait(self, process: subprocess.Popen[str], out: Path, seconds: float) -> None:
        """Wait for the outcome. Raises Refusal where the time is over, or the process ended."""
        until = time.monotonic() + seconds
        while not out.exists():
            if (code := process.poll()) is not None and not out.exists():
                self._end()
                _log.warning("the converter ended with %s", code)
                if code == -getattr(signal, "SIGXCPU", 0):
                    raise Refusal(Reason.TOO_SLOW, f"{self.limits.seconds:g}")
                raise Refusal(Reason.BROKEN)
            if time.monotonic() > until:
                self._end()
                raise Refusal(Reason.TOO_SLOW, f"{self.limits.seconds:g}")
            time.sleep(_LOOK_SECONDS)

    def _converted(self, out: Path) -> Converted:
        outcome = json.loads(out.read_text(encoding="utf-8"))
        if "reason" not in outcome:
            return Converted(outcome["text"], outcome["title"])
        reason = Reason(outcome["reason"])
        if reason is Reason.TOO_HEAVY:
            self._end()
            raise Refusal(reason, str(self.limits.memory))
        raise Refusal(reason, outcome.get("detail", ""))

    def _end(self) -> None:
        """Kill the process with all that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):  # not on Windows
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
        with suppress(OSError):
            assert process.stdin
            process.stdin.close()
        process.wait()
