"""What is worked out once for each update of the index."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from index.keeping.store import Store, token

T = TypeVar("T")


class AsOf:
    """Values by name, as of the last update. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._at = ""
        self._values: dict[str, Any] = {}

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` made, which is called again after an update."""
        with self._store.reading() as db:
            at = token(db)
        with self._lock:
            if at == self._at and name in self._values:
                value: T = self._values[name]
                return value
        made = make()
        with self._lock:
            if at != self._at:
                self._at, self._values = at, {}
            self._values[name] = made
        return made
