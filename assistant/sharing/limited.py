"""Refuses what is beyond the limits of a shared app."""

import json
import time
from collections import Counter
from collections.abc import Sequence, Set
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.app.texts import reader_language, say
from assistant.sharing.limits import Limits
from assistant.sharing.refusal import refuse

_Refusal = tuple[int, str, dict[str, str], int]
"""Status, text, its values, and seconds to wait."""

_READING = frozenset(("GET", "HEAD", "OPTIONS"))


class Limited:
    """Answers 429 or 413 to what is too much, with what to do, before anything is done for it.

    `openings` are the page's events that are no questions: what it does when it is opened.
    """

    def __init__(self, app: ASGIApp, limits: Limits, openings: Set[int] = frozenset()) -> None:
        self.app, self.limits, self.openings = app, limits, openings
        self._counting = MovingWindowRateLimiter(MemoryStorage())
        self._items = {
            name: RateLimitItemPerMinute(most)
            for name, most in (
                ("questions", limits.questions),
                ("requests", limits.requests),
                ("all_requests", limits.all_requests),
                ("sign_ins", limits.sign_ins),
                ("guesses", limits.sign_ins),
            )
        }
        self._open: Counter[str] = Counter()
        self._all_open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is asked for, and pass it on within the limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = client_of(scope)
        if told := self._too_many(scope, client):
            await _refused(scope, told)(scope, receive, send)
            return
        self._open[client] += 1
        self._all_open += 1
        try:
            if scope["method"] not in _READING:
                body = await _body(receive, self.limits.longest)
                if told := self._too_much(scope, client, body):
                    await _refused(scope, told)(scope, receive, send)
                    return
                receive = _again(body or b"", receive)
            guarded = self._counting_guesses(send, client) if _has_password(scope) else send
            await self.app(scope, receive, guarded)
        finally:
            self._all_open -= 1
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _too_many(self, scope: Scope, client: str) -> _Refusal | None:
        """Return how to refuse what is sent too large, or while too much is open."""
        size = Headers(scope=scope).get("content-length", "0")
        if not size.isdecimal() or int(size) > self.limits.longest:
            return self._too_large()
        if self._all_open >= self.limits.all_at_once:
            return 429, "too_many_all", {"wait": "10"}, 10
        if self._open[client] >= self.limits.at_once:
            return 429, "too_many_open", {"most": str(self.limits.at_once)}, 10
        return self._too_often(("guesses",), client) if _has_password(scope) else None

    def _too_much(self, scope: Scope, client: str, body: bytes | None) -> _Refusal | None:
        """Count what is sent; return how to refuse it. No `body` is one that is too large."""
        if body is None:
            return self._too_large()
        return self._too_often(self._counted_as(scope, body), client)

    def _too_large(self) -> _Refusal:
        return 413, "too_large", {"most": f"{self.limits.longest:,} bytes"}, 0

    def _too_often(self, names: Sequence[str], client: str) -> _Refusal | None:
        for name in names:
            item = self._items[name]
            key = (name,) if name == "all_requests" else (name, client)
            count = self._counting.test if name == "guesses" else self._counting.hit
            if count(item, *key):
                continue
            until = self._counting.get_window_stats(item, *key).reset_time
            wait = max(1, round(until - time.time()))
            values = {"most": str(item.amount), "wait": str(wait)}
            return 429, _TEXTS[name], values, wait
        return None

    def _counted_as(self, scope: Scope, body: bytes) -> tuple[str, ...]:
        """Return the limits that something sent counts for."""
        path = str(scope["path"]).rstrip("/")
        if path.endswith("/login"):
            return ("sign_ins", "all_requests")
        is_asked = path.endswith(("/queue/join", "/ask")) or "/mcp" in path  # any tool of MCP's
        if is_asked and not (path.endswith("/queue/join") and _event(body) in self.openings):
            return ("questions", "all_requests")
        return ("requests", "all_requests")

    def _counting_guesses(self, send: Send, client: str) -> Send:
        """Count a password sent along with a request (HTTP Basic) if it was refused."""

        async def counting(message: Message) -> None:
            if message.get("status") == 401:
                self._counting.hit(self._items["guesses"], "guesses", client)
            await send(message)

        return counting


_TEXTS = {
    "questions": "too_many_questions",
    "requests": "too_many",
    "all_requests": "too_many_all",
    "sign_ins": "too_many_sign_ins",
    "guesses": "too_many_sign_ins",
}


def _has_password(scope: Scope) -> bool:
    return "authorization" in Headers(scope=scope)


def client_of(scope: Scope) -> str:
    """Return who asks: the address, of IPv6 the network of 64 bits that one household has."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return str(host)
    mapped: IPv4Address | None = address.ipv4_mapped
    return str(mapped) if mapped else str(IPv6Network((address, 64), strict=False))


def _refused(scope: Scope, told: _Refusal) -> Response:
    status, key, values, wait = told
    language = reader_language(Headers(scope=scope).get("accept-language"))
    return refuse(status, say(key, language, **values), wait)


async def _body(receive: Receive, most: int) -> bytes | None:
    """Return what is sent, None if it is more than `most` bytes or broken off."""
    body, is_more = bytearray(), True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > most:
            return None
        is_more = message.get("more_body", False)
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives `body` first, and then what else comes."""
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return given.pop() if given else await receive()

    return again


def _event(body: bytes) -> int | None:
    """Return the number of the event that a page asks for."""
    try:
        number = json.loads(body)["fn_index"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return number if type(number) is int else None
