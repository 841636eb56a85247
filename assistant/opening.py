"""Open the app: a waiting page at once, the index and the app's code side by side, then the app."""

import gc
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.generation.endpoint import Endpoint
from assistant.port import check_port
from assistant.sharing.sharing import Sharing
from assistant.waiting import Waiting
from corpus.progress import OnProgress, Progress, silent
from corpus.roles import Roles

if TYPE_CHECKING:
    from assistant.assistant import Assistant


@dataclass(frozen=True, slots=True)
class Opening:
    """What to open: `folders` are indexed into `index` first; without any, it is as it is.

    `has_tools` offers MCP's tools; `sharing` says how others may come in, None: they may not.
    """

    folders: Sequence[Path]
    index: Path
    port: int
    model: str | None
    roles: Roles
    max_bytes: int
    reranker: str | None
    reranker_seconds: float
    endpoint: Endpoint | None
    open_browser: bool
    watch: bool
    has_tools: bool = False
    sharing: Sharing | None = None


def open_app(opening: Opening) -> None:
    """Serve until interrupted. Raises NotesError."""
    if opening.sharing:
        from assistant.sharing.open_shared import open_shared

        open_shared(opening, opening.sharing)
        return
    check_port(opening.port)
    from assistant.terminal import err

    err.print(f"Opening http://127.0.0.1:{opening.port} (Ctrl-C stops it)")
    with Waiting(opening.port, opening.open_browser) as waiting:
        loading = threading.Thread(target=_load_app, name="loading")
        loading.start()
        if opening.folders:
            bring_up_to_date(opening, waiting.tell)
        assistant = _assistant(opening)
        waiting.opened(assistant)
        loading.join()
        from assistant.app.layout import build_app
        from assistant.app.rights import Rights

        rights = Rights()
        app = build_app(assistant, rights)
    from assistant.app.guard import guards
    from assistant.app.serve import Site, serve
    from assistant.terminal import say_watching
    from assistant.watching import Watcher

    watcher = None
    if opening.watch:
        watcher = Watcher(assistant.roots, opening.index, assistant.update, say_watching)
    serve(
        app,
        Site(opening.port, tools=assistant if opening.has_tools else None),
        guards(rights),
        watcher,
    )


def _load_app() -> None:
    """Import the app's code; there is no garbage among so many new objects."""
    from assistant.app.quick_import import import_quickly

    import_quickly()
    gc.disable()
    try:
        import assistant.app.serve  # noqa: F401 - found by whoever imports it next
    finally:
        gc.enable()


def bring_up_to_date(opening: Opening, on_progress: OnProgress = silent) -> None:
    """Index the folders, with bars in the terminal. Raises NotesError."""
    from assistant.indexing import update_index
    from assistant.terminal import progress_bars, say_update, say_waiting

    with progress_bars() as draw:

        def tell(part: Progress) -> None:
            draw(part)
            on_progress(part)

        done = update_index(
            opening.index,
            opening.folders,
            model=opening.model,
            roles=opening.roles,
            max_bytes=opening.max_bytes,
            on_progress=tell,
            on_wait=say_waiting,
        )
    say_update(done)


def _assistant(opening: Opening) -> "Assistant":
    """Open the index, and have a first question warm it up meanwhile."""
    from assistant.assistant import Assistant

    assistant = Assistant(
        opening.index,
        opening.model,
        roles=opening.roles,
        max_bytes=opening.max_bytes,
        reranker=opening.reranker,
        reranker_seconds=opening.reranker_seconds,
        endpoint=opening.endpoint,
    )
    threading.Thread(target=assistant.warm_up, name="warm-up", daemon=True).start()
    return assistant
