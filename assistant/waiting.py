"""A page that is there at once, while the app is still being loaded behind it; it answers already.

It is served by the standard library alone, as 503, so that programs know to come again. The app
takes its place at the same address, and is asked what was asked here.
"""

import json
import os
import sys
import threading
import webbrowser
from concurrent.futures import CancelledError, Future
from email.message import Message
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.app.texts import reader_language, say
from assistant.port import LOOPBACK
from corpus.language import language_of
from corpus.progress import Progress

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_LONGEST = 40_000
"""Bytes of a question; how many characters are too many says the answer."""

_HOSTS = ("127.0.0.1", "localhost")


class Waiting:
    """Serves the page from the moment it is entered until it is left."""

    def __init__(self, port: int, open_browser: bool) -> None:
        self._port, self._open_browser = port, open_browser
        self._progress: Progress | None = None
        self._assistant: Future[Assistant] = Future()

    def __enter__(self) -> "Waiting":
        self._server = ThreadingHTTPServer((LOOPBACK, self._port), self._handler())
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="waiting", daemon=True
        ).start()
        if self._open_browser and _has_screen():
            webbrowser.open(f"http://{LOOPBACK}:{self._port}/")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._assistant.cancel()
        self._server.shutdown()
        self._server.server_close()

    def tell(self, part: Progress) -> None:
        """Show how far the work is."""
        self._progress = part

    def opened(self, assistant: "Assistant") -> None:
        """Answer from now on."""
        self._assistant.set_result(assistant)

    def _answered(self, question: str) -> str:
        """Return the HTML of a question and its answer, as soon as there can be one."""
        from assistant.app.conversation import Conversation
        from assistant.app.transcript import transcript_html

        conversation = Conversation()
        turn = conversation.pose(question)
        for _ in conversation.settle(self._assistant.result(), turn):
            pass
        return transcript_html(conversation.turns, language_of(question))

    def _state(self, language: str) -> dict[str, object]:
        part = self._progress
        if part is None or part.done >= part.total:
            return {"state": say("opening", language), "done": 0, "total": 0}
        return {"state": say(f"step_{part.step}", language), "done": part.done, "total": part.total}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        waiting = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                language = reader_language(self.headers.get("accept-language"))
                if self.path == "/waiting":
                    self._answer(200, "application/json", json.dumps(waiting._state(language)))
                else:
                    self._answer(503, "text/html; charset=utf-8", _page(language))

            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                if self.path != "/waiting" or not _is_ours(self.headers) or length > _LONGEST:
                    self._answer(404, "text/plain", "Not found")
                    return
                question = self.rfile.read(length).decode(errors="replace")
                try:
                    html = waiting._answered(question)
                except CancelledError:
                    self._answer(503, "text/plain", "The app takes over")
                    return
                self._answer(200, "text/html; charset=utf-8", html)

            def _answer(self, status: int, kind: str, text: str) -> None:
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Retry-After", "1")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing in the terminal."""

        return Handler


def _page(language: str) -> str:
    told = {
        key: escape(say(text, language))
        for key, text in (
            ("title", "app"),
            ("state", "opening"),
            ("welcome", "welcome"),
            ("question", "question"),
            ("placeholder", "question_placeholder"),
            ("send", "send"),
            ("gone", "server_gone"),
        )
    }
    page = Path(__file__).parent.joinpath("app/waiting.html").read_text(encoding="utf-8")
    return page.format(language=language, **told)


def _is_ours(headers: Message) -> bool:
    """Whether the request is of a page of ours: no other host's name, no other site's script."""
    host = headers.get("host", "")
    origin = headers.get("origin", f"http://{host}")
    return host.rpartition(":")[0] in _HOSTS and origin == f"http://{host}"


def _has_screen() -> bool:
    """Without one, a browser would be a text browser that takes the terminal over."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform != "linux" or bool(shown)
