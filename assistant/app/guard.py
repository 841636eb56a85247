"""What stands before the page's server: other hosts' names, other sites' pages, and more.

A web page elsewhere can make its own name lead to 127.0.0.1 (DNS rebinding) and so read what this
server answers; the browser then names that page's host, which is refused.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.app.doors import Doors
from assistant.app.rights import Rights

HOSTS = ("127.0.0.1", "localhost")


class OwnPagesOnly:
    """Answers 403 where another site's page sends something: it could fill the disk with uploads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from a page of this address, or from no page."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers({})
        origin = headers.get("origin", "")
        ours = {headers.get("host"), headers.get("x-forwarded-host")}  # no page can set the latter
        if origin and urlsplit(origin).netloc not in ours:
            await PlainTextResponse("Another site's page", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Assured:
    """Tells browsers what to keep, and not to guess at types or tell other sites where one was.

    Only a page that `is_framed` may stand in another site's, as a Space does.
    """

    def __init__(self, app: ASGIApp, is_framed: bool) -> None:
        self.app, self.is_framed = app, is_framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark what is under /assets/ as never changing: its names tell its contents."""

        async def marking(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if not self.is_framed:
                    headers["X-Frame-Options"] = "SAMEORIGIN"
                if is_asset and message["status"] == 200:
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
            await send(message)

        is_asset = scope["type"] == "http" and str(scope.get("path", "")).startswith("/assets/")
        await self.app(scope, receive, marking if scope["type"] == "http" else send)


def guards(
    rights: Rights, is_local: bool = True, more: Sequence[Middleware] = ()
) -> list[Middleware]:
    """Return the middleware to serve with; `more` comes before the page's own doors.

    A page that `is_local` goes by this machine's own names only.
    """
    named = Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    first = [named] if is_local else []
    return [
        *first,
        Middleware(OwnPagesOnly),
        Middleware(Assured, is_framed=not is_local),
        *more,
        Middleware(Doors, rights=rights),
    ]
