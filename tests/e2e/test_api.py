"""The app as programs meet it."""

from collections.abc import Iterator

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
