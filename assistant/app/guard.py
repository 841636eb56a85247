"""What the page's server refuses: other hosts' names, and uploads where nothing may be added.

A web page elsewhere can make its own name lead to 127.0.0.1 (DNS rebinding) and so read what this
server answers; the browser then names that page's host, which is refused.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.app.rights import Rights

HOSTS = ("127.0.0.1", "localhost")


class NoUploads:
    """Answers 404 where Gradio would take files: nothing may be added."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but uploads."""
        path = str(scope.get("path", "")).rstrip("/")
        if scope["type"] == "http" and path.endswith("/upload"):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class OwnPagesOnly:
    """Answers 403 where another site's page sends something: it could fill the disk with uploads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from a page of this address, or from no page."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers({})
        origin = headers.get("origin", "")
        if origin and urlsplit(origin).netloc != headers.get("host"):
            await PlainTextResponse("Another site's page", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class LastingAssets:
    """Lets browsers keep the parts of the page whose names tell their contents."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark what is under /assets/ as never changing."""

        async def marking(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["Cache-Control"] = (
                    "public, max-age=31536000, immutable"
                )
            await send(message)

        is_asset = scope["type"] == "http" and str(scope.get("path", "")).startswith("/assets/")
        await self.app(scope, receive, marking if is_asset else send)


def guards(rights: Rights) -> list[Middleware]:
    """Return the middleware to serve with."""
    allowed = Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    always = [allowed, Middleware(OwnPagesOnly), Middleware(LastingAssets)]
    return always if rights.adds else [*always, Middleware(NoUploads)]
