"""What a chat endpoint says in its stream: server-sent events with a piece of a message each."""

import json
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Any

_FIELDS = (b"event", b"id", b"retry")


class GarbledError(Exception):
    """Not a stream of chat events; the message says what instead, never with the server's words."""


class ServerFailedError(Exception):
    """The stream says that the server failed."""


class BrokenOffError(Exception):
    """The stream ended before the answer did."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of an answer. `is_thought` is True if the model said something that is not for us.

    `finish` is the server's word for why the answer ends with this piece, "" while it goes on.
    """

    text: str = ""
    is_thought: bool = False
    finish: str = ""


async def read_pieces(stream: AsyncIterable[bytes]) -> AsyncGenerator[Piece, None]:
    """Yield the pieces of one answer; the last has a `finish`.

    Every `data:` line is an event by itself, as these servers write them.
    """
    async for line in _lines(stream):
        name, _, value = line.partition(b":")
        if name == b"error":
            raise ServerFailedError
        if name == b"data":
            piece = _piece(value.strip())
            yield piece
            if piece.finish:
                return
        elif name and name not in _FIELDS:
            raise GarbledError("something else than server-sent events")
    raise BrokenOffError


async def _lines(stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield whole lines; the end of a stream within a line is no line."""
    held = bytearray()
    async for chunk in stream:
        held += chunk
        if b"\n" in chunk:
            *lines, rest = held.split(b"\n")
            for line in lines:
                yield bytes(line.removesuffix(b"\r"))
            held = rest


def _piece(data: bytes) -> Piece:
    if data == b"[DONE]":
        return Piece(finish="stop")
    try:
        event = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise GarbledError("events that are no JSON") from error
    if isinstance(event, dict) and event.get("error"):
        raise ServerFailedError
    try:
        return _read_event(event)
    except (AttributeError, KeyError, TypeError) as error:
        raise GarbledError("JSON of another shape") from error


def _read_event(event: Any) -> Piece:
    """Read a chat.completion.chunk; one without choices (usage, a filter's report) says nothing."""
    choices = event["choices"]
    if not isinstance(choices, list):
        raise TypeError
    if not choices:
        return Piece()
    delta, finish = choices[0].get("delta") or {}, choices[0].get("finish_reason") or ""
    text = delta.get("content") or ""
    if not isinstance(text, str) or not isinstance(finish, str):
        raise TypeError
    is_thought = bool(delta.get("reasoning_content") or delta.get("reasoning"))
    return Piece(text, is_thought, finish)
