"""The app as programs meet it."""

from collections.abc import Iterator

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Client]:
    client = Client(address, verbose=False)
    yield client
    client.close()


def test_a_program_asks(client: Client) -> None:
    answer = client.predict("What does exit code 137 mean?", api_name="/ask")
    assert (answer["answered"], answer["citations"][0]["file"]) == (True, "linux/snippets.md")


def test_a_program_searches_with_filters(client: Client) -> None:
    hits = client.predict("端口 type:command", k=3, mode="terms", api_name="/search")
    assert [(hit["file"], hit["kind"]) for hit in hits] == [("net/memo.zh.md", "row")]


def test_a_program_is_told_what_it_did_wrong(client: Client) -> None:
    with pytest.raises(AppError, match="Type a question first"):
        client.predict("", api_name="/ask")
    with pytest.raises(AppError, match=r"There is no mode magic\. Modes: hybrid, dense, terms\."):
        client.predict("x", mode="magic", api_name="/search")


def test_only_the_two_functions_are_offered(client: Client) -> None:
    offered = client.view_api(return_format="dict")
    assert set(offered["named_endpoints"]) == {"/ask", "/search"}


def test_another_hosts_name_is_refused(address: str) -> None:
    asked = {"data": ["tcp"]}
    for host, status in (("rebind.example", 400), ("127.0.0.1", 200), ("localhost:80", 200)):
        answer = httpx.post(
            f"{address}gradio_api/call/ask", json=asked, headers={"Host": host}, timeout=20
        )
        assert answer.status_code == status


def test_files_cannot_be_left_on_the_server(address: str) -> None:
    sent = {"files": ("x.txt", b"x")}
    answer = httpx.post(f"{address}gradio_api/upload", files=sent, timeout=20)
    assert answer.status_code == 404
