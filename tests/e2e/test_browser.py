"""The app as its users meet it."""

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

WAIT = 20_000
"""Milliseconds: the first question of a busy machine may take its time."""


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn").last).to_contain_text(question, timeout=WAIT)
    expect(page.locator(".turn .pending")).to_have_count(0, timeout=WAIT)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def search(page: Page, query: str) -> None:
    page.locator("#query :is(textarea, input)").fill(query)
    page.keyboard.press("Enter")


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


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


def test_a_citation_leads_to_its_card_and_the_card_opens(visit: Visit) -> None:
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
    whole = card.locator("details.whole")
    expect(whole.locator(".said")).to_be_hidden()
    whole.locator("summary").click()
    expect(whole.locator(".said")).to_contain_text("143: 128 + SIGTERM")


def test_code_is_shown_as_code(visit: Visit) -> None:
    ask(visit.page, "How do I undo the last commit but keep my changes?")
    expect(visit.page.locator(".turn pre code").first).to_contain_text("git reset --soft HEAD~1")


def test_what_is_not_in_the_notes_is_said(visit: Visit) -> None:
    page = visit.page
    ask(page, "Who won the football world cup in 1998?")
    expect(page.locator(".turn .refusal")).to_contain_text("Not in your notes")
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
    open_tab(page, "Search")
    search(page, "zebra stripes path:zebra.md")
    card = page.locator("#results .card")
    expect(card).to_have_count(1, timeout=WAIT)
    card.locator("details.whole summary").click()
    for shown in (
        "Box<dyn Trait + Sync> <script>window.pwned = 1</script>",
        '<img src=x onerror="window.pwned = 1">',
        "${window.pwned = 1} {{#if 1}}kept{{/if}} {{value}}",
    ):
        expect(card.locator("details.whole")).to_contain_text(shown)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#results img").count() == 0
    links = card.locator("a").evaluate_all("links => links.map(a => [a.href, a.rel, a.target])")
    expected = ["http://outside.example/zebra.png", "noopener noreferrer", "_blank"]
    assert [expected] * len(links) == links


def test_search_is_narrowed_by_a_filter_and_says_why(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "Search")
    search(page, "port type:command")
    expect(page.locator("#results .card")).to_have_count(1, timeout=WAIT)
    expect(page.locator("#results .card")).to_contain_text("sudo ss -tlnp | grep :8080")
    page.locator("#results details.why summary").click()
    expect(page.locator("#results details.why table")).to_contain_text("Meaning")
    search(page, "lock after:soon")
    expect(page.locator("#results .warning")).to_contain_text("after:soon", timeout=WAIT)
    search(page, "lock type:nonsense")
    expect(page.locator("#results")).to_contain_text("No note fits.", timeout=WAIT)


def test_search_is_narrowed_by_the_controls(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "Search")
    page.get_by_label("Kind").click()
    page.get_by_role("option", name="Image").click()
    expect(page.locator("#results .card")).to_have_count(1, timeout=WAIT)
    expect(page.locator("#results .card")).to_contain_text("three-way handshake")


def test_a_filter_by_tag_and_by_folder_narrows_the_search(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "Search")
    page.get_by_label("Tag", exact=True).click()
    page.get_by_role("option", name="gotchas").click()
    expect(page.locator("#results .place").first).to_contain_text("python/notes.md", timeout=WAIT)
    page.get_by_label("Folder", exact=True).click()
    page.get_by_role("option", name="net (").click()
    expect(page.locator("#results")).to_contain_text("No note fits.", timeout=WAIT)
    page.keyboard.press("Tab")  # closes the list
    page.locator("#filter-tag").get_by_role("button").first.click()
    expect(page.locator("#results .place").first).to_contain_text("net/", timeout=WAIT)
    places = page.locator("#results .place").all_inner_texts()
    assert [place for place in places if not place.startswith("net/")] == []


def test_the_folded_filters_narrow_the_search_too(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "Search")
    page.get_by_text("Phrase, words to leave out, dates").click()
    page.get_by_label("Exact phrase").fill("128 + SIGKILL")
    page.keyboard.press("Enter")
    expect(page.locator("#results .card")).to_have_count(1, timeout=WAIT)
    page.get_by_label("Without these words").fill('pelican "137"')
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("No note fits.", timeout=WAIT)
    page.get_by_label("Exact phrase").fill("")
    page.get_by_label("Without these words").fill("")
    page.get_by_label("From (day, month or year)").fill("2025-01")
    page.get_by_label("Until (included)").fill("2025-01")
    page.keyboard.press("Enter")
    expect(page.locator("#results .place").first).to_contain_text("db/storage.zh.md", timeout=WAIT)
    page.get_by_label("Until (included)").fill("some day")
    page.keyboard.press("Enter")
    expect(page.locator("#results .warning")).to_contain_text("before:some day", timeout=WAIT)


def test_the_library_follows_the_folder(visit: Visit, vault: Path) -> None:
    page = visit.page
    open_tab(page, "Library")
    expect(page.locator(".figures")).to_contain_text("11", timeout=WAIT)
    (vault / "pelican.md").write_text("# Pelicans\n\nA pelican's bill holds 11 litres.\n")
    try:
        page.locator("#update").click()
        expect(page.locator("#changes")).to_contain_text("1 added, 0 changed", timeout=WAIT)
        expect(page.locator("#masthead")).to_contain_text("12 files", timeout=WAIT)
        open_tab(page, "Ask")
        ask(page, "How much does a pelican's bill hold?")
        expect(page.locator(".turn .quote")).to_contain_text("11 litres")
    finally:
        (vault / "pelican.md").unlink()
    open_tab(page, "Library")
    page.locator("#update").click()
    expect(page.locator("#changes")).to_contain_text("1 removed", timeout=WAIT)


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
    open_tab(page, "搜索")
    search(page, "锁 Arc<Mutex<T>>")
    expect(page.locator("#results .card").first).to_be_visible(timeout=WAIT)
    page.locator("#results details.why summary").first.click()
    assert not overflows(page)
    open_tab(page, "资料库")
    expect(page.locator(".figures")).to_be_visible(timeout=WAIT)
    assert not overflows(page)


@pytest.mark.parametrize("path", ["zebra.md", "net/tcp.md"])
def test_no_file_of_the_vault_is_served_by_path(address: str, vault: Path, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{address}gradio_api/file={vault / path}", timeout=20)
    with error.value as answer:
        assert answer.code in (403, 404)
