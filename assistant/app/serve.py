"""Serve the page on this machine."""

import socket
from pathlib import Path

from assistant.app.guard import guards
from assistant.app.layout import build_app
from assistant.app.reader import translations
from assistant.app.theme import theme
from assistant.assistant import Assistant
from corpus.errors import NotesError

LOOPBACK = "127.0.0.1"
_HERE = Path(__file__).parent


def serve(assistant: Assistant, port: int, *, open_browser: bool = False) -> None:
    """Serve on 127.0.0.1 until interrupted. NotesError if `port` is taken."""
    _check_port(port)
    app = build_app(assistant)
    app.queue(default_concurrency_limit=4)
    try:
        app.launch(
            server_name=LOOPBACK,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            inline=False,
            inbrowser=open_browser,
            ssr_mode=False,
            run_history=False,
            app_kwargs={"middleware": guards()},
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
            show_error=False,
            footer_links=[],
            i18n=translations(),
            theme=theme(),
            head=f"<style>{_read('style.css')}</style>",  # css= would break :is(a, b)
            js=_read("page.js"),
            favicon_path=_HERE / "icon.svg",
        )
        app.server.thread.join()
    finally:
        app.close(verbose=False)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise NotesError(
                f"Port {port} cannot be used: {error.strerror}.",
                f"Choose another one: notes serve --port {port + 1}",
            ) from error
