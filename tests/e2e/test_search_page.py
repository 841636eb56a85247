"""Search as its users meet it: found while typing, narrowed, sorted, explained."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import WAIT, Visit, open_tab, overflows


def search(page: Page, query: str) -> None:
    open_tab(page, "search")
    page.locator("#query").fill(query)


def places(page: Page) -> list[str]:
    return page.locator("#results .card button.place").all_inner_texts()


def test_notes_are_found_while_the_query_is_typed(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    page.locator("#query").press_sequentially("mutex awai", delay=30)
    expect(page.locator("#results .card").first).to_contain_text("await", timeout=WAIT)
    page.locator("#query").fill("sourdough zzz")
    page.locator("#query").fill("128 + SIGKILL")
    expect(page.locator("#results .card").first).to_contain_text("SIGKILL", timeout=WAIT)


def test_what_is_typed_last_is_what_is_shown(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    for query in ("tcp", "lock", "bike chain", "", "port", "handshake", "溏心蛋"):
        page.locator("#query").fill(query)
    expect(page.locator("#results .card").first).to_contain_text("蛋", timeout=WAIT)
    expect(page.locator("#results [lang=zh]")).to_be_visible()


def test_search_is_narrowed_by_a_written_filter_and_says_why(visit: Visit) -> None:
    page = visit.page
    search(page, "port type:command")
    expect(page.locator("#results .card")).to_have_count(1, timeout=WAIT)
    expect(page.locator("#results .card")).to_contain_text("sudo ss -tlnp | grep :8080")
    page.locator("#results details.why summary").click()
    expect(page.locator("#results details.why table")).to_contain_text("Meaning")
    search(page, "lock after:soon")
    expect(page.locator("#results .warning")).to_contain_text("after:soon", timeout=WAIT)
    search(page, "lock type:nonsense")
    expect(page.locator("#results")).to_contain_text("No note fits.", timeout=WAIT)


def test_a_ticked_value_narrows_the_search_and_the_counts_of_the_others(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    page.locator('[data-facet="kind"]').get_by_label("Image").check()
    expect(page.locator("#results .card")).to_have_count(1, timeout=WAIT)
    expect(page.locator("#results .card")).to_contain_text("three-way handshake")
    expect(page.locator('[data-facet="path"] label')).to_have_text(["net 1"])
    expect(page.locator('[data-facet="kind"] label')).not_to_have_count(1)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#results")).to_contain_text("Type some words", timeout=WAIT)
    expect(page.get_by_role("button", name="Clear filters")).to_be_hidden()


def test_values_of_one_field_are_alternatives_and_fields_add_up(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    page.locator('[data-facet="tag"] summary').click()
    page.locator('[data-facet="tag"]').get_by_label("gotchas").check()
    expect(page.locator("#results .place").first).to_contain_text("python/notes.md", timeout=WAIT)
    page.locator('[data-facet="tag"]').get_by_label("bike").check()
    expect(page.locator("#results .place", has_text="life/").first).to_be_visible(timeout=WAIT)
    page.locator('[data-facet="path"]').get_by_label("life").check()
    expect(page.locator("#results .place", has_text="python/")).to_have_count(0, timeout=WAIT)
    assert {place.split("/")[0] for place in places(page)} == {"life"}


def test_the_folded_filters_narrow_the_search_too(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    page.get_by_text("Phrase, words to leave out, dates").click()
    page.get_by_label("Exact phrase").fill("128 + SIGKILL")
    expect(page.locator("#results .card")).to_have_count(1, timeout=WAIT)
    page.get_by_label("Without these words").fill('pelican "137"')
    expect(page.locator("#results")).to_contain_text("No note fits.", timeout=WAIT)
    page.get_by_label("Exact phrase").fill("")
    page.get_by_label("Without these words").fill("")
    page.get_by_label("From (day, month or year)").fill("2025-01")
    page.get_by_label("Until (included)").fill("2025-01")
    expect(page.locator("#results .place").first).to_contain_text("db/storage.zh.md", timeout=WAIT)
    page.get_by_label("Until (included)").fill("some day")
    expect(page.locator("#results .warning")).to_contain_text("before:some day", timeout=WAIT)


def test_results_are_sorted_as_asked(visit: Visit) -> None:
    page = visit.page
    search(page, "lang:en")
    page.locator("[name=count]").select_option("50")
    page.locator("[name=order]").select_option("file")
    expect(page.locator("#results .card")).to_have_count(50, timeout=WAIT)
    files = [place.rpartition(":")[0] for place in places(page)]
    assert files == sorted(files)
    page.locator("#query").fill("")
    page.locator("[name=order]").select_option("newest")
    expect(page.locator("#results .place").first).to_contain_text("db/storage.zh.md", timeout=WAIT)


def test_the_keyboard_alone_leads_to_a_note_and_back(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "search")
    page.locator("body").press("/")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("exit codes")
    expect(page.locator("#results .card").first).to_contain_text("137", timeout=WAIT)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results .card").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results .card").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.opened[open]")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.opened")).to_be_hidden()
    expect(page.locator("#results .card").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#query")).to_be_focused()


def test_a_phone_searches_in_the_readers_language_and_folds_the_filters(phone: Visit) -> None:
    page = phone.page
    search(page, "锁 Arc<Mutex<T>>")
    expect(page.locator("#results .card").first).to_be_visible(timeout=WAIT)
    page.locator("#results details.why summary").first.click()
    assert not overflows(page)
    expect(page.locator("#facets")).to_be_hidden()
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(page.locator("#facets legend").first).to_have_text("类型")
    assert not overflows(page)
