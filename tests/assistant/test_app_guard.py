"""What the page's server refuses, and what it lets browsers keep."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from assistant.app.doors import Doors
from assistant.app.guard import guards
from assistant.app.rights import VISITOR, Rights
from tests.own_loop import run


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("here", 404 if "missing" in request.url.path else 200)


def client(rights: Rights, host: str = "127.0.0.1") -> TestClient:
    routes = [Route("/{path:path}", answer, methods=["GET", "POST"])]
    app = Starlette(routes=routes, middleware=guards(rights))
    return TestClient(app, base_url=f"http://{host}:7860")


def test_files_are_taken_only_where_they_may_be_added() -> None:
    for path in ("/gradio_api/upload", "/gradio_api/upload/"):
        assert client(Rights()).post(path).status_code == 200
        assert client(VISITOR).post(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/theme.css", "/assets/index-B2x_.js", "/static/fonts/a/b-c.woff2", "/gradio_api/info",
     "/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/call/ask/0f3a", "/gradio_api/mcp/",
     "/gradio_api/heartbeat/0f3a", "/gradio_api/component_server"],
)  # fmt: skip
def test_what_the_page_needs_is_there(path: str) -> None:
    assert client(VISITOR).post(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/gradio_api/file/etc/passwd", "/gradio_api/proxy=http://x",
     "/upload", "/monitoring", "/gradio_api/dev/reload", "/gradio_api/stream/x/y/1/playlist.m3u8", "/gradio_api/vibe-code",
     "/assets/../config.py", "/assets/%2e%2e/x", "/assets//etc/passwd", "/static/.hidden", "//", "/config/x", "/CONFIG",
     "/gradio_api/call/ask/../../file=x", "/gradio_api/call/a b", "/config\n", "/assets/a.js\n", "/gradio_api/call/é"],
)  # fmt: skip
def test_nothing_else_is_there(path: str) -> None:
    for rights in (Rights(), VISITOR):
        guarded = Doors(answer_all, rights)
        assert status_of(guarded, path) == 404


async def answer_all(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("here")(scope, receive, send)


def status_of(app: Doors, path: str) -> int:
    """Ask for a path as it is, which clients would tidy up."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request"}

    run(app, {"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)
    return statuses[0]


@pytest.mark.parametrize(("host", "status"), [("localhost", 200), ("evil.example", 400)])
def test_another_hosts_name_is_refused(host: str, status: int) -> None:
    assert client(Rights(), host).get("/").status_code == status


def test_browsers_keep_what_never_changes_and_nothing_else() -> None:
    page = client(Rights())
    kept = {path: page.get(path).headers.get("cache-control") for path in ("/assets/a.js", "/", "/assets/missing.js")}  # fmt: skip
    assert kept == {
        "/assets/a.js": "public, max-age=31536000, immutable",
        "/": None,
        "/assets/missing.js": None,
    }


def test_another_sites_page_sends_nothing_here() -> None:
    page = client(Rights())
    for origin, status in (
        ("http://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:7860", 200),
    ):
        told = page.post("/gradio_api/upload", headers={"Origin": origin})
        assert told.status_code == status


def test_a_shared_page_goes_by_any_name_but_another_sites_page_is_still_refused() -> None:
    app = Starlette(
        routes=[Route("/{path:path}", answer, methods=["GET", "POST"])],
        middleware=guards(VISITOR, is_local=False),
    )
    page = TestClient(app, base_url="https://notes.example")
    headers = {"Origin": "https://notes.example"}
    assert page.get("/").status_code == 200
    assert page.post("/gradio_api/queue/join", headers=headers).status_code == 200
    headers = {"Origin": "https://public.example", "X-Forwarded-Host": "public.example"}
    assert page.post("/gradio_api/queue/join", headers=headers).status_code == 200
    told = page.post("/gradio_api/queue/join", headers={"Origin": "https://evil.example"})
    assert told.status_code == 403


def test_forms_are_taken_only_where_files_are() -> None:
    page = client(Rights())
    form = {"files": {"file": ("a.md", b"# A")}}
    assert page.post("/gradio_api/upload", **form).status_code == 200
    for path in ("/gradio_api/component_server", "/gradio_api/queue/join"):
        assert page.post(path, **form).status_code == 404
        assert page.post(path, json={}).status_code == 200


def test_only_a_shared_page_may_stand_in_another_sites() -> None:
    shared = Starlette(
        routes=[Route("/{path:path}", answer)], middleware=guards(VISITOR, is_local=False)
    )
    assert client(Rights()).get("/").headers["x-frame-options"] == "SAMEORIGIN"
    assert "x-frame-options" not in TestClient(shared).get("/").headers
