"""Other sites' pages: DNS rebinding, requests across origins (CVE-2024-1727), frames, WebSockets."""

from tests.security.outcome import Outcome, Tries
from tests.security.page import API
from tests.security.sites import Sites
from tests.security.wire import Visitor

_SOCKET = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip


def rebinding(sites: Sites) -> Outcome:
    """The owner's page answers to this machine's names only (DNS rebinding)"""
    tries = Tries()
    port = sites.own.port
    names = (
        *("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", f"localhost.evil.example:{port}"),
        *(f"evil@127.0.0.1:{port}", "0.0.0.0", f"[::1]:{port}", "", " ", "127.0.0.1:1, evil.example", "127.1", "2130706433"),
        *("evil.example/127.0.0.1", "evil.example#127.0.0.1", "LOCALHOST.evil.example", "127.0.0.1.", "a" * 3000, "*"),
    )  # fmt: skip
    for name in names:
        for path in ("/", "/config", f"{API}/info", f"{API}/mcp/"):
            told = sites.own.visitor().get(path, {"Host": name})
            tries.refused(f"Host: {name[:30]} {path}", told)
    raw = sites.own.visitor().raw(b"GET /config HTTP/1.1\r\nConnection: close\r\n\r\n")
    tries.refused("no Host", raw)
    two = f"GET /config HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"  # fmt: skip
    tries.refused("two hosts", sites.own.visitor().raw(two.encode()))
    absolute = f"GET http://evil.example/config HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"  # fmt: skip  # noqa: F541
    tries.refused("evil.example in the request's line", sites.own.visitor().raw(absolute.encode()))
    for name in (f"127.0.0.1:{port}", f"localhost:{port}"):
        told = sites.own.visitor().get("/config", {"Host": name})
        tries.control(f"{name} is answered", told.status == 200, told.status)
    return tries.outcome("names of hosts")


def other_sites_pages(sites: Sites) -> Outcome:
    """What another site's page sends is refused, and it reads nothing"""
    tries = Tries()
    for site in (sites.own, sites.public, sites.locked):
        origins = ("http://evil.example", "null", "https://127.0.0.1.evil.example", f"http://127.0.0.1:{site.port + 1}", "file://", f"http://127.0.0.1:{site.port}.evil.example", f"http://evil.example:{site.port}", "http://", "x")  # fmt: skip
        for origin in origins:
            visitor = site.visitor(Origin=origin)
            for method, path in (("POST", "/upload"), ("POST", "/queue/join"), ("POST", "/component_server"), ("POST", "/call/ask"), ("POST", "/mcp/"), ("GET", "/info"), ("OPTIONS", "/queue/join"), ("PUT", "/upload")):  # fmt: skip
                asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-forwarded-host"} if method == "OPTIONS" else {}  # fmt: skip
                told = visitor.ask(method, f"{API}{path}", b"", asked)
                may_read = told.headers.get("access-control-allow-origin") == origin
                fine = "no leave" if told.status in (401, 403, 404) or (method == "OPTIONS" and not may_read) else told.status  # fmt: skip
                tries.expect(f"{method} {path} from {origin}", fine == "no leave", fine)
    own = sites.own.visitor(Origin=f"http://127.0.0.1:{sites.own.port}")
    tries.control("its own page may", own.get(f"{API}/info").status == 200)
    plain = sites.plain.visitor(Origin="http://evil.example")
    tries.control("Gradio itself answers another site's page", plain.get(f"{API}/info").status == 200)  # fmt: skip
    return tries.outcome("requests and preflights with other origins")


def claimed_host(sites: Sites) -> Outcome:
    """A page elsewhere gets no leave to claim a proxy's header (X-Forwarded-Host) for its own name"""
    tries = Tries()
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-forwarded-host"}  # fmt: skip
    for site, host, origin in (
        (sites.public, "notes.example", "http://evil.example"),
        (sites.locked, "notes.example", "http://evil.example"),
        (sites.public, f"127.0.0.1:{sites.public.port}", "http://127.0.0.1:1"),
        (sites.own, f"127.0.0.1:{sites.own.port}", "http://localhost:8888"),
    ):
        page = site.visitor(Host=host, Origin=origin)
        leave = page.ask("OPTIONS", f"{API}/info", headers=asking).headers
        told = page.get(f"{API}/info", {"X-Forwarded-Host": origin.partition("//")[2]})
        has_leave = leave.get("access-control-allow-origin") == origin and "x-forwarded-host" in leave.get("access-control-allow-headers", "")  # fmt: skip
        reads = told.status == 200 and told.headers.get("access-control-allow-origin") == origin
        tries.expect(f"a page of {origin} reads {host} by claiming its name", not (has_leave and reads), "has no leave")  # fmt: skip
    return tries.outcome("preflights that ask leave to send X-Forwarded-Host")


def no_sharing_across_origins(sites: Sites) -> Outcome:
    """No answer lets other sites' pages read it (CORS), or be guessed at by its type"""
    tries = Tries()
    for site in (sites.own, sites.public, sites.locked):
        visitor = site.visitor()
        for path in ("/", "/config", f"{API}/info", f"{API}/mcp/", "/theme.css", "/nothing"):
            headers = visitor.get(path).headers
            tries.expect(f"{path} is shared", not any("access-control" in name for name in headers), "no CORS header")  # fmt: skip
            tries.expect(f"{path} may be guessed at", headers.get("x-content-type-options") == "nosniff", "nosniff")  # fmt: skip
            tries.expect(f"{path} tells where one was", headers.get("referrer-policy") == "same-origin", "Referrer-Policy")  # fmt: skip
    return tries.outcome("headers of answers")


def frames(sites: Sites) -> Outcome:
    """The owner's page and the form to sign in stand in no other site's frame"""
    tries = Tries()
    for name, site in (("own", sites.own), ("locked", sites.locked)):
        headers = site.visitor().get("/", {"Accept": "text/html"}).headers
        is_framed = "frame-ancestors" not in headers.get("content-security-policy", "") and "x-frame-options" not in headers  # fmt: skip
        if is_framed:
            tries.known.append(f"the {name} page may be shown in another site's frame")
        tries.expect(name, True, "framed" if is_framed else "not framed")
    return tries.outcome("pages in a frame")


def web_sockets(sites: Sites) -> Outcome:
    """No WebSocket is opened, with or without a password"""
    tries = Tries()
    for site in (sites.public, sites.locked, sites.own):
        for path in ("/", "/queue/join", f"{API}/queue/join", f"{API}/queue/data", f"{API}/mcp/", "/ws"):  # fmt: skip
            for more in ({}, {"Origin": "http://evil.example"}):
                told = site.visitor().ask("GET", path, b"", {**_SOCKET, **more}, 0.5)
                tries.refused(f"{path} {more}", told)
        told = site.visitor().ask("GET", "/config", b"", {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA"}, 0.5)  # fmt: skip
        tries.expect("h2c", told.status in (200, 401, 400), f"{told.status} by HTTP/1.1")
    return tries.outcome("upgrades of the connection")


def host_in_the_page(sites: Sites) -> Outcome:
    """A host's name that the page repeats is text there"""
    tries = Tries()
    for said in ('"></script><script>pwned</script>', "evil.example/</script>", "a'b", "x\" onload=y", "javascript:pwned"):  # fmt: skip
        for name in ("Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Gradio-Server", "Accept-Language", "Referer", "User-Agent"):  # fmt: skip
            for visitor in (Visitor(sites.public.port, heard=sites.public.heard), sites.public.visitor()):  # fmt: skip
                told = visitor.get("/", {name: said})
                tries.expect(f"{name}: {said}", b"<script>pwned" not in told.body and b'" onload=y' not in told.body, told.status)  # fmt: skip
    return tries.outcome("names and headers that are HTML")


TRICKS = (rebinding, other_sites_pages, claimed_host, no_sharing_across_origins, frames, web_sockets, host_in_the_page)  # fmt: skip
