"""An answer stops when the user wants it to, and leaves no thread and no connection behind."""

import socket
import threading
import time

import pytest

from assistant.answering.ending import Ending
from assistant.generation.endpoint import Endpoint
from assistant.generation.stream import stream_text
from tests.assistant.generation.faulty_server import (
    FaultyServer,
    Reply,
    Wire,
    saying,
    serving,
)
from tests.assistant.generation.reading import (
    MESSAGES,
    endpoint_of,
    nothing_left,
    read,
)


def silent(wire: Wire) -> None:
    wire.wait()


def silent_after_the_head(wire: Wire) -> None:
    wire.head()
    wire.wait()


def silent_after_a_piece(wire: Wire) -> None:
    wire.head()
    wire.event(content="Five")
    wire.wait()


@pytest.mark.parametrize("reply", [silent, silent_after_the_head, silent_after_a_piece])
def test_it_stops_at_once_though_the_server_is_silent(reply: Reply) -> None:
    stop, stopped_at = threading.Event(), 0.0

    def press() -> None:
        nonlocal stopped_at
        stopped_at = time.monotonic()
        stop.set()

    with serving(reply) as server:
        read(endpoint_of(server, total_seconds=0.01))  # what is slow is loaded now
        with nothing_left():
            timer = threading.Timer(0.3, press)
            timer.start()
            ending = read(endpoint_of(server), stop)[1]
            took = time.monotonic() - stopped_at
            timer.join()
            assert ending is Ending.STOPPED
            assert took < 0.3
            wait_until_closed(server)


def test_it_stops_at_once_though_nothing_accepts_the_connection() -> None:
    with socket.socket() as full, socket.socket() as first:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        first.connect(full.getsockname())  # the queue has room for one
        endpoint = Endpoint(f"http://127.0.0.1:{full.getsockname()[1]}/v1", "tiny")
        stop = threading.Event()
        timer = threading.Timer(0.3, stop.set)
        with nothing_left():
            timer.start()
            begun = time.monotonic()
            assert read(endpoint, stop) == ([], Ending.STOPPED)
            assert time.monotonic() - begun < 1.5  # openai may be loaded meanwhile
            timer.join()


def test_a_reader_who_goes_away_closes_the_connection() -> None:
    with serving(silent_after_a_piece) as server, nothing_left():
        stream = stream_text(endpoint_of(server), MESSAGES, threading.Event())
        assert next(stream) == "Five"
        assert len(server.open_connections) == 1
        stream.close()
        wait_until_closed(server)


def test_many_stopped_answers_leave_nothing_behind() -> None:
    with serving(silent_after_a_piece) as server, nothing_left():
        for _ in range(20):
            stream = stream_text(endpoint_of(server), MESSAGES, threading.Event())
            next(stream)
            stream.close()
        wait_until_closed(server)


def wait_until_closed(server: FaultyServer) -> None:
    deadline = time.monotonic() + 1
    while server.open_connections and time.monotonic() < deadline:
        time.sleep(0.005)
    assert server.open_connections == set()


def test_a_stop_before_the_first_piece_asks_nothing_more() -> None:
    stop = threading.Event()
    stop.set()
    with serving(saying("Five")) as server, nothing_left():
        assert read(endpoint_of(server), stop) == ([], Ending.STOPPED)
