"""The app as its users meet it."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import WAIT, Visit, ask, open_tab, overflows


def test_an_english_question_is_answered_with_its_source(visit: Visit) -> None:
    page = visit.page
    ask(page, "What does exit code 137 mean?")
    expect(page.locator(".turn .quote").first).to_contain_text("128 + SIGKILL")
    expect(page.locator(".quote .place").first).to_contain_text("linux/snippets.md:")
    expect(page.locator(".turn mark", has_text="137").first).to_be_visible()


def test_a_chinese_question_is_answered_with_its_source(visit: Visit) -> None:
    page = visit.page
    ask(page, "握手为什么不能只有两次？")
    expect(page.locator(".turn .quote").first).to_contain_text("一个迟到的旧 SYN")
    card = page.locator("#sources .card:visible").first
    expect(card).to_contain_text("RFC 9293")
    expect(card.locator("mark", has_text="握手").first).to_be_visible()


def test_a_citation_leads_to_its_card(visit: Visit) -> None:
    page = visit.page
    ask(page, "What does exit code 137 mean?")
    first = page.locator(".turn .cite").first
    name = first.get_attribute("href")
    ask(page, "握手为什么不能只有两次？")
    card = page.locator(f"#sources {name}")
    expect(card).to_be_hidden()  # the sources of the latest answer are shown
    first.click()
    expect(card).to_be_visible()
    expect(card).to_be_focused()
    expect(card).to_contain_text("143: 128 + SIGTERM")


def test_code_is_shown_as_code(visit: Visit) -> None:
    ask(visit.page, "How do I undo the last commit but keep my changes?")
    expect(visit.page.locator(".turn pre code").first).to_contain_text("git reset --soft HEAD~1")


def test_what_is_not_in_the_notes_is_said(visit: Visit) -> None:
    page = visit.page
    ask(page, "Who won the football world cup in 1998?")
    expect(page.locator(".turn .refusal")).to_contain_text("Not in the notes")
    expect(page.locator(".sources h2:visible")).to_have_text("Nearest notes")


def test_an_empty_question_asks_for_one_and_an_endless_one_is_kept(visit: Visit) -> None:
    page = visit.page
    page.locator("#send").click()
    expect(page.locator("#hint")).to_contain_text("Type a question first.", timeout=WAIT)
    page.locator("#question textarea").fill("why " * 600)
    page.locator("#send").click()
    expect(page.locator("#hint")).to_contain_text("2,400 characters", timeout=WAIT)
    expect(page.locator("#question textarea")).to_have_value("why " * 600)
    expect(page.locator(".turn")).to_have_count(0)


def test_an_example_is_asked_by_a_click_and_a_conversation_begun_anew(visit: Visit) -> None:
    page = visit.page
    example = page.locator("#examples button:visible").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".turn .asked")).to_contain_text(question, timeout=WAIT)
    expect(page.locator(".turn .quote").first).to_be_visible(timeout=WAIT)
    page.locator("#new-chat").click()
    expect(page.locator(".turn")).to_have_count(0, timeout=WAIT)
    expect(page.locator("#examples button:visible").first).to_have_text(question)


def test_a_hostile_note_is_only_read(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    page.locator("#query").fill("zebra stripes path:zebra.md")
    card = page.locator("#results .card")
    expect(card).to_have_count(1, timeout=WAIT)
    for shown in (
        "Box<dyn Trait + Sync> <script>window.pwned = 1</script>",
        '<img src=x onerror="window.pwned = 1">',
        "${window.pwned = 1} {{#if 1}}kept{{/if}} {{value}}",
    ):
        expect(card).to_contain_text(shown)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#results img").count() == 0
    links = card.locator("a").evaluate_all("links => links.map(a => [a.href, a.rel, a.target])")
    expected = ["http://outside.example/zebra.png", "noopener noreferrer", "_blank"]
    assert [expected] * len(links) == links


def test_a_phone_shows_all_in_the_readers_language_without_scrolling_sideways(
    phone: Visit,
) -> None:
    page = phone.page
    expect(page.locator("#masthead h1")).to_have_text("笔记")
    expect(page.locator("#send")).to_have_text("提问")
    assert not overflows(page)
    ask(page, "只看 SYN 包用什么 tcpdump 命令？")
    expect(page.locator("#sources .card:visible").first).to_be_visible()
    assert not overflows(page)


def test_the_sources_of_the_answer_under_the_cursor_are_beside_it(visit: Visit) -> None:
    page = visit.page
    ask(page, "What does exit code 137 mean?")
    ask(page, "握手为什么不能只有两次？")
    expect(page.locator("#sources .card:visible").first).to_contain_text("RFC 9293")
    page.locator(".turn .quote").first.hover()
    expect(page.locator("#sources .card:visible").first).to_contain_text("137")
    page.locator(".turn .quote").last.hover()
    expect(page.locator("#sources .card:visible").first).to_contain_text("RFC 9293")


def test_slash_goes_to_the_question_and_escape_leaves_it(visit: Visit) -> None:
    page = visit.page
    page.locator("#masthead").click()
    page.locator("body").press("/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#question textarea")).to_have_value("a/b")
    page.keyboard.press("Escape")
    expect(page.locator("#question textarea")).not_to_be_focused()


@pytest.mark.parametrize("path", ["zebra.md", "net/tcp.md"])
def test_no_file_of_the_vault_is_served_by_path(address: str, vault: Path, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{address}gradio_api/file={vault / path}", timeout=20)
    with error.value as answer:
        assert answer.code in (403, 404)
