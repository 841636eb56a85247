"""HTTP to a chat endpoint, within bounds: what leaves is what is meant to, what comes is finite."""

from collections.abc import AsyncIterator
from typing import cast
from urllib.request import getproxies, proxy_bypass

import httpx2

from assistant.generation.endpoint import Endpoint

_KEPT_HEADERS = frozenset({"host", "connection", "content-length", "content-type"})
_BYTES_PER_TOKEN = 2048  # an event is 200 to 800 bytes
_MORE_BYTES = 1_000_000


class TooMuchError(Exception):
    """The response has more bytes than any answer."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends our own headers only, reads a body only if it is an answer, and so much at most.

    openai adds headers about this machine and what OPENAI_* variables say, which are meant for
    another service; and it would read the body of an error, however long, into a message.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._key = endpoint.key
        self._most_bytes = endpoint.most_tokens * _BYTES_PER_TOKEN + _MORE_BYTES
        self._inner = httpx2.AsyncHTTPTransport(
            verify=endpoint.url.lower().startswith("https:"),  # http has nothing to verify
            trust_env=not endpoint.is_local,
            proxy=None if endpoint.is_local else _proxy(endpoint.url),
        )
        self.has_response = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`; the response has a body only if it is a success."""
        sent = httpx2.Request(
            request.method,
            request.url,
            headers=self._headers(request.headers),
            stream=request.stream,
            extensions=request.extensions,
        )
        response = await self._inner.handle_async_request(sent)
        self.has_response = True
        if response.status_code != 200:
            await response.aclose()
            return httpx2.Response(response.status_code, headers=_about(response), content=b"")
        stream = _Bounded(cast(httpx2.AsyncByteStream, response.stream), self._most_bytes)
        return httpx2.Response(
            200, headers=response.headers, stream=stream, extensions=response.extensions
        )

    def _headers(self, given: httpx2.Headers) -> dict[str, str]:
        kept = {name: value for name, value in given.items() if name.lower() in _KEPT_HEADERS}
        own = {
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "User-Agent": "notes-assistant",
        }
        return kept | own | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, most_bytes: int) -> None:
        self._inner = inner
        self._left = most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise TooMuchError
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


def _about(response: httpx2.Response) -> list[tuple[str, str]]:
    """What may be told of a response that is no answer."""
    names = ("retry-after", "location")
    return [(name, response.headers[name]) for name in names if name in response.headers]


def _proxy(url: str) -> str | None:
    """The environment's proxy for `url`."""
    address = httpx2.URL(url)
    if proxy_bypass(address.host):
        return None
    proxies = getproxies()
    return proxies.get(address.scheme) or proxies.get("all")
