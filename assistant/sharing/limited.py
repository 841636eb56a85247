"""Refuses what is beyond the limits of a shared app."""

import time
from collections import Counter
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.app.texts import reader_language, say
from assistant.sharing.limits import Limits
from assistant.sharing.refusal import refuse


class Limited:
    """Answers 429 or 413 to what is too much, with what to do, before anything is done for it."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app, self.limits = app, limits
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
        told = self._too_much(scope, client)
        if told:
            status, key, values, wait = told
            language = reader_language(Headers(scope=scope).get("accept-language"))
            message = say(key, language, **values)
            await refuse(status, message, wait)(scope, receive, send)
            return
        self._open[client] += 1
        self._all_open += 1
        try:
            await self.app(
                scope,
                _bounded(receive, self.limits.longest),
                self._counting_guesses(send, client) if _has_password(scope) else send,
            )
        finally:
            self._all_open -= 1
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _too_much(self, scope: Scope, client: str) -> tuple[int, str, dict[str, str], int] | None:
        """Return status, text, its values and seconds to wait for what is beyond the limits."""
        size = Headers(scope=scope).get("content-length", "0")
        if not size.isdecimal() or int(size) > self.limits.longest:
            return 413, "too_large", {"most": f"{self.limits.longest:,} bytes"}, 0
        if self._all_open >= self.limits.all_at_once:
            return 429, "too_many_all", {"wait": "10"}, 10
        if self._open[client] >= self.limits.at_once:
            return 429, "too_many_open", {"most": str(self.limits.at_once)}, 10
        guesses = ("guesses",) if _has_password(scope) else ()
        for name in (*guesses, *_counted_as(scope)):
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


def _counted_as(scope: Scope) -> tuple[str, ...]:
    """Return the limits that a request counts for; what only fetches a page counts for none."""
    if scope["method"] != "POST":
        return ()
    path = str(scope["path"]).rstrip("/")
    if path.endswith("/login"):
        return ("sign_ins", "all_requests")
    if path.endswith(("/queue/join", "/ask")) or "/mcp" in path:  # any of its tools may be asked
        return ("questions", "all_requests")
    return ("requests", "all_requests")


def client_of(scope: Scope) -> str:
    """Return who asks: the address, of IPv6 the network of 64 bits that one household has."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return str(host)
    mapped: IPv4Address | None = address.ipv4_mapped
    return str(mapped) if mapped else str(IPv6Network((address, 64), strict=False))


def _bounded(receive: Receive, most: int) -> Receive:
    """Break off what sends more than it said it would."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > most else message

    return bounded
