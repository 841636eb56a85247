"""A chat endpoint on the loopback that answers well, or fails in one of the ways servers fail."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STREAM = {"Content-Type": "text/event-stream"}


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was sent; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(slots=True)
class Wire:
    """The server's end of one connection, after a request has come."""

    connection: socket.socket
    is_closing: threading.Event

    def head(self, status: int = 200, headers: Mapping[str, str] = STREAM) -> None:
        lines = [f"HTTP/1.1 {status} Said", *(f"{n}: {v}" for n, v in headers.items())]
        self.send("\r\n".join((*lines, "Connection: close", "", "")))

    def send(self, text: str | bytes) -> None:
        self.connection.sendall(text.encode() if isinstance(text, str) else text)

    def event(self, **delta: Any) -> None:
        self.send(event(**delta))

    def wait(self, seconds: float = 60) -> None:
        """Be silent, until the client goes away or the test is over."""
        self.connection.settimeout(0.02)
        for _ in range(int(seconds / 0.02)):
            if self.is_closing.is_set():
                return
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    return


Reply = Callable[[Wire], None]


@dataclass(slots=True)
class FaultyServer:
    """`requests` are what came; `open_connections` those that no side has closed yet."""

    url: str
    requests: list[Request] = field(default_factory=list)
    open_connections: set[int] = field(default_factory=set)


def event(finish: str | None = None, **delta: Any) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"object": "chat.completion.chunk", "model": "m", "choices": [choice]}
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def saying(*pieces: str, finish: str | None = "stop", end: str = "data: [DONE]\n\n") -> Reply:
    """A server that streams `pieces`, as servers should."""

    def reply(wire: Wire) -> None:
        wire.head()
        wire.event(role="assistant", content=None)
        for piece in pieces:
            wire.event(content=piece)
        if finish:
            wire.event(finish=finish)
        wire.send(end)

    return reply


def status(code: int, body: str = "", **headers: str) -> Reply:
    """A server that answers with an HTTP error."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def reply(wire: Wire) -> None:
        wire.head(code, {"Content-Type": "application/json", **named})
        wire.send(body)

    return reply


def raw(sent: str | bytes, headers: Mapping[str, str] = STREAM) -> Reply:
    """A server that sends a success and then `sent`."""

    def reply(wire: Wire) -> None:
        wire.head(200, headers)
        wire.send(sent)

    return reply


def endless(sent: str | bytes) -> Reply:
    """A server that sends the same again and again."""

    def reply(wire: Wire) -> None:
        wire.head()
        while not wire.is_closing.is_set():
            wire.send(sent)

    return reply


@contextmanager
def serving(reply: Reply) -> Iterator[FaultyServer]:
    """Serve `reply` to every request, on a free port of 127.0.0.1."""
    is_closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, json.loads(self.rfile.read(length)))
            server.requests.append(request)
            server.open_connections.add(id(self))
            with suppress(OSError):
                reply(Wire(self.connection, is_closing))
            server.open_connections.discard(id(self))
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server = FaultyServer(f"http://127.0.0.1:{http.server_address[1]}/v1")
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            is_closing.set()
            http.shutdown()
            thread.join()
