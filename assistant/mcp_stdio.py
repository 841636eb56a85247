"""The notes as tools over stdin and stdout, for the client that starts `notes mcp`.

A thread waits for stdin and cannot be woken; where there is nobody left to answer, the process ends
at once. It writes no file, so nothing is torn.
"""

import os
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from threading import Lock
from typing import Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from assistant.assistant import Assistant
from assistant.mcp_server import offer_tools

_INTERRUPTED = 130


class Later:
    """An assistant that is opened by the first call that needs it, once there is an index."""

    def __init__(self, opening: Callable[[], Assistant]) -> None:
        self._opening, self._lock = opening, Lock()
        self._assistant: Assistant | None = None

    def __call__(self) -> Assistant:
        """Return it. Raises NotesError, and tries again the next time."""
        with self._lock:
            if self._assistant is None:
                self._assistant = self._opening()
            return self._assistant


class _Answers(TextIOWrapper):
    """What the client reads; the process ends when it no longer does."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except BrokenPipeError:
            os._exit(0)

    def flush(self) -> None:
        try:
            super().flush()
        except BrokenPipeError:
            os._exit(0)


def serve_stdio(opening: Callable[[], Assistant]) -> None:
    """Serve until the client closes stdin.

    What anything else prints goes to stderr: stdout carries the protocol alone.
    """
    if sys.stdin.isatty():
        print("notes: a program speaks MCP here (docs/api.md); Ctrl-C ends it.", file=sys.stderr)
    signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    protocol = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    server: Server[Any, Any] = Server("notes")
    offer_tools(server, Later(opening))
    anyio.run(_serve, server, _Answers(protocol, encoding="utf-8", newline="\n"))


async def _serve(server: "Server[Any, Any]", answers: TextIOWrapper) -> None:
    async with stdio_server(stdout=anyio.wrap_file(answers)) as (read, write):
        await server.run(read, write, server.create_initialization_options())
