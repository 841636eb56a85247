"""The notes as tools over HTTP, on the MCP server that Gradio sets up under /gradio_api/mcp.

Gradio's own tools are its HTTP endpoints: they call the app over HTTP (without the caller's sign-in),
give Python's text for JSON, and whole notes however long. Ours are those of `notes mcp`.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from gradio.routes import App
from mcp.types import PingRequest

from assistant.assistant import Assistant
from assistant.mcp_server import offer_tools


def offering_tools(
    assistant: Assistant,
) -> Callable[[App], AbstractAsyncContextManager[None]]:
    """Return the lifespan (of launch's `app_kwargs`) of an app with `mcp_server=True`."""

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        server = app.get_blocks().mcp_server_obj.mcp_server
        for asked in set(server.request_handlers) - {PingRequest}:
            del server.request_handlers[asked]
        offer_tools(server, lambda: assistant)
        yield

    return lifespan
