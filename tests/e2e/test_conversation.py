"""A conversation in a real browser: follow-ups, their search edited, answers written and stopped."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assistant.generation.faulty_server import Wire
from tests.assistant.generation.faulty_server import serving as serving_model
from tests.e2e.conftest import SAMPLE, Visit, open_visit, serving

WAIT = 15_000
HELD = "Linux waits 7200 seconds of silence before the first keepalive probe [1]."
UNHELD = "The moon has 1,200 craters."


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


def test_a_follow_up_says_what_it_searched_for_and_lets_it_be_edited(visit: Visit) -> None:
    page = visit.page
    ask(page, "keepalive default on linux")
    expect(page.locator(".turn .answer").first).to_contain_text("7200", timeout=WAIT)
    expect(page.locator("#searched-row")).to_be_hidden()
    ask(page, "and how many probes?")
    told = page.locator(".turn").nth(1).locator(".searched")
    expect(told).to_contain_text("keepalive", timeout=WAIT)
    box = page.get_by_label("Searched for", exact=True)
    expect(box).to_have_value(told.inner_text().split("“")[1].rstrip("”"))
    box.fill("what does exit code 137 mean")
    page.keyboard.press("Enter")
    expect(page.locator(".turn").nth(1)).to_contain_text("SIGKILL", timeout=WAIT)
    expect(told).to_have_text("Searched for “what does exit code 137 mean”")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator("#sources .sources:not([hidden]) .card").first).to_contain_text("SIGKILL")


def test_a_conversation_is_saved_as_markdown_with_its_sources(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    ask(page, "keepalive default on linux")
    expect(page.locator(".turn .answer").first).to_contain_text("7200", timeout=WAIT)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as Markdown").click()
    assert saved.value.suggested_filename == "conversation.md"
    saved.value.save_as(tmp_path / "conversation.md")
    text = (tmp_path / "conversation.md").read_text(encoding="utf-8")
    assert "## keepalive default on linux" in text
    assert "> Linux waits 7200 seconds" in text
    assert "- [1] `net/tcp.md:13-15` Keepalive defaults" in text


def test_on_a_phone_the_question_stays_in_reach(phone: Visit) -> None:
    page = phone.page
    ask(page, "keepalive default on linux")
    expect(page.locator("#sources .card").first).to_be_visible(timeout=WAIT)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("#question")).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    expect(page.locator("#question")).to_be_in_viewport()


@pytest.fixture(scope="module")
def written(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The app with a model that answers, fails or goes on for ever, as the question asks."""

    def reply(wire: Wire) -> None:
        asked = "fail" if fails else "go on" if goes_on else "answer"
        if asked == "fail":
            wire.head(500, {"Content-Type": "application/json"})
            return
        wire.head()
        wire.event(content=f"{HELD} {UNHELD}")
        while asked == "go on" and not wire.is_closing.is_set():
            time.sleep(0.1)
            wire.event(content=" And so on.")
        wire.event(finish="stop")
        wire.send("data: [DONE]\n\n")

    fails.clear()
    goes_on.clear()
    folder = tmp_path_factory.mktemp("written")
    with (
        serving_model(reply) as model,
        serving(
            SAMPLE, folder, "--no-watch", "--llm-url", model.url, "--llm-model", "tiny"
        ) as address,
        browser.new_context(locale="en-US") as context,
    ):
        yield open_visit(context, address)


fails: list[bool] = []
goes_on: list[bool] = []


def test_a_written_answer_is_marked_where_no_source_says_so(written: Visit) -> None:
    page = written.page
    ask(page, "keepalive default on linux")
    turn = page.locator(".turn").last
    expect(turn.locator(".doubts")).to_be_visible(timeout=WAIT)
    expect(turn.locator(".doubt")).to_have_text(UNHELD)
    expect(turn.locator(".said")).to_contain_text("Linux waits 7200 seconds")
    turn.locator(".cite").first.click()
    expect(page.locator("#sources .card").first).to_be_focused()
    expect(page.locator("#stop")).to_be_hidden()


def test_a_model_that_fails_leaves_quotes_and_says_so(written: Visit) -> None:
    page = written.page
    fails.append(True)
    ask(page, "what does exit code 137 mean")
    turn = page.locator(".turn").last
    expect(turn.locator(".warning")).to_contain_text("did not answer", timeout=WAIT)
    expect(turn.locator(".quote").first).to_contain_text("SIGKILL")
    fails.clear()


def test_writing_is_stopped_by_its_button(written: Visit) -> None:
    page = written.page
    goes_on.append(True)
    ask(page, "keepalive default on linux")
    expect(page.locator(".turn").last.locator(".said")).to_contain_text("And so on", timeout=WAIT)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".turn").last).to_contain_text("Stopped.", timeout=WAIT)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    goes_on.clear()
    assert written.errors == [] or all("500" not in error for error in written.errors)
