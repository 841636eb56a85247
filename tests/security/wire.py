"""Requests as they are, from addresses of one's own: nothing is tidied up on the way."""

import itertools
import json
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

SECONDS = 20.0
_MOST = 3_000_000
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `status` 0: none came. `rest` are the bytes after it on the same connection."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    rest: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one asked and was told; what must be told to nobody is looked for in it."""

    who: str
    asked: bytes
    told: bytes


def new_address() -> str:
    """Return an address of this machine that nobody has used; servers take it for a stranger's.

    Linux has all of 127.0.0.0/8. Only 127.0.0.1 is trusted to say for whom it asks.
    """
    number = next(_numbers)
    return f"127.{20 + os.getpid() % 200}.{number // 250}.{number % 250 + 2}"


@dataclass(slots=True)
class Visitor:
    """Somebody at `address` who asks the server at `port`, always with these `headers`."""

    port: int
    address: str = field(default_factory=new_address)
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    def ask(
        self,
        method: str,
        path: str,
        body: object = b"",
        headers: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> Reply:
        """Send a request for `path`, byte for byte; what is no bytes is sent as JSON."""
        given = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **self.headers}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        if not isinstance(body, bytes):
            given["Content-Type"] = "application/json"
        given |= headers or {}
        if data or method in ("POST", "PUT", "PATCH"):
            given.setdefault("Content-Length", str(len(data)))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {said}" for name, said in given.items())]
        head = "\r\n".join(lines).encode("utf-8", errors="surrogateescape")
        return self.raw(head + b"\r\n\r\n" + data, seconds)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for a page."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Reply:
        """Send something."""
        return self.ask("POST", path, body, headers)

    def raw(self, data: bytes, seconds: float = SECONDS) -> Reply:
        """Send bytes, and read until the server closes or `seconds` have passed."""
        told, until = b"", time.monotonic() + seconds
        with self.connect(seconds) as line:
            with suppress(OSError):
                line.sendall(data)
            with suppress(OSError):
                while len(told) < _MOST and (left := until - time.monotonic()) > 0:
                    line.settimeout(left)
                    if not (part := line.recv(65_536)):
                        break
                    told += part
        self.heard.append(Heard(self.address, data, told))
        return read_reply(told)

    def connect(self, seconds: float = SECONDS) -> socket.socket:
        """Open a connection from this address."""
        return socket.create_connection(("127.0.0.1", self.port), seconds, (self.address, 0))


def read_reply(told: bytes) -> Reply:
    """Take the first answer out of what came over a connection."""
    head, gap, rest = told.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    parts = first.split(" ", 2)
    if not gap or len(parts) < 2 or not parts[1].isdecimal():
        return Reply(0, body=told)
    headers: dict[str, str] = {}
    for line in lines:
        name, _, said = line.partition(":")
        headers[name.lower()] = f"{headers.get(name.lower(), '')}\n{said.strip()}".strip()
    if headers.get("transfer-encoding") == "chunked":
        body, rest = _unchunked(rest)
    else:
        size = headers.get("content-length", "")
        end = int(size) if size.isdecimal() else len(rest)
        body, rest = rest[:end], rest[end:]
    return Reply(int(parts[1]), headers, body, rest)


def _unchunked(data: bytes) -> tuple[bytes, bytes]:
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16) if size else 0
        body, data = body + data[:length], data[length + 2 :]
        if not length:
            break
    return body, data
