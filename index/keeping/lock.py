"""One writer at a time, and who it is.

The lock is the system's own on an open file: it goes with the process that held it, however that
ended, so there is nothing stale to clear away. Who holds it is told in a file beside it.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import NotesError

LOCK = "write.lock"
WRITER = "writer.json"


@dataclass(frozen=True, slots=True)
class Writer:
    """A process that updates an index, `since` a Unix time."""

    pid: int
    host: str
    program: str
    since: float

    def __str__(self) -> str:
        when = datetime.fromtimestamp(self.since).astimezone()
        return f"process {self.pid} on {self.host} ({self.program}), since {when:%H:%M:%S}"


OnWait = Callable[[str], None]
"""Told who is waited for."""


@contextmanager
def write_lock(folder: Path, wait: float = 0.0, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the index's write lock; wait for it `wait` seconds.

    Raises NotesError, naming the holder, where another process or thread keeps it for longer.
    """
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        holder = _holder(folder)
        if wait and on_wait:
            on_wait(holder)
        try:
            lock.acquire(timeout=wait, poll_interval=0.1)
        except Timeout as error:
            raise NotesError(
                f"The index {folder} is being updated by {_holder(folder)}.",
                "Wait until it is done, or use another folder with --index.",
            ) from error
    try:
        _sign(folder)
        yield
    finally:
        (folder / WRITER).unlink(missing_ok=True)
        lock.release()


def _sign(folder: Path) -> None:
    program = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    writer = Writer(os.getpid(), socket.gethostname(), program, time.time())
    (folder / WRITER).write_text(json.dumps(asdict(writer)), encoding="utf-8")


def _holder(folder: Path) -> str:
    try:
        return str(Writer(**json.loads((folder / WRITER).read_text(encoding="utf-8"))))
    except (OSError, ValueError, TypeError):  # just begun or just done
        return "another process"
