"""Is too much refused, told in words, and can nobody talk his way out of it?"""

import socket
import time
from contextlib import ExitStack, suppress

from tests.security.outcome import Outcome, Tries
from tests.security.page import API, call, event_of, part_of, server_call, session
from tests.security.sites import Sites
from tests.security.wire import Reply, Visitor

PER_MINUTE = 30
_CLAIMS = (
    *("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP", "X-Originating-IP"),
    *("X-Remote-IP", "X-Remote-Addr", "Client-IP", "X-Cluster-Client-IP", "Via", "X-Host", "Fastly-Client-IP"),
)  # fmt: skip


def questions_a_minute(sites: Sites) -> Outcome:
    """The 31st question in a minute is refused, with words, whatever address is claimed"""
    tries = Tries()
    event = event_of(sites.public.visitor(), "_ask")
    for name in (None, *_CLAIMS, "Forwarded"):
        visitor, number = sites.public.visitor(), event if name is None else None
        value = "for=203.0.113.{n}" if name == "Forwarded" else "203.0.113.{n}"
        told = [
            _queued(visitor, number, {} if name is None else {name: value.format(n=n)})
            for n in range(PER_MINUTE + 3)
        ]
        statuses = [one.status for one in told]
        told_well = "at most 30 a minute" in told[-1].text and "retry-after" in told[-1].headers
        first = 200 if name is None else 422  # no event is named, but it counts
        tries.expect(f"with {name}", statuses == [first] * PER_MINUTE + [429] * 3, "429 from the 31st")  # fmt: skip
        tries.expect(f"words with {name}", told_well, "in words, with Retry-After")
    behind = sites.public.visitor("127.0.0.1")
    statuses = [
        _queued(behind, None, {"X-Forwarded-For": f"203.0.113.{n % 40}"}).status
        for n in range(PER_MINUTE + 10)
    ]
    tries.control("who stands behind a trusted proxy is known", set(statuses) == {422}, set(statuses))  # fmt: skip
    lied = [
        _queued(behind, None, {"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.77"}).status
        for n in range(PER_MINUTE + 3)
    ]
    tries.expect("an address claimed to the proxy", lied[-1] == 429, "429 from the 31st")
    return tries.outcome("33 questions, with claimed addresses")


def other_ways_to_ask(sites: Sites) -> Outcome:
    """There is no way to ask that is not counted"""
    tries = Tries()
    visitor = sites.public.visitor()
    event = event_of(visitor, "_ask")
    for _ in range(PER_MINUTE):
        _queued(visitor, event, {})
    assert _queued(visitor, event, {}).status == 429
    body = {"fn_index": event, "data": ["harbour", None], "session_hash": session(), "question": "harbour"}  # fmt: skip
    paths = (
        *("/queue/join", "/queue/join/", "/queue/join//", "//queue/join", "/queue/join?x", "/queue/JOIN", "/queue/join%2f"),
        *("/call/ask", "/call/ask/", "/call/v2/ask", "/call/v2/ask/", "/call/_ask", "/call/ask%20", "/call/%61sk", "/call//ask"),
        *("/run/ask", "/api/ask", "/run/_ask", "/call/ask?x=/search", "/call/ask#", "/queue/%6aoin", "/call/v2/_ask"),
    )  # fmt: skip
    for path in paths:
        for method in ("POST", "post", "PUT", "GET"):
            told = visitor.ask(method, f"{API}{path}", body, seconds=2)
            asked = told.status == 200 and b"event_id" in told.body
            tries.expect(f"{method} {path}", not asked, told.status)
    return tries.outcome("spellings of the ways to ask, once the limit is reached")


def requests_a_minute(sites: Sites) -> Outcome:
    """Searches and the rest are refused after 240 a minute; reading the page is not"""
    tries = Tries()
    visitor = sites.public.visitor()
    part = part_of(visitor, "map-page")
    path = f"{API}/component_server"
    statuses = [visitor.post(path, b"").status for _ in range(8 * PER_MINUTE + 5)]
    right = statuses == [400] * (8 * PER_MINUTE) + [429] * 5
    tries.expect("245 requests", right, "429 from the 241st")
    tries.expect("the page", visitor.get("/").status == 200, "the page is there")
    other = server_call(sites.public.visitor(), part, "place_of", "x").status
    tries.control("others are not kept waiting", other == 200, other)
    return tries.outcome("245 requests")


def how_much_one_asks(sites: Sites) -> Outcome:
    """Too long a question, too many notes and too large a body are refused, with words"""
    tries = Tries()
    visitor = sites.public.visitor()
    for name, data, words in (
        ("ask", {"question": "x" * 501}, "500"),
        ("ask", {"question": "长" * 501}, "500"),
        ("search", {"query": "harbour", "k": 51}, "50"),
        ("search", {"query": "harbour", "k": 10**9}, "50"),
        ("search", {"query": "harbour", "k": -1}, "50"),
        ("search", {"query": "harbour", "k": "x"}, "50"),
        ("search", {"query": "x" * 501}, "500"),
        ("search", {"query": "harbour", "type": ["x" * 501]}, "500"),
        ("search", {"query": "harbour", "phrase": ["x"] * 101}, "100"),
        ("search", {"query": "harbour", "mode": "none"}, "dense"),
        ("search_report", {"query": "harbour", "k": 51}, "50"),
        ("facets", {"query": "x" * 501}, "500"),
    ):
        told = call(visitor, name, **data)
        fine = words in told.text and "event: error" in told.text
        tries.expect(f"{name} {str(data)[:30]} {told.text[:100]}", fine, "refused in words")
    fifty = call(visitor, "search", query="harbour", k=50)
    tries.control("50 notes are given", "complete" in fifty.text, fifty.text[:200])
    for size in (65_537, 1_000_000):
        for path in ("/queue/join", "/component_server", "/mcp/", "/call/ask", "/cancel"):
            told = visitor.post(f"{API}{path}", b"x" * size)
            tries.expect(f"{size} bytes to {path}", told.status == 413 and b"65,536" in told.body, told.status)  # fmt: skip
    for claimed in ("99999999999999999999", "-1", "1e3", "0x10", "+5", "1_0", "9" * 5000, "65537", "٣"):  # fmt: skip
        told = visitor.ask("POST", f"{API}/call/ask", b"x", {"Content-Length": claimed}, 0.5)
        tries.refused(f"Content-Length: {claimed[:20]}", told)
    told = visitor.raw(_chunked(visitor, b"10000\r\n" + b"x" * 65_536 + b"\r\n", 4))
    tries.expect("chunks without end", told.status in (0, 400, 413, 422), told.status)
    return tries.outcome("questions, numbers of notes and bodies beyond the limits")


def held_connections(sites: Sites) -> Outcome:
    """One visitor holds 32 connections open, and no more; others do not notice"""
    tries = Tries()
    holder = sites.public.visitor()
    statuses: list[int] = []
    with ExitStack() as held:
        for n in range(50):
            line = held.enter_context(holder.connect(3))
            line.sendall(f"GET {API}/heartbeat/{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            statuses.append(int(line.recv(64).split()[1]))
        right = statuses == [200] * 32 + [429] * 18
        tries.expect(f"50 heartbeats: {statuses.count(200)} held", right, "429 from the 33rd")
        began = time.monotonic()
        other = call(sites.public.visitor(), "search", query="harbour")
        took = time.monotonic() - began
        tries.expect(f"others after {took:.1f} s", "complete" in other.text and took < 5, "others are answered")  # fmt: skip
    for _ in range(50):
        if (again := holder.get("/").status) == 200:
            break
        time.sleep(0.1)
    tries.control("let go, the holder may come again", again == 200, again)
    return tries.outcome("50 heartbeats held open")


def slow_senders(sites: Sites) -> Outcome:
    """150 connections that send a byte now and then (slowloris) keep nobody else waiting"""
    tries = Tries()
    with ExitStack() as held:
        slow = sites.public.visitor()
        heads = (
            *(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ", b"POST /gradio_api/call/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"),
            *(b"", b"POST /gradio_api/call/ask HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"),
        )  # fmt: skip
        lines = [held.enter_context(slow.connect(5)) for _ in range(150)]
        for _ in range(3):
            for number, line in enumerate(lines):
                with suppress(OSError):
                    line.sendall(heads[number % 4] or b"G")
            began = time.monotonic()
            other = sites.public.visitor()
            answered = other.get("/").status == 200 and "complete" in call(other, "search", query="harbour").text  # fmt: skip
            took = time.monotonic() - began
            tries.expect(f"others after {took:.1f} s", answered and took < 5, "others are answered")
        heads = ()
    tries.known.append("idle connections are not counted until they have sent a request's head (a proxy's work)")  # fmt: skip
    return tries.outcome("rounds of 150 slow senders")


def endless_readers(sites: Sites) -> Outcome:
    """Who asks and does not read the answers keeps nobody waiting"""
    tries = Tries()
    with ExitStack() as held:
        deaf = sites.public.visitor()
        for _ in range(30):
            line = held.enter_context(deaf.connect(5))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 3)
        began = time.monotonic()
        other = sites.public.visitor()
        answered = other.get("/").status == 200
        took = time.monotonic() - began
        tries.expect(f"others after {took:.1f} s", answered and took < 5, "others are answered")
    return tries.outcome("round of 30 visitors who do not read")


def pushed_out(sites: Sites) -> Outcome:
    """One visitor's many sessions do not push out the conversation of another"""
    tries = Tries()
    from tests.security.events import QUESTION, _exported
    from tests.security.page import ask

    victim, whose = sites.public.visitor(), session()
    ask(victim, QUESTION, whose)
    pusher = sites.public.visitor()
    part = part_of(pusher, "map-page")
    for n in range(1100):
        if n % 230 == 0:
            pusher = sites.public.visitor()  # 230 a minute of one: what takes five here takes five minutes  # fmt: skip
        server_call(pusher, part, "place_of", "x", f"push{n}")
    if QUESTION not in _exported(victim, whose):
        tries.known.append("1,000 conversations are kept: one visitor needs five minutes to push out the others")  # fmt: skip
    tries.expect("the server", victim.get("/").status == 200, "answers")
    return tries.outcome("round of 1,100 sessions")


def _queued(visitor: Visitor, event: int | None, headers: dict[str, str]) -> Reply:
    """Ask an event of the page, or none of them: that counts too, and is soon told."""
    body = (
        {"fn_index": event, "data": ["", None], "session_hash": session()}
        if event is not None
        else b""
    )
    return visitor.post(f"{API}/queue/join", body, headers)


def _chunked(visitor: Visitor, chunk: bytes, times: int) -> bytes:
    head = f"POST {API}/call/ask HTTP/1.1\r\nHost: 127.0.0.1:{visitor.port}\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"  # fmt: skip
    return head.encode() + chunk * times


TRICKS = (questions_a_minute, other_ways_to_ask, requests_a_minute, how_much_one_asks, held_connections)  # fmt: skip
SLOW = (slow_senders, endless_readers, pushed_out)
