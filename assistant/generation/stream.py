"""A model's answer as it is written."""

import asyncio
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from assistant.answering.ending import Ending
from assistant.generation.endpoint import Endpoint

_LOOK_SECONDS = 0.05
_JOIN_SECONDS = 0.2


def stream_text(
    endpoint: Endpoint, messages: Sequence[Mapping[str, str]], stop: Event
) -> Generator[str, None, Ending]:
    """Yield the answer in pieces, and return how it ended (`ending = yield from stream_text(…)`).

    It ends soon after `stop` is set, by any thread, whatever the server does, and when the
    generator is closed. Raises GenerationError after the last piece if the answer fails.
    """
    reading = _Reading(endpoint, messages)
    reading.start()
    try:
        while not stop.is_set():
            try:
                item = reading.items.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
            if isinstance(item, Ending):
                return item
            if isinstance(item, BaseException):
                raise item
            yield item
        return Ending.STOPPED
    finally:
        reading.end()


class _Reading(Thread):
    """Reads one answer in a thread with an event loop, where it can be cancelled at any point.

    `items` gets the pieces, then an Ending or what was raised.
    """

    def __init__(self, endpoint: Endpoint, messages: Sequence[Mapping[str, str]]) -> None:
        super().__init__(name="language model", daemon=True)
        self.items: SimpleQueue[str | Ending | BaseException] = SimpleQueue()
        self._request = endpoint, messages
        self._is_ended = Event()
        self._task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        """Read until the answer ends or nobody wants it any more."""
        try:
            from assistant.generation import chat  # noqa: F401 - slow, and not in the event loop

            asyncio.run(self._read())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again by whoever reads `items`
            self.items.put(error)

    def end(self) -> None:
        """Give up; a name that is being looked up cannot be, so that thread may stay a while."""
        self._is_ended.set()
        if self._loop is not None and self._task is not None and self.is_alive():
            with suppress(RuntimeError):  # the loop may just have been closed
                self._loop.call_soon_threadsafe(self._task.cancel)
        self.join(_JOIN_SECONDS)

    async def _read(self) -> None:
        from assistant.generation.chat import read_chat

        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        if not self._is_ended.is_set():
            self.items.put(await read_chat(*self._request, self.items.put))
