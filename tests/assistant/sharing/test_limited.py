"""What is too much is refused, with what to do."""

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from assistant.sharing.limited import Limited, client_of
from assistant.sharing.limits import Limits
from tests.own_loop import run

ASK = "/gradio_api/call/ask"


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


def site(limits: Limits) -> Starlette:
    return Starlette(
        routes=[Route("/{path:path}", answer, methods=["GET", "POST"])],
        middleware=[Middleware(Limited, limits=limits)],
    )


def test_one_client_is_told_when_to_ask_again_and_others_are_not_kept_waiting() -> None:
    app = site(Limits(questions=3))
    one, other = (TestClient(app, client=(host, 1)) for host in ("203.0.113.7", "203.0.113.8"))
    assert [one.post(ASK).status_code for _ in range(3)] == [200] * 3
    told = one.post(ASK)
    wait = int(told.headers["retry-after"])
    assert told.status_code == 429
    assert 1 <= wait <= 60
    assert told.json()["detail"] == (
        f"Too many questions: at most 3 a minute. Ask again in {wait} s."
    )
    in_chinese = one.post(ASK, headers={"Accept-Language": "zh-CN"}).json()["detail"]
    assert in_chinese.startswith("提问太频繁：每分钟最多 3 个问题。")
    assert one.post("/gradio_api/queue/join").status_code == 429
    assert one.post("/gradio_api/component_server").status_code == 200
    assert one.get("/").status_code == 200
    assert other.post(ASK).status_code == 200


def test_searches_and_tries_to_sign_in_have_limits_of_their_own() -> None:
    client = TestClient(site(Limits(requests=2, sign_ins=1)))
    paths = ("/gradio_api/component_server", "/gradio_api/call/note", "/gradio_api/call/search", "/login", "/login", ASK)  # fmt: skip
    statuses = [client.post(path).status_code for path in paths]
    assert statuses == [200, 200, 429, 200, 429, 200]


@pytest.mark.parametrize("path", ["/gradio_api/mcp", "/gradio_api/mcp/", "/gradio_api/mcp/http"])
def test_what_a_tool_is_asked_counts_as_a_question(path: str) -> None:
    client = TestClient(site(Limits(questions=1)))
    assert [client.post(path).status_code for _ in range(2)] == [200, 429]


def test_all_together_have_a_limit() -> None:
    app = site(Limits(all_requests=5))
    told = [TestClient(app, client=(f"203.0.113.{n}", 1)).post(ASK) for n in range(7)]
    assert [one.status_code for one in told] == [200] * 5 + [429] * 2
    assert told[-1].json()["detail"].startswith("So many people are here")


def test_too_long_a_body_is_refused_said_or_not() -> None:
    client = TestClient(site(Limits(longest=1000)))
    assert client.post(ASK, content=b"x" * 1000).text == "1000 bytes"
    told = client.post(ASK, content=b"x" * 1001)
    assert (told.status_code, told.json()["detail"]) == (413, "That is too much to send: at most 1,000 bytes.")  # fmt: skip
    for size in ("-1", "1e3", "٣"):
        assert client.post(ASK, headers={"Content-Length": size.encode()}).status_code == 413


def test_a_body_that_goes_on_and_on_is_broken_off() -> None:
    sent: list[Message] = []
    taken = 0

    async def reached(scope: Scope, receive: object, send: object) -> None:
        raise AssertionError("it is not passed on")

    async def more() -> Message:
        nonlocal taken
        taken += 400
        return {"type": "http.request", "body": b"x" * 400, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    async def visit() -> None:
        app = Limited(reached, Limits(longest=1000))  # type: ignore[arg-type]
        await app({**scope("203.0.113.7"), "method": "POST"}, more, send)

    run(visit)
    assert (sent[0]["status"], taken) == (413, 1200)


def test_a_page_that_is_opened_asks_no_question() -> None:
    app = Starlette(
        routes=[Route("/{path:path}", answer, methods=["GET", "POST"])],
        middleware=[Middleware(Limited, limits=Limits(questions=1), openings={3})],
    )
    client = TestClient(app)
    bodies = [{"fn_index": 3}, {"fn_index": 2}, {"fn_index": 3}, {"fn_index": 2}, {"fn_index": True}, []]  # fmt: skip
    statuses = [client.post("/gradio_api/queue/join", json=body).status_code for body in bodies]
    assert statuses == [200, 200, 200, 429, 429, 429]


def scope(host: str | None, path: str = "/") -> Scope:
    client = None if host is None else (host, 1)
    return {"type": "http", "method": "GET", "path": path, "headers": [], "client": client}


def test_so_many_connections_may_be_open() -> None:
    limits = Limits(at_once=2, all_at_once=3)
    statuses: list[int] = []

    async def hold(scope: Scope, receive: object, send: object) -> None:
        await anyio.sleep(0.3)

    app = Limited(hold, limits)  # type: ignore[arg-type]

    async def visit(host: str) -> None:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await app(scope(host), send, send)  # type: ignore[arg-type]

    async def visits() -> None:
        for _ in range(2):  # the second time nobody is there any more
            async with anyio.create_task_group() as group:
                for host in ("a", "a", "a", "b", "c"):
                    group.start_soon(visit, host)

    run(visits)
    assert statuses == [429, 429] * 2


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_a_household_is_one_client(host: str | None, client: str) -> None:
    assert client_of(scope(host)) == client
