"""One request to a chat endpoint. Importing this imports openai: about a second."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, cast

import httpx2
import openai

from assistant.answering.ending import Ending
from assistant.generation import failures
from assistant.generation.causes import failure_of
from assistant.generation.endpoint import Endpoint
from assistant.generation.events import GarbledError, Piece, ServerFailedError, read_pieces
from assistant.generation.patience import Patience
from assistant.generation.thinking import ThinkingFilter
from assistant.generation.transport import GuardedTransport

_CONNECT_SECONDS = 10.0
_CHARACTERS_PER_TOKEN, _MORE_CHARACTERS = 8, 2000
_UNHEARD = ("openai", "httpx2", "httpcore2")
"""Loggers that tell of URLs and requests."""


async def read_chat(
    endpoint: Endpoint, messages: Sequence[Mapping[str, str]], put: Callable[[str], None]
) -> Ending:
    """Hand the answer to `put` as it comes; GenerationError, with no cause, if it fails."""
    _quieten()
    clock = asyncio.get_running_loop().time
    patience, answer = Patience(endpoint, clock()), _Answer(endpoint, put)
    transport = GuardedTransport(endpoint)
    try:
        async with (
            asyncio.timeout_at(patience.until) as limit,
            _stream(endpoint, messages, transport) as stream,
            aclosing(read_pieces(stream)) as pieces,
        ):
            async for piece in pieces:
                if piece.text or piece.is_thought:
                    patience.heard = clock()
                    limit.reschedule(patience.until)
                answer.add(piece)
        return answer.end()
    except Exception as error:
        late = patience.failure if limit.expired() else None
        failure = late or failure_of(error, endpoint.host, transport.has_response)
        if failure is None:
            raise
    raise failure  # outside of `except`: nothing that the server said hangs on it


def _quieten() -> None:
    for name in _UNHEARD:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Answer:
    """Hands on what of an answer is for us, and says how it ended."""

    def __init__(self, endpoint: Endpoint, put: Callable[[str], None]) -> None:
        self._host = endpoint.host
        self._most = endpoint.most_tokens * _CHARACTERS_PER_TOKEN + _MORE_CHARACTERS
        self._put = put
        self._thinking = ThinkingFilter()
        self._length = 0
        self._has_text = False
        self._finish = ""

    def add(self, piece: Piece) -> None:
        self._finish = piece.finish
        self._length += len(piece.text)
        if self._length > self._most:
            raise failures.overlong(self._host, f"{self._most} characters")
        self._show(self._thinking.feed(piece.text))

    def end(self) -> Ending:
        self._show(self._thinking.finish())
        if self._finish == "content_filter":
            raise failures.withheld(self._host)
        if self._finish in ("error", "abort"):
            raise ServerFailedError
        is_cut = self._finish in ("length", "max_tokens")
        if not self._has_text:
            raise failures.empty(self._host, is_cut)
        return Ending.LENGTH if is_cut else Ending.COMPLETE

    def _show(self, text: str) -> None:
        text = text if self._has_text else text.lstrip()
        if text:
            self._has_text = True
            self._put(text)


@asynccontextmanager
async def _stream(
    endpoint: Endpoint, messages: Sequence[Mapping[str, str]], transport: GuardedTransport
) -> AsyncIterator[AsyncIterator[bytes]]:
    """Ask, and yield the bytes of the answer."""
    async with (
        httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False) as http,
        openai.AsyncOpenAI(
            base_url=endpoint.url,
            api_key="none",  # the transport has the key; None would take that of OPENAI_API_KEY
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
            http_client=http,
        ) as client,
        client.chat.completions.with_streaming_response.create(
            model=endpoint.model,
            messages=cast(Any, messages),
            max_tokens=endpoint.most_tokens,
            stream=True,
        ) as response,
    ):
        _check(response.headers)
        yield response.iter_bytes()


def _check(headers: Mapping[str, str]) -> None:
    """Refuse at once what cannot be a stream of events."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise GarbledError("a web page")
    if kind == "application/json":
        raise GarbledError("one JSON document")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise GarbledError("compressed bytes")
