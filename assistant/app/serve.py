"""Serve the page on this machine."""

import os
import sys
from pathlib import Path

from assistant.app.guard import guards
from assistant.app.layout import build_app
from assistant.app.reader import translations
from assistant.app.theme import theme
from assistant.assistant import Assistant
from assistant.port import LOOPBACK
from assistant.watching import Watcher

_HERE = Path(__file__).parent


def serve(
    assistant: Assistant,
    port: int,
    *,
    open_browser: bool = False,
    watcher: Watcher | None = None,
) -> None:
    """Serve on 127.0.0.1 until interrupted, with the watcher at work."""
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
            inbrowser=open_browser and _has_screen(),
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
        if watcher:
            watcher.start()
        app.server.thread.join()
    finally:
        if watcher:
            watcher.stop()
        app.close(verbose=False)


def _has_screen() -> bool:
    """Without one, a browser would be a text browser that takes the terminal over."""
    shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform != "linux" or bool(shown)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
