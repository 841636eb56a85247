"""The app shared with others: what they can and cannot do, in a real browser."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from gradio_client import Client
from playwright.sync_api import Browser, Page, expect

from assistant.sharing.passwords import keep_password
from tests.e2e.conftest import SAMPLE, WAIT, Visit, ask, open_tab, open_visit, serving

PRIVATE = """---
private: true
---
# Salary talk

The quokka bonus is 4711 euros.
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with a private note; its path must be nowhere to be seen."""
    folder = tmp_path_factory.mktemp("owner") / "notes"
    shutil.copytree(SAMPLE, folder)
    (folder / "salary.md").write_text(PRIVATE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def public(notes: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(notes, tmp_path_factory.mktemp("public"), "--public") as url:
        yield url


def test_the_log_holds_nothing_that_was_sent(notes: Path, tmp_path: Path) -> None:
    """Whatever fails, by too few values, by names that are none, by an event that is not there."""
    with serving(notes, tmp_path, "--public") as url:
        api = f"{url}gradio_api/"
        for path, body in (
            ("call/search", {"data": ["my illness"]}),
            ("call/v2/search", {"my illness\n\x1b[31mERROR forged": 1}),
            ("queue/join", {"data": ["my illness"], "fn_index": 999, "session_hash": "a"}),
            ("queue/join", {"data": ["my illness"], "fn_index": 0, "session_hash": "a"}),
        ):
            told = httpx.post(api + path, json=body)
            if "event_id" in told.text:
                fetched = "queue/data?session_hash=a" if "join" in path else f"{path}/{told.json()['event_id']}"  # fmt: skip
                httpx.get(api + fetched, timeout=WAIT / 1000)
    log = (tmp_path / "serve.log").read_text(encoding="utf-8")
    assert "error: ValueError at " in log
    assert "illness" not in log
    assert "\x1b[31mERROR" not in log
    assert not any(line.lstrip().startswith(("ERROR forged", "File ")) for line in log.splitlines())


def test_a_page_opens_when_no_question_is_left(
    notes: Path, tmp_path: Path, browser: Browser
) -> None:
    with serving(notes, tmp_path, "--public", "--per-minute", "1") as url, browser.new_context() as context:  # fmt: skip
        for expected in (200, 429):
            asked = httpx.post(f"{url}gradio_api/call/ask", json={"data": ["137"]})
            assert asked.status_code == expected
        page = open_visit(context, url).page
        open_tab(page, "search")
        expect(page.locator("#search")).to_be_visible(timeout=WAIT)


@pytest.fixture
def stranger(browser: Browser, public: str) -> Iterator[Visit]:
    with browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US") as context:
        visit = open_visit(context, public)
        yield visit
        assert (visit.hosts, visit.errors) == ({"127.0.0.1"}, [])


def test_a_stranger_asks_searches_and_reads(stranger: Visit) -> None:
    page = stranger.page
    ask(page, "What does exit code 137 mean?")
    expect(page.locator(".turn .quote").first).to_contain_text("137")
    page.locator("#sources .card [data-path]").first.click()
    expect(page.locator("dialog[open] .cited").first).to_be_visible(timeout=WAIT)
    assert page.locator("dialog[open] a[href^='vscode:'], dialog[open] a[href^='obsidian:']").count() == 0  # fmt: skip
    page.keyboard.press("Escape")
    open_tab(page, "search")
    page.locator("#query").fill("docker")
    expect(page.locator("#results .card").first).to_be_visible(timeout=WAIT)
    open_tab(page, "map")
    expect(page.locator(".map canvas")).to_be_visible(timeout=WAIT)


def test_a_stranger_changes_nothing(stranger: Visit, public: str) -> None:
    page = stranger.page
    open_tab(page, "library")
    assert page.locator("#update, #drop, #add-to, input[type=file]").count() == 0
    config = httpx.get(f"{public}config").json()
    kinds = {part["type"] for part in config["components"]}
    assert not kinds & {"file", "uploadbutton"}
    named = {event["api_name"] for event in config["dependencies"]}
    assert not {name for name in named if re.search("update|add|cancel", name or "")}


def test_what_is_private_is_in_no_answer(stranger: Visit, public: str) -> None:
    page = stranger.page
    ask(page, "How much is the quokka bonus?")
    open_tab(page, "library")
    shown = [page.content()]
    with httpx.Client(base_url=public, timeout=20) as http:
        shown.append(http.get("config").text)
    client = Client(public, verbose=False)
    for call in (
        lambda: client.predict("quokka bonus salary", api_name="/ask"),
        lambda: client.predict("quokka bonus salary", k=50, mode="terms", api_name="/search"),
        lambda: client.predict("path:salary.md", k=50, api_name="/search"),
        lambda: client.predict(api_name="/facets"),
    ):
        shown.append(json.dumps(call(), ensure_ascii=False))
    client.close()
    said = "\n".join(shown)
    for secret in ("4711", "Salary", "salary.md:"):
        assert secret not in said


def test_no_place_on_the_owners_machine_is_told(stranger: Visit, public: str, notes: Path) -> None:
    page = stranger.page
    ask(page, "How do I undo the last commit but keep my changes?")
    open_tab(page, "library")
    told = [page.content()]
    told += [httpx.get(f"{public}{path}").text for path in ("", "config", "gradio_api/info")]
    for place in (notes, notes.parent, Path.home(), SAMPLE.parent, "notes-shared-"):  # fmt: skip
        assert str(place) == "/" or all(str(place) not in text for text in told)


def test_who_searches_too_much_is_told_in_words(
    browser: Browser, notes: Path, tmp_path: Path
) -> None:
    with (
        serving(notes, tmp_path, "--public", "--per-minute", "2") as url,
        browser.new_context(locale="zh-CN") as context,
    ):
        page = open_visit(context, url).page
        open_tab(page, "search")
        box = page.locator("#query")
        for n in range(60):
            box.fill(f"docker {n}")
            page.wait_for_timeout(150)
            if page.locator("#refused:visible").count():
                break
        expect(page.locator("#refused")).to_contain_text(
            "请求太频繁：每分钟最多 16 次", timeout=WAIT
        )
        expect(page.locator("#masthead .gone")).to_be_hidden()
        page.locator("#tab-ask-button").click()
        for n in range(3):
            page.locator("#question textarea").fill(f"docker {n}")
            page.keyboard.press("Enter")
            page.wait_for_timeout(700)
        toast = page.get_by_test_id("toast-body").or_(page.locator(".toast-body")).first
        expect(toast).to_contain_text("提问太频繁：每分钟最多 2 个问题", timeout=WAIT)
        assert page.locator("#question textarea").input_value() == "docker 2"


def sign_in(page: Page, name: str, password: str) -> None:
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")


def test_only_who_knows_a_password_comes_in(browser: Browser, notes: Path, tmp_path: Path) -> None:
    people = tmp_path / "people"
    keep_password(people, "ann", "correct horse")
    with (
        serving(notes, tmp_path, "--auth", str(people), is_closed=True) as url,
        browser.new_context(locale="en-US") as context,
    ):
        page = context.new_page()
        page.goto(url)
        sign_in(page, "ann", "wrong horse")
        expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
        sign_in(page, "ann", "correct horse")
        page.locator("#examples button:visible").first.wait_for(timeout=WAIT)
        ask(page, "What does exit code 137 mean?")
        expect(page.locator(".turn .quote").first).to_contain_text("137")
        assert httpx.get(f"{url}config").status_code == 401
        client = Client(url, auth=("ann", "correct horse"), verbose=False)
        assert client.predict("What does exit code 137 mean?", api_name="/ask")["answered"]
        client.close()


def test_the_copy_that_strangers_saw_is_gone_at_the_end(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setenv("TMPDIR", str(copies))
    with serving(notes, tmp_path, "--public"):
        assert list(copies.glob("notes-shared-*"))
    assert list(copies.glob("notes-shared-*")) == []
