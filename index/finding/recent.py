"""What was made last of texts, so that it is not made again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The values of the `most` texts that were asked for last. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def lacking(self, texts: Sequence[str]) -> list[str]:
        """Return the texts that have no value here, each once."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if text not in self._values]

    def get(self, texts: Sequence[str], make: Callable[[Sequence[str]], Sequence[T]]) -> list[T]:
        """Return each text's value; `make` makes those that are lacking."""
        lacking = self.lacking(texts)
        made = dict(zip(lacking, make(lacking), strict=True)) if lacking else {}
        with self._lock:
            found = {text: self._values[text] for text in texts if text in self._values} | made
        if still := [text for text in dict.fromkeys(texts) if text not in found]:
            found |= zip(still, make(still), strict=True)  # dropped meanwhile
        with self._lock:
            for text in texts:
                self._values[text] = found[text]
                self._values.move_to_end(text)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return [found[text] for text in texts]
