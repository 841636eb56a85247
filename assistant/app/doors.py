"""Of all that Gradio's server would answer, what this page needs; the rest is not there.

Gradio also serves files by their path, proxies, recordings, statistics, and whatever its next version
brings. What is not named here is answered 404.
"""

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.app.rights import Rights

_ALWAYS = r"""
    /(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)
  | /(assets|static|svelte)/[\w@+-][\w@+.-]*(/[\w@+-][\w@+.-]*)*
  | /gradio_api/(info|openapi\.json|startup-events|theme\.css|app_id|cancel|component_server)
  | /gradio_api/queue/(join|data)
  | /gradio_api/call/(v2/)?(ask|search|search_report|facets|read)(/\w+)?
  | /gradio_api/heartbeat/\w+
  | /gradio_api/mcp(/http)?
"""
_ADDING = r" | /gradio_api/(upload|upload_progress)"


class Doors:
    """Passes on what is asked for by a path that the page needs."""

    def __init__(self, app: ASGIApp, rights: Rights) -> None:
        self.app = app
        paths = _ALWAYS + (_ADDING if rights.adds else "")
        self._paths = re.compile(rf"/|(?:{paths})/?", re.VERBOSE | re.ASCII)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the path alone."""
        path = str(scope.get("path", ""))
        is_open = scope["type"] == "http" and self._paths.fullmatch(path) and not _is_form(scope)
        if is_open or scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close"})


def _is_form(scope: Scope) -> bool:
    """Whether a form is sent, with files maybe, to where only JSON is."""
    kind = Headers(scope=scope).get("content-type", "").lstrip().lower()
    return (
        not kind.startswith("application/json") and "form" in kind and "upload" not in scope["path"]
    )
