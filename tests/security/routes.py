"""Every path that Gradio's server knows, and those of other servers."""

import json
import re

from tests.security.outcome import REFUSED, Outcome, Tries
from tests.security.page import API
from tests.security.sites import NAME, PASSWORD, Site, Sites
from tests.security.wire import Reply

NEEDED = re.compile(
    r"/|/(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)/?|/(assets|static|svelte)/.*"
    rf"|{API}/(info|app_id|queue/data|queue/join|component_server|cancel|startup-events)/?"
    rf"|{API}/(openapi\.json|theme\.css)|{API}/heartbeat/\w+|{API}/call/(v2/)?\w+(/\w+)?/?|{API}/mcp/?(http/?)?"
)
"""What the page, programs and MCP's clients ask for; whatever else answers is a hole."""

_BEFORE_SIGNING_IN = ("/login", "/logout", "/favicon.ico", f"{API}/startup-events")
_METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_OTHERS = (
    *("/docs", "/redoc", "/openapi.json", "/metrics", "/health", "/.env", "/.git/config", "/admin"),
    *("/upload", "/run/ask", "/api/ask", "/api/predict", "/run/predict", "/queue/join", "/queue/data"),
    *("/queue/status", "/component_server", "/reset", "/cancel", "/info", "/call/ask", "/heartbeat/a"),
    *("/dev/reload", "/vibe-edit", "/vibe-code", "/runs", "/monitoring/summary", "/deep_link", "/stream"),
    *(f"{API}/monitoring", f"{API}/profiling/traces", f"{API}/mcp/sse", f"{API}/mcp/schema", "/mcp"),
    *(f"{API}/mcp/messages/", f"{API}/login", f"{API}/logout", f"{API}/token", f"{API}/user", "/console"),
    *("/login/callback", "/login/huggingface", "/debug", "/__debug__", "/server-status", "/waiting"),
)  # fmt: skip
_VALUES = {"api_name": "ask", "path": "x", "path_or_url": "/etc/passwd", "url_path": "http://127.0.0.1:1/"}  # fmt: skip


def every_route(sites: Sites) -> Outcome:
    """Of Gradio's own route table (read from this version) only what the page needs answers"""
    tries = Tries()
    visitor, plain = sites.public.visitor(), sites.plain.visitor("127.0.0.1")
    answered = 0
    for method, path in _routes(sites):
        if method != "GET" and _few(path):
            visitor = sites.public.visitor()  # a stranger, whose limits are not used up
        reply = visitor.ask(method, path, {} if method == "POST" else b"", seconds=1)
        wanted = NEEDED.fullmatch(path) is not None
        tries.expect(f"{method} {path}", wanted or reply.status in REFUSED, reply.status)
    for path in ("/monitoring/summary", f"{API}/queue/status", f"{API}/token", "/pwa_icon", f"{API}/user"):  # fmt: skip
        answered += plain.get(path).status in (200, 403)
    tries.control("Gradio itself answers where we do not", answered >= 4, answered)
    return tries.outcome("routes of Gradio by their methods, and those of other servers")


def nothing_without_a_password(sites: Sites) -> Outcome:
    """Without a password no route tells anything, by any method"""
    tries = Tries()
    visitor = sites.locked.visitor()
    for number, (method, path) in enumerate(_every_method(sites)):
        if number % 100 == 0:
            visitor = sites.locked.visitor()
        reply = visitor.ask(method, path, {} if method == "POST" else b"", seconds=1)
        is_open = path.rstrip("/") in _BEFORE_SIGNING_IN
        tries.expect(f"{method} {path}", is_open or _is_turned_away(reply), reply.status)
    tries.control("with a password the page is there", _signed_in(sites.locked).status == 200)
    return tries.outcome("routes of Gradio by their methods, without a password")


def doors_around_the_password(sites: Sites) -> Outcome:
    """No way of writing a path leads around the password"""
    tries = Tries()
    around = (
        *("//config", "/./config", "/config/.", "/config/", "/config;", "/config%20", "/config?/favicon.ico"),
        *("/favicon.ico/../config", "/favicon.ico/config", "/favicon.ico%2f..%2fconfig", "/CONFIG", "/config%00"),
        *("/login/../config", "/login/config", "/login%2f..%2fconfig", "/login;/config", "/logout/../config"),
        *(f"{API}/startup-events/../info", f"{API}/startup-events/x", "/config#/favicon.ico", "config", "*"),
        *("http://127.0.0.1/config", "http://favicon.ico/config", "/%63onfig", "/config\\", "\\config", "/config."),
        *("/?__theme=dark", "/?view=api", "/favicon.ico?/config", "/assets/../config", "/static/..%2fconfig"),
    )  # fmt: skip
    visitor = sites.locked.visitor()
    ways = (
        *({"X-Original-URL": "/config"}, {"X-Rewrite-URL": "/config"}, {"X-Forwarded-For": "127.0.0.1"}),
        *({"X-HTTP-Method-Override": "GET"}, {"X-Forwarded-User": NAME}, {"Remote-User": NAME}),
        *({"X-Forwarded-Prefix": "/favicon.ico"}, {"Host": "localhost"}, {"Cookie": "access-token-x=a"}),
    )  # fmt: skip
    for path in around:
        for method in ("GET", "HEAD", "POST"):
            tries.expect(f"{method} {path}", _tells_nothing(visitor.ask(method, path)), "nothing")
    for headers in ways:
        reply = visitor.get("/config", headers)
        tries.expect(f"/config with {headers}", _is_turned_away(reply), reply.status)
    tries.control("with a password the configuration is there", b"components" in _signed_in(sites.locked, "/config").body)  # fmt: skip
    return tries.outcome("spellings of a path and headers that would rewrite it")


def _routes(sites: Sites) -> list[tuple[str, str]]:
    table = next(line for line in sites.plain.log.read_text().splitlines() if line.startswith("[["))
    known = {(method, _filled(path)) for method, path in json.loads(table) if path}
    return sorted(known | {(method, path) for path in _OTHERS for method in ("GET", "POST")})


def _every_method(sites: Sites) -> list[tuple[str, str]]:
    paths = sorted({path for _, path in _routes(sites)})
    return [(method, path) for path in paths for method in _METHODS]


def _filled(path: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda one: _VALUES.get(one[1], "1"), path)


def _few(path: str) -> bool:
    return path.endswith(("/", "join", "ask"))


def _is_turned_away(reply: Reply) -> bool:
    return reply.status in REFUSED and _tells_nothing(reply)


def _tells_nothing(reply: Reply) -> bool:
    return not any(said in reply.body for said in (b"components", b"gradio_config", b"named_endpoints"))  # fmt: skip


def _signed_in(site: Site, path: str = "/") -> Reply:
    visitor = site.visitor()
    body = f"username={NAME}&password={PASSWORD}".encode()
    told = visitor.post("/login", body, {"Content-Type": "application/x-www-form-urlencoded"})
    return visitor.get(path, {"Cookie": told.headers.get("set-cookie", "").split(";")[0]})


TRICKS = (every_route, nothing_without_a_password, doors_around_the_password)
