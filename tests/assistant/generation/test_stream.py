"""Answers come from a real server on the loopback as it says them; the request has the API's form."""

import time

import pytest

from assistant.answering.ending import Ending
from assistant.generation.endpoint import Endpoint
from tests.assistant.generation.faulty_server import (
    Reply,
    Wire,
    event,
    raw,
    saying,
    serving,
)
from tests.assistant.generation.reading import (
    KEY,
    MESSAGES,
    answer_to,
    endpoint_of,
    read,
)


def test_pieces_come_as_they_are_said_and_the_end_is_complete() -> None:
    assert answer_to(saying("Five ", "eggs ", "[1]。")) == ("Five eggs [1]。", Ending.COMPLETE)


def test_the_request_has_the_form_of_the_api_and_nothing_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    monkeypatch.setenv("OPENAI_ORG_ID", "another-org")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Other: another")
    with serving(saying("yes")) as server:
        read(endpoint_of(server, most_tokens=77))
    [request] = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "tiny",
        "messages": MESSAGES,
        "max_tokens": 77,
        "stream": True,
    }
    length = request.headers["content-length"]
    assert request.headers == {
        "host": server.url.split("/")[2],
        "connection": "keep-alive",
        "content-type": "application/json",
        "content-length": length,
        "accept": "text/event-stream",
        "accept-encoding": "identity",
        "user-agent": "notes-assistant",
        "authorization": f"Bearer {KEY}",
    }


def test_without_a_key_no_authorization_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    with serving(saying("yes")) as server:
        read(Endpoint(server.url, "tiny"))
    assert "authorization" not in server.requests[0].headers


def test_no_proxy_stands_between_us_and_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert answer_to(saying("yes")) == ("yes", Ending.COMPLETE)


def test_another_host_is_asked_through_the_environments_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(saying("yes")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/v1"))
        pieces, ending = read(Endpoint("http://model.example:8000/v1", "tiny"))
    assert (pieces, ending) == (["yes"], Ending.COMPLETE)
    assert proxy.requests[0].path == "http://model.example:8000/v1/chat/completions"


def test_used_up_tokens_are_told() -> None:
    assert answer_to(saying("Five", finish="length")) == ("Five", Ending.LENGTH)


@pytest.mark.parametrize(
    "reply",
    [
        saying("Five eggs", end=""),
        saying("Five eggs", finish=None),
        raw(event(content="Five eggs", finish="stop")),
        raw(event(content="Five eggs").replace("\n", "\r\n") + "data: [DONE]\r\n\r\n"),
        raw(": ping\n\n" + event(content="Five ") + ":\n\n" + event(content="eggs", finish="stop")),
        raw(event(content="Five eggs") + 'data: {"choices": []}\n\ndata: [DONE]\n'),
        raw("event: x\nid: 7\nretry: 5\n" + event(content="Five eggs") + "data:[DONE]\n\n"),
        raw(event(content="Five eggs", finish="eos"), {"Content-Type": "text/plain"}),
        raw(event(content="Five eggs", finish="stop"), {}),
        raw(event(reasoning_content="hm") + event(content="Five eggs") + "data: [DONE]\n\n"),
        saying("\n\n", "<thi", "nk>four? ", "five!</th", "ink>\n\n", "Five", " eggs"),
    ],
    ids=[
        "no [DONE]",
        "no finish_reason",
        "text with the finish",
        "CRLF",
        "comments",
        "a chunk without choices",
        "other fields",
        "text/plain",
        "no content type",
        "reasoning_content",
        "split think tags",
    ],
)
def test_servers_may_say_it_in_their_own_way(reply: Reply) -> None:
    assert answer_to(reply) == ("Five eggs", Ending.COMPLETE)


def test_an_event_may_come_byte_by_byte() -> None:
    def reply(wire: Wire) -> None:
        wire.head()
        for byte in event(content="五个鸡蛋", finish="stop").encode():
            wire.send(bytes([byte]))
            time.sleep(0.0005)

    assert answer_to(reply) == ("五个鸡蛋", Ending.COMPLETE)
