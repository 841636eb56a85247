"""HTTP as nobody speaks it: two requests in one, heads without end, methods that are none."""

from tests.security.outcome import Outcome, Tries
from tests.security.page import API
from tests.security.sites import Sites

_HIDDEN = b"GET /gradio_api/startup-events HTTP/1.1\r\nHost: a\r\n\r\n"


def smuggled(sites: Sites) -> Outcome:
    """A request with two lengths is refused, or ends where all agree (request smuggling)"""
    tries = Tries()
    start = b"POST /gradio_api/call/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    n = str(len(_HIDDEN)).encode()
    shapes = {
        "two lengths": b"Content-Length: 0\r\nContent-Length: " + n + b"\r\n\r\n" + _HIDDEN,
        "a list of lengths": b"Content-Length: 0, " + n + b"\r\n\r\n" + _HIDDEN,
        "length of hex": b"Content-Length: 0x0\r\n\r\n" + _HIDDEN,
        "length with a plus": b"Content-Length: +" + n + b"\r\n\r\n" + _HIDDEN,
        "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + _HIDDEN,
        "coding twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + _HIDDEN,
        "coding, then identity": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + _HIDDEN,
        "space before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + _HIDDEN,
        "folded": b"X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n" + _HIDDEN,
        "vertical tab": b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + _HIDDEN,
        "chunk of hex": b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        "chunk below nothing": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "chunk beyond all": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx\r\n",
        "a NUL": b"X: a\x00b\r\nContent-Length: 0\r\n\r\n",
        "carriage returns alone": b"X: a\rContent-Length: 5\r\nContent-Length: 0\r\n\r\n" + _HIDDEN,
    }  # fmt: skip
    for name, rest in shapes.items():
        told = sites.public.visitor().raw(start + rest, 0.5)
        fine = (
            0,
            400,
            411,
            413,
            501,
            *((422,) if name == "folded" else ()),
        )  # one line, as h11 reads it
        tries.expect(name, told.status in fine, told.status)
    both = b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _HIDDEN
    told = sites.public.visitor().raw(start + both, 0.5)
    if told.status not in (0, 400) and told.rest:
        tries.known.append("a request with both lengths is read as chunked, as RFC 9112 has it: a proxy must not pass it on")  # fmt: skip
    tries.expect("both lengths", True, told.status)
    twice = b"GET /favicon.ico HTTP/1.1\r\nHost: a\r\n\r\n"
    told = sites.public.visitor().raw(twice + twice.replace(b"Host", b"Connection: close\r\nHost"), 3)  # fmt: skip
    tries.control("two plain requests have two answers", b"HTTP/1.1 200" in told.rest, told.status)
    return tries.outcome("requests of which it is not clear where they end")


def odd_heads(sites: Sites) -> Outcome:
    """Heads that are too long, broken or of other protocols are refused"""
    tries = Tries()
    host = b"Host: 127.0.0.1\r\n"
    heads = (
        *(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + host + b"\r\n", b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 300_000 + b"\r\n\r\n"),
        *(b"GET / HTTP/1.1\r\n" + host + b"X: y\r\n" * 20_000 + b"\r\n", b"GET / HTTP/1.1\r\n" + host + b"Cookie: " + b"a=b; " * 14_000 + b"\r\n\r\n"),
        *(b"GET / HTTP/9.9\r\n" + host + b"\r\n", b"GET /config\r\n\r\n", b"GET  / HTTP/1.1\r\n" + host + b"\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        *(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00" * 5000, b"SSH-2.0-x\r\n", b"GET / HTTP/1.1\r\nHo st: a\r\n\r\n", b"GET / HTTP/1.1\r\n: a\r\n\r\n"),
        *(b"GET /\x00config HTTP/1.1\r\n" + host + b"\r\n", b"GET /con\xfffig HTTP/1.1\r\n" + host + b"\r\n", b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", b"GET /%zz HTTP/1.1\r\n" + host + b"\r\n"),
        *(b"\r\n\r\n" * 5000, b"HELO a\r\n", b"*1\r\n$4\r\nPING\r\n", b"GET / HTTP/1.1\nHost: a\nX: y\n\n"),
    )  # fmt: skip
    for head in heads:
        told = sites.locked.visitor().raw(head, 0.4)
        tries.expect(
            f"{head[:30]!r}", told.status in (0, 400, 401, 404, 414, 431, 505), told.status
        )
    return tries.outcome("heads that are none")


def odd_methods(sites: Sites) -> Outcome:
    """No other method does what GET and POST do, and TRACE repeats nothing"""
    tries = Tries()
    visitor = sites.public.visitor()
    for method in ("TRACE", "TRACK", "CONNECT", "DELETE", "PUT", "PATCH", "PROPFIND", "DEBUG", "get", "G" * 3000, "POST"):  # fmt: skip
        for path in ("/", "/config", f"{API}/info", "*"):
            told = visitor.ask(method, path, headers={"X-Zorblaxtrace": "zorblaxtrace"}, seconds=2)
            tries.expect(f"{method[:9]} {path}", told.status in (0, 400, 404, 405, 501) and b"zorblaxtrace" not in told.body, told.status)  # fmt: skip
    head = visitor.ask("HEAD", "/")
    tries.expect("HEAD", head.body == b"", "no body")
    return tries.outcome("methods")


def odd_paths(sites: Sites) -> Outcome:
    """A path that is written oddly leads nowhere"""
    tries = Tries()
    visitor = sites.public.visitor()
    paths = (
        *("//", "/..", "/../", "/%2e%2e/", "/..;/", "/\\", "/%5c", "/%00", "/config%00", "/config;x", "/config%0d%0aSet-Cookie:a=b"),
        *("/config.", "/config..", "/Config", "/CONFIG", "/config/x", "/%ff", "/%u002e", "//evil.example/%2f..", "//evil.example"),
        *(f"{API}//file=/etc/passwd", f"/{API}/file=/etc/passwd", f"{API.upper()}/file=/etc/passwd", f"{API}/file%3D/etc/passwd", "/~root", "/.well-known/x"),
        *("/%E2%80%AE", "/é", "/" + "a" * 8000, "/" + "a/" * 4000, "/?" + "a=b&" * 5000, "/#x", "/*", "/..%c0%af", "/%252e%252e", "/a%0ab"),
    )  # fmt: skip
    for path in paths:
        told = visitor.get(path)
        is_page = path.startswith(("/?", "/#"))
        tries.expect(path[:40], (told.status == 200) == is_page or told.status in (400, 404, 414), told.status)  # fmt: skip
        tries.expect(f"{path[:40]} leads to {told.headers.get('location')}", "location" not in told.headers and "set-cookie" not in told.headers, "leads nowhere")  # fmt: skip
    return tries.outcome("paths")


TRICKS = (smuggled, odd_heads, odd_methods, odd_paths)
