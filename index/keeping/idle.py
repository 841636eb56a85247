"""Connections that are kept open between two reads: to open one takes longer than most reads."""

import sqlite3
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

_MOST = 8
"""Each holds a part of the database in memory."""

Stamp = tuple[object, ...]


class Idle:
    """The idle connections to one database file, for any thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: list[tuple[Stamp, sqlite3.Connection]] = []
        weakref.finalize(self, _close, self._kept)

    def take(
        self, name: str, make: Callable[[], sqlite3.Connection]
    ) -> tuple[Stamp, sqlite3.Connection]:
        """Return a connection of one's own to the file that is there now, called `name` by SQLite.

        The stamp says which file that is.
        """
        stamp = self._stamp(name)
        with self._lock:
            others = [(kept, db) for kept, db in self._kept if kept != stamp]
            if others:  # the file was exchanged, or may be written now
                self._kept[:] = [pair for pair in self._kept if pair[0] == stamp]
            found = self._kept.pop()[1] if self._kept else None
        _close(others)
        return stamp, found or make()

    def give(self, stamp: Stamp, db: sqlite3.Connection) -> None:
        """Keep a connection that is in no transaction, or close it where there are enough."""
        with self._lock:
            if len(self._kept) < _MOST:
                self._kept.append((stamp, db))
                return
        db.close()

    def _stamp(self, name: str) -> Stamp:
        try:
            status = self._database.stat()
        except OSError:
            return (name,)
        return name, status.st_dev, status.st_ino


def _close(kept: list[tuple[Stamp, sqlite3.Connection]]) -> None:
    for _, db in kept:
        db.close()
