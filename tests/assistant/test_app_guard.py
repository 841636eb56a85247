"""What the page's server refuses, and what it lets browsers keep."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.app.guard import guards
from assistant.app.rights import Rights


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("here", 404 if "missing" in request.url.path else 200)


def client(rights: Rights, host: str = "127.0.0.1") -> TestClient:
    routes = [Route("/{path:path}", answer, methods=["GET", "POST"])]
    app = Starlette(routes=routes, middleware=guards(rights))
    return TestClient(app, base_url=f"http://{host}:7860")


def test_files_are_taken_only_where_they_may_be_added() -> None:
    for path in ("/upload", "/gradio_api/upload", "/gradio_api/upload/"):
        assert client(Rights()).post(path).status_code == 200
        assert client(Rights(adds=False)).post(path).status_code == 404


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
