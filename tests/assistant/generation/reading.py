"""Answers read from a server of the tests, and what must never stay or be told."""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationError
from assistant.generation.stream import stream_text
from tests.assistant.generation.faulty_server import (
    FaultyServer,
    Reply,
    serving,
)

KEY = "sk-the-secret-key"
SECRET = "the walnut cake needs five eggs"
MESSAGES = [{"role": "system", "content": "Quote."}, {"role": "user", "content": SECRET}]
JSON = {"Content-Type": "application/json"}
ECHO = f'{{"error": {{"message": "key {KEY}, prompt {SECRET}"}}}}'


def endpoint_of(server: FaultyServer, **limits: float) -> Endpoint:
    return Endpoint(server.url, "tiny", KEY, **limits)  # type: ignore[arg-type]


def read(endpoint: Endpoint, stop: threading.Event | None = None) -> tuple[list[str], object]:
    """The pieces, and the ending or the error that came after them."""
    pieces: list[str] = []
    stream = stream_text(endpoint, MESSAGES, stop or threading.Event())
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value
        except GenerationError as error:
            failure = error
            break
    assert KEY not in repr((failure, failure.hint)), "the key is told"
    assert SECRET not in repr((failure, failure.hint)), "a note is told"
    assert (failure.__cause__, failure.__context__) == (None, None), "the server's words hang on"
    return pieces, failure


def answer_to(reply: Reply, **limits: float) -> tuple[str, object]:
    with serving(reply) as server, nothing_left():
        pieces, ending = read(endpoint_of(server, **limits))
        return "".join(pieces), ending


def failure_of(reply: Reply, **limits: float) -> tuple[str, str, str]:
    """What was said before, and the error's message (the host as HOST) and hint."""
    with serving(reply) as server, nothing_left():
        pieces, error = read(endpoint_of(server, **limits))
        assert isinstance(error, GenerationError), error
        assert len(server.requests) == 1, "a request is paid for: it is not sent again unasked"
        host = server.url.removeprefix("http://").removesuffix("/v1")
        return "".join(pieces), error.message.replace(host, "HOST"), error.hint


@contextmanager
def nothing_left() -> Iterator[None]:
    """No thread of ours and no open socket of this process stay."""
    before = threading.active_count()
    yield
    assert [t.name for t in threading.enumerate() if t.name == "language model"] == []
    deadline = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)  # the server's threads
    assert threading.active_count() <= before
    gc.collect()  # an unclosed socket would warn, and warnings are errors
