"""The app as programs meet it."""

from collections.abc import Iterator
from pathlib import Path

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


def files(hits: list[dict[str, object]]) -> set[object]:
    return {hit["file"] for hit in hits}


def test_a_program_gives_filters_as_arguments(client: Client) -> None:
    typed = client.predict("端口 type:command type:tip path:net/", k=9, api_name="/search")
    given = client.predict("端口", k=9, type=["command", "tip"], path="net/", api_name="/search")
    assert given == typed
    assert files(given) == {"net/memo.zh.md"}
    dated = client.predict("", after="2025-01", before="2025-01", k=50, api_name="/search")
    assert files(dated) == {"db/storage.zh.md"}
    tagged = client.predict("", tag="gotchas", lang="en", kind="section", api_name="/search")
    assert files(tagged) == {"python/notes.md"}
    said = client.predict(
        "exit code", phrase="128 + SIGKILL", without=["pelican"], api_name="/search"
    )
    assert files(said) == {"linux/snippets.md"}
    assert client.predict("exit", phrase="128 + SIGKILL", without="137", api_name="/search") == []


def test_a_program_learns_how_its_query_was_taken(client: Client) -> None:
    report = client.predict(
        "lock -mutex", k=2, mode="terms", after="soon", api_name="/search_report"
    )
    assert report["words"] == "lock after:soon"
    assert report["problems"] == [
        "Not understood as a filter, searched as words: "
        "after:soon: not a date like 2024-01-31, 2024-01 or 2024"
    ]
    assert report["notices"] == ['Left out: notes with “mutex”. To search for it, write "-mutex".']
    assert len(report["hits"]) == 2
    none = client.predict("锁 type:tipp", api_name="/search_report")
    assert (none["hits"], none["notices"]) == (
        [],
        ["没有一条笔记符合 type:tipp。相近的有：tip。"],
    )


def test_a_program_counts_values(client: Client) -> None:
    every = client.predict(api_name="/facets")
    assert list(every) == ["type", "source", "kind", "lang", "tag", "path", "date"]
    narrowed = client.predict("path:/net/", api_name="/facets")
    assert narrowed["path"] == every["path"]
    assert sum(narrowed["kind"].values()) == every["path"]["/net/"]
    assert narrowed == client.predict(path=["/net/"], api_name="/facets")


def test_a_program_reads_a_hits_note_and_the_next(client: Client, vault: Path) -> None:
    (hit,) = client.predict("端口", k=1, type="command", api_name="/search")
    note = client.predict(note=hit["note"], api_name="/read")
    line = (vault / hit["file"]).read_text(encoding="utf-8").split("\n")[13]
    assert (note["file"], note["lines"], note["text"]) == ("net/memo.zh.md", [14, 14], line)
    assert (note["title"], note["headings"]) == (hit["title"], hit["headings"])
    assert (note["freshness"], note["is_cut"], note["more"]) == ("current", False, None)
    after = client.predict(note=note["after"]["note"], api_name="/read")
    assert (after["lines"], after["before"]["note"]) == ([15, 15], hit["note"])
    assert client.predict(file=hit["file"], lines=hit["lines"], api_name="/read") == note


def test_a_program_reads_a_whole_file(client: Client, vault: Path) -> None:
    whole = client.predict(file="net/tcp.md", api_name="/read")
    assert whole["text"] == (vault / "net" / "tcp.md").read_text(encoding="utf-8").rstrip("\n")
    assert (whole["note"], whole["lines"][0], whole["is_cut"]) == ("", 1, False)
    assert str(vault) not in str(whole)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "Which note is meant"),
        ({"note": "none"}, "There is no note with the id none"),
        ({"file": "../../etc/passwd"}, r"There is no \.\./\.\./etc/passwd among the notes"),
        ({"file": "/etc/passwd"}, "There is no /etc/passwd among the notes"),
        ({"file": ["a"]}, r"There is no \['a'\] among the notes"),
        ({"file": "net/tcp.md", "lines": [99, 99]}, "There is no line 99: the file has 27"),
        ({"file": "net/tcp.md", "lines": ["1", None]}, "Lines are two numbers"),
        ({"file": "net/tcp.md", "lines": "1-3"}, "Lines are two numbers"),
    ],
)
def test_a_program_is_told_why_nothing_is_read(
    client: Client, given: dict[str, object], why: str
) -> None:
    with pytest.raises(AppError, match=why):
        client.predict(**given, api_name="/read")


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("read", r'{"file": "\ud800"}', "There is no ? among the notes."),
        ("read", r'{"note": "\ud800"}', "There is no note with the id ?."),
        ("search", r'{"query": "x", "mode": "\ud800"}', "There is no mode ?."),
    ],
)
def test_half_a_character_is_told_as_a_question_mark(
    address: str, name: str, given: str, why: str
) -> None:
    url = f"{address}gradio_api/call"
    json = {"Content-Type": "application/json"}
    asked = httpx.post(f"{url}/v2/{name}", content=given, headers=json, timeout=20).json()
    told = httpx.get(f"{url}/{name}/{asked['event_id']}", timeout=20).text
    assert told.startswith("event: error")
    assert why in told


def test_a_program_is_told_what_it_did_wrong(client: Client) -> None:
    with pytest.raises(AppError, match="Type a question first"):
        client.predict("", api_name="/ask")
    with pytest.raises(AppError, match=r"There is no mode magic\. Modes: hybrid, dense, terms\."):
        client.predict("x", mode="magic", api_name="/search")
    with pytest.raises(AppError, match=r"-1 is no number of results\. Ask for 1 to 1,000\."):
        client.predict("x", k=-1, api_name="/search")
    with pytest.raises(AppError, match="too much to filter by"):
        client.predict("x", without=[f"w{n}" for n in range(5000)], api_name="/search")


def test_a_program_may_leave_out_the_words_or_search_for_a_number(client: Client) -> None:
    assert client.predict(None, type="command", k=1, api_name="/search") == client.predict(
        "", type="command", k=1, api_name="/search"
    )
    assert client.predict(137, k=1, api_name="/search") == client.predict(
        "137", k=1, api_name="/search"
    )


def test_only_these_functions_are_offered(client: Client) -> None:
    offered = client.view_api(return_format="dict")
    names = {"/ask", "/search", "/search_report", "/facets", "/read"}
    assert set(offered["named_endpoints"]) == names


def test_another_hosts_name_is_refused(address: str) -> None:
    asked = {"data": ["tcp"]}
    for host, status in (("rebind.example", 400), ("127.0.0.1", 200), ("localhost:80", 200)):
        answer = httpx.post(
            f"{address}gradio_api/call/ask", json=asked, headers={"Host": host}, timeout=20
        )
        assert answer.status_code == status


def test_what_is_uploaded_is_no_note_and_leads_to_no_other_file(address: str, vault: Path) -> None:
    sent = {"files": ("../../../x.md", b"# Uploaded\n")}
    answer = httpx.post(f"{address}gradio_api/upload", files=sent, timeout=20)
    (file,) = map(Path, answer.json())
    assert file.name == "x.md"
    assert not file.is_relative_to(vault.parent)
    assert list(vault.rglob("x.md")) == []
    for path in (vault / "net/tcp.md", file.parent / "../../x", "/etc/passwd"):
        told = httpx.get(f"{address}gradio_api/file={path}", timeout=20)
        assert told.status_code in (403, 404)
