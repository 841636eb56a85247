"""Who has not signed in sees nothing."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.sharing.passwords import Passwords, keep_password
from assistant.sharing.sign_in import COOKIE, SignIn

ANN = {"username": "ann", "password": "correct horse"}
PAGE = {"Accept": "text/html"}


async def notes(request: Request) -> PlainTextResponse:
    return PlainTextResponse("the notes")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    keep_password(tmp_path / "people", "ann", "correct horse")
    return tmp_path / "people"


@pytest.fixture
def client(file: Path) -> Iterator[TestClient]:
    app = Starlette(
        routes=[Route("/{path:path}", notes, methods=["GET", "POST"])],
        middleware=[Middleware(SignIn, passwords=Passwords(file))],
    )
    with TestClient(app, follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/gradio_api/call/ask", "/gradio_api/mcp/", "/assets/a.js", "//", "/login",
     "/gradio_api/startup-events/x", "/gradio_api/queue/data"],
)  # fmt: skip
def test_nothing_is_shown_without_a_password(client: TestClient, path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        told = client.request(method, path)
        assert (told.status_code, "the notes" in told.text) == (401, False)


def test_a_person_signs_in_on_the_page_and_out_again(client: TestClient) -> None:
    form = client.get("/", headers=PAGE)
    assert (form.status_code, 'name="password"' in form.text) == (401, True)
    assert "登录" in client.get("/", headers={**PAGE, "Accept-Language": "zh-CN"}).text
    wrong = client.post("/login", data={**ANN, "password": "wrong"}, headers=PAGE)
    assert (wrong.status_code, "Name or password is wrong" in wrong.text) == (401, True)
    assert COOKIE not in client.cookies
    right = client.post("/login", data=ANN, headers=PAGE)
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert client.get("/config").text == "the notes"
    kept = client.cookies[COOKIE]
    assert client.get("/logout").status_code == 303
    client.cookies.set(COOKIE, kept)
    assert client.get("/config").status_code == 401


def test_over_tls_the_cookie_keeps_to_it(file: Path) -> None:
    app = Starlette(middleware=[Middleware(SignIn, passwords=Passwords(file))])
    with TestClient(app, base_url="https://testserver") as client:
        assert "Secure" in client.post("/login", data=ANN).headers["set-cookie"]


def test_programs_sign_in_as_gradios_clients_do(client: TestClient) -> None:
    told = client.post("/login", files={name: (None, value) for name, value in ANN.items()})
    assert (told.status_code, told.json()) == (200, {"success": True})
    assert client.get("/config").text == "the notes"


def test_programs_sign_in_by_http_basic(client: TestClient) -> None:
    told = client.get("/config")
    assert told.headers["www-authenticate"].startswith("Basic ")
    assert client.get("/config", auth=("ann", "correct horse")).text == "the notes"
    broken = ["Basic", "Basic !!!", "Bearer " + base64.b64encode(b"ann:correct horse").decode(),
              "Basic " + base64.b64encode(b"ann").decode(), "Basic " + base64.b64encode(b"\xff:").decode()]  # fmt: skip
    for value in broken:
        assert client.get("/config", headers={"Authorization": value}).status_code == 401
    assert client.get("/config", auth=("ann", "wrong")).status_code == 401


def test_a_browsers_script_is_refused_without_a_window_that_asks(client: TestClient) -> None:
    told = client.post("/gradio_api/queue/join", headers={"Sec-Fetch-Mode": "cors"})
    assert (told.status_code, "www-authenticate" in told.headers) == (401, False)


def test_who_is_taken_out_of_the_file_is_out(client: TestClient, file: Path) -> None:
    client.post("/login", data=ANN)
    assert client.get("/config").status_code == 200
    keep_password(file, "bob", "battery staple")
    assert client.get("/config").status_code == 200
    file.write_text(file.read_text().splitlines()[1] + "\n")
    assert client.get("/config").status_code == 401


def test_a_cookie_that_was_never_given_does_not_count(client: TestClient) -> None:
    for value in ("", "x", "0" * 43):
        client.cookies.set(COOKIE, value)
        assert client.get("/").status_code == 401
