"""What the page's server refuses: other hosts' names, and uploads.

A web page elsewhere can make its own name lead to 127.0.0.1 (DNS rebinding) and so read what this
server answers; the browser then names that page's host, which is refused.
"""

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")


class NoUploads:
    """Answers 404 where Gradio would take files: the page has nothing to upload."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all but uploads."""
        path = str(scope.get("path", "")).rstrip("/")
        if scope["type"] == "http" and path.endswith("/upload"):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def guards() -> list[Middleware]:
    """Return the middleware to serve with."""
    allowed = Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    return [allowed, Middleware(NoUploads)]
