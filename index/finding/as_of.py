"""What is worked out once for each update of the index."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from index.keeping.store import Store, token

T = TypeVar("T")


class AsOf:
    """Values by name, as of the last update. Safe to use from several threads.

    Who asks for what is being worked out waits for it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._making: dict[str, threading.RLock] = {}
        self._values: dict[str, tuple[str, Any]] = {}

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` made, which is called again after an update."""
        with self._store.reading() as db:
            at = token(db)
        with self._lock:
            making = self._making.setdefault(name, threading.RLock())
        with making:
            made_at, value = self._values.get(name, ("", None))
            if made_at != at or not at:
                value = make()
                self._values[name] = at, value
        made: T = value
        return made
