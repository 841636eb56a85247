"""Servers that refuse, break off, or send something else: each is told, with what helps."""

import logging
import socket

import pytest

from assistant.generation.endpoint import Endpoint
from tests.assistant.generation.faulty_server import (
    STREAM,
    Reply,
    Wire,
    event,
    raw,
    saying,
    serving,
    status,
)
from tests.assistant.generation.reading import (
    ECHO,
    JSON,
    KEY,
    SECRET,
    endpoint_of,
    failure_of,
    nothing_left,
    read,
)


@pytest.mark.parametrize(
    ("reply", "message", "hint"),
    [
        (status(401, ECHO), "refuses the key (HTTP 401)", "NOTES_LLM_KEY"),
        (status(403, ECHO), "refuses the key (HTTP 403)", "NOTES_LLM_KEY"),
        (status(404, ECHO), "does not know this model, or its API is elsewhere", "/v1"),
        (status(400, ECHO), "did not take the request (HTTP 400)", "so much text"),
        (status(429, ECHO, Retry_After="7"), "takes no more requests", "Wait for 7 seconds"),
        (status(429, ECHO), "takes no more requests", "Wait for a while"),
        (status(429, ECHO, Retry_After=KEY), "takes no more requests", "Wait for a while"),
        (status(500, ECHO), "failed (HTTP 500)", "log"),
        (status(503, ECHO), "failed (HTTP 503)", "log"),
        (status(418, ECHO), "gave no answer (HTTP 418)", "/v1"),
        (status(307), "sends us on to another address", "trust"),
    ],
)
def test_a_refusal_says_what_helps(reply: Reply, message: str, hint: str) -> None:
    said, told, helps = failure_of(reply)
    assert said == ""
    assert told.startswith("The language model at HOST")
    assert message in told
    assert hint in helps


def test_a_redirect_to_another_host_is_not_followed() -> None:
    with serving(saying("got you")) as other:
        location = other.url.replace("127.0.0.1", "localhost") + "/chat/completions"
        told = failure_of(status(307, Location=location))[1]
    assert other.requests == []
    assert told.endswith("HOST sends us on to localhost, and we do not follow (HTTP 307).")


@pytest.mark.parametrize("sent", ["", event(content="Five"), event(content="Five") + "data: {"])
def test_a_connection_that_drops_is_told_after_what_came(sent: str) -> None:
    said, told, _ = failure_of(raw(sent))
    assert said == ("Five" if sent else "")
    assert told == "The connection to the language model at HOST broke off within the answer."


def test_a_reset_connection_is_told_after_what_came() -> None:
    def reply(wire: Wire) -> None:
        wire.head(headers={**STREAM, "Content-Length": "100000"})
        wire.event(content="Five")
        wire.wait(0.1)
        no_linger = b"\x01\0\0\0\0\0\0\0"
        wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)

    said, told, _ = failure_of(reply)
    assert (said, "broke off" in told) == ("Five", True)


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        (raw("<html>Log in</html>", {"Content-Type": "text/html; charset=utf-8"}), "a web page"),
        (raw("<html>\nLog in\n</html>\n"), "something else than server-sent events"),
        (raw('{"choices": []}', JSON), "one JSON document"),
        (raw(b"\xff\xfe\x00\x01" * 50 + b"\n"), "something else than server-sent events"),
        (raw(b"data: \xff\xfe\n\n"), "events that are no JSON"),
        (raw("data: five eggs\n\n"), "events that are no JSON"),
        (raw("data: " + "[" * 100_000 + "\n\n"), "events that are no JSON"),
        (raw('data: "five"\n\n'), "JSON of another shape"),
        (raw("data: [1]\n\n"), "JSON of another shape"),
        (raw("data: null\n\n"), "JSON of another shape"),
        (raw('data: {"text": "five"}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": "five"}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": null}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": {"0": 1}}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": [5]}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": [{"delta": "x"}]}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n'), "JSON of another shape"),
        (raw('data: {"choices": [{"finish_reason": 7}]}\n\n'), "JSON of another shape"),
        (raw(b"\x1f\x8b", {**STREAM, "Content-Encoding": "gzip"}), "compressed bytes"),
        (lambda wire: wire.send("SSH-2.0-OpenSSH_9.6\r\n\r\n"), "something else than HTTP"),
    ],
)
def test_what_is_no_answer_is_named(reply: Reply, what: str) -> None:
    said, told, _ = failure_of(reply)
    assert said == ""
    assert told == f"What answers at HOST sent {what} and no answer of a language model."


@pytest.mark.parametrize("line", [f"data: {ECHO}\n\n", f"error: {ECHO}\n\n"])
def test_a_failure_within_the_stream_is_told_without_the_servers_words(line: str) -> None:
    said, told, _ = failure_of(raw(event(content="Five") + line))
    assert said == "Five"
    assert told == "The language model at HOST failed while it answered."


def test_a_server_that_hangs_up_is_unreachable() -> None:
    told = failure_of(lambda wire: None)[1]
    assert told == "The language model at HOST cannot be reached: it closed the connection."


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:1/v1", "nothing listens there"),
        ("http://localhost:1/v1", "nothing listens there"),
        ("http://no-such-host.invalid/v1", "there is no such host"),
    ],
)
def test_an_unreachable_server_is_named_with_the_reason(url: str, why: str) -> None:
    with nothing_left():
        pieces, error = read(Endpoint(url, "tiny", KEY))
    host = url.removeprefix("http://").removesuffix("/v1")
    assert pieces == []
    assert str(error) == f"The language model at {host} cannot be reached: {why}."


def test_a_server_without_tls_is_told() -> None:
    with serving(saying("yes")) as server, nothing_left():
        error = read(Endpoint(server.url.replace("http:", "https:"), "tiny", KEY))[1]
    assert str(error).endswith("its certificate or its kind of TLS is not accepted.")


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (saying(), "gave an empty answer"),
        (saying("\n", " \n"), "gave an empty answer"),
        (saying("<think>four?</think>\n"), "gave an empty answer"),
        (saying("<think>four?", finish="length"), "spent all its tokens before it answered"),
        (saying("Five", finish="content_filter"), "withheld the rest of the answer"),
        (saying("Five", finish="error"), "failed while it answered"),
    ],
)
def test_an_end_that_is_no_answer_is_an_error(reply: Reply, message: str) -> None:
    assert message in failure_of(reply)[1]


def test_nothing_private_is_logged_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for reply in (saying("Five"), status(401, ECHO), raw(f"data: {ECHO}\n\n"), raw("junk\n")):
        with serving(reply) as server:
            read(endpoint_of(server))
            told = " ".join(f"{r.name} {r.getMessage()} {r.exc_text}" for r in caplog.records)
            for secret in (KEY, SECRET, "Five", server.url):
                assert secret not in told
