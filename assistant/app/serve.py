"""Serve the page: on this machine, or to others."""

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from gradio.route_utils import CustomCORSMiddleware
from gradio.routes import App
from starlette.middleware import Middleware

from assistant.adding.limits import Limits
from assistant.app.reader import translations
from assistant.app.sessions import Sessions
from assistant.app.theme import theme
from assistant.app.unread import forget_unread
from assistant.assistant import Assistant
from assistant.port import LOOPBACK
from assistant.watching import Watcher

_HERE = Path(__file__).parent
_log = logging.getLogger(__name__)

_SESSIONS = 1000
"""Open pages whose conversations are kept; the oldest go first."""

_ASKED = 64
"""Questions under way."""

AT_WORK = 4
"""Threads that work at a time where one process does it all. With Gradio's 40 threads 60 users waited
13 s for an answer (they take the interpreter from each other at every row that SQLite reads), with 4
they waited 2 s."""

_LOOK = 0.01
"""Seconds between two looks at what is asked; with Gradio's 0.001 a page that nobody uses takes an
eighth of a core."""

_NEVER = 10**12
"""Events after which Gradio sums up what was asked so far, in a table of 10,000 rows; nobody reads it."""

_SWITCH = 0.0005
"""Seconds after which a thread lets another one on; with Python's 0.005 they waited 2 s, so 0.7 s."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the page is served. `has_tunnel` opens Gradio's to the world.

    `tools` is the assistant that MCP's tools ask, None where there are none; `at_work` are the
    threads that work at a time.
    """

    port: int
    host: str = LOOPBACK
    has_tunnel: bool = False
    tools: Assistant | None = None
    at_work: int = AT_WORK


def serve(
    app: gr.Blocks,
    site: Site,
    guards: Sequence[Middleware],
    watcher: Watcher | None = None,
    on_open: Callable[[str | None], None] | None = None,
) -> None:
    """Serve until interrupted, with the watcher at work; `on_open` is told the tunnel's address."""
    sys.setswitchinterval(_SWITCH)
    app.queue(default_concurrency_limit=_ASKED, max_size=256)
    said = io.StringIO()
    try:
        with redirect_stdout(said):  # Gradio tells of tunnel and tools on stdout
            app.launch(
                server_name=site.host,
                server_port=site.port,
                prevent_thread_lock=True,
                quiet=True,
                share=site.has_tunnel,
                inline=False,
                inbrowser=False,
                ssr_mode=False,
                run_history=False,
                app_kwargs={"middleware": list(guards), "lifespan": _lifespan(site)},
                enable_monitoring=False,
                pwa=False,
                mcp_server=site.tools is not None,
                num_workers=0,
                max_threads=_ASKED,
                show_error=False,
                footer_links=[],
                max_file_size=Limits().file_bytes,
                state_session_capacity=_SESSIONS,
                i18n=translations(),
                theme=theme(),
                head=f"<style>{_styles()}</style>",  # css= would break :is(a, b)
                js=_read("page.js"),
                favicon_path=_HERE / "icon.svg",
            )
        app.limiter.total_tokens = site.at_work
        app._queue.sleep_when_free = _LOOK
        app._queue.ANALYTICS_MAX_EVENTS, app._queue.ANAYLTICS_CACHE_FREQUENCY = 1, _NEVER
        _log.info("%s", said.getvalue())
        if watcher:
            watcher.start()
        if on_open:
            on_open(app.share_url)
        app.server.thread.join()
    finally:
        if watcher:
            watcher.stop()
        app.close(verbose=False)


def _lifespan(site: Site) -> Callable[[App], AbstractAsyncContextManager[None]]:
    """Return what changes Gradio's server as it starts.

    Gradio's CORS stands before all other middleware, and lets pages of other sites send any header,
    among them the one by which a proxy says what the page is called. `Sessions` do not grow. MCP's
    tools take the place of those that Gradio makes of the page.
    """

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        kept = [one for one in app.user_middleware if one.cls is not CustomCORSMiddleware]
        app.user_middleware = kept
        app.middleware_stack = app.build_middleware_stack()
        app.state_holder = Sessions()
        app.state_holder.set_blocks(app.get_blocks())
        forgetting = asyncio.create_task(forget_unread(app.get_blocks()._queue))
        try:
            if site.tools is None:
                yield
                return
            from assistant.app.mcp_http import offering_tools

            async with offering_tools(site.tools)(app):
                yield
        finally:
            forgetting.cancel()

    return lifespan


def _styles() -> str:
    """Return the style sheets: the page's own first, which names its colours."""
    files = sorted((_HERE / "style").glob("*.css"), key=lambda file: file.stem != "page")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
