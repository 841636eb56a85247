"""Serve the page on this machine."""

from pathlib import Path

import gradio as gr

from assistant.adding.limits import Limits
from assistant.app.guard import guards
from assistant.app.reader import translations
from assistant.app.rights import Rights
from assistant.app.theme import theme
from assistant.port import LOOPBACK
from assistant.watching import Watcher

_HERE = Path(__file__).parent


def serve(app: gr.Blocks, port: int, rights: Rights, watcher: Watcher | None = None) -> None:
    """Serve on 127.0.0.1 until interrupted, with the watcher at work."""
    app.queue(default_concurrency_limit=4)
    try:
        app.launch(
            server_name=LOOPBACK,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            inline=False,
            inbrowser=False,
            ssr_mode=False,
            run_history=False,
            app_kwargs={"middleware": guards(rights)},
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
            show_error=False,
            footer_links=[],
            max_file_size=Limits().file_bytes,
            i18n=translations(),
            theme=theme(),
            head=f"<style>{_styles()}</style>",  # css= would break :is(a, b)
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


def _styles() -> str:
    """Return the style sheets: the page's own first, which names its colours."""
    files = sorted((_HERE / "style").glob("*.css"), key=lambda file: file.stem != "page")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
