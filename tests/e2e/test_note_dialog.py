"""A note read in its file: cited lines marked, its neighbours, notes like it, its link."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import WAIT, Visit, ask, open_tab, overflows

DIALOG = "dialog.opened[open]"


def open_cited(page: Page) -> None:
    ask(page, "What does exit code 137 mean?")
    page.locator(".turn .quote button.place").first.click()
    expect(page.locator(DIALOG)).to_be_visible(timeout=WAIT)


def test_a_citation_opens_its_file_at_the_cited_lines(visit: Visit) -> None:
    page = visit.page
    open_cited(page)
    dialog = page.locator(DIALOG)
    expect(dialog.locator("#opened-title")).to_contain_text("linux/snippets.md:101-106")
    cited = dialog.locator(".file .cited")
    expect(cited.first).to_be_in_viewport()
    assert "137: 128 + SIGKILL" in " ".join(cited.all_inner_texts())
    expect(dialog.locator(".file")).to_contain_text("git blame -w -L 10,20")  # its neighbour
    assert "git blame" not in " ".join(cited.all_inner_texts())


def test_a_card_opens_its_note_too_and_escape_closes_it(visit: Visit) -> None:
    page = visit.page
    ask(page, "握手为什么不能只有两次？")
    page.locator("#sources .card:visible").first.get_by_role("button", name="在文件中阅读").click()
    expect(page.locator(f"{DIALOG} tr.cited")).to_contain_text("一个迟到的旧 SYN", timeout=WAIT)
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_have_count(0)
    page.wait_for_url(lambda url: "#note" not in url)


def test_back_closes_the_note_and_leaves_the_conversation(visit: Visit) -> None:
    page = visit.page
    open_cited(page)
    page.go_back()
    expect(page.locator(DIALOG)).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    page.go_forward()
    expect(page.locator(DIALOG)).to_be_visible(timeout=WAIT)


def test_arrows_and_buttons_lead_to_the_neighbours(visit: Visit) -> None:
    page = visit.page
    open_cited(page)
    after = page.locator(f'{DIALOG} [data-key="ArrowRight"]')
    title = after.locator("span").last.inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{DIALOG} .file .cited").first).to_contain_text(title, timeout=WAIT)
    page.locator(f'{DIALOG} [data-key="ArrowLeft"]').click()
    expect(page.locator(f"{DIALOG} #opened-title")).to_contain_text(
        "snippets.md:99-106", timeout=WAIT
    )


def test_more_like_this_leads_to_other_notes(visit: Visit) -> None:
    page = visit.page
    open_cited(page)
    like = page.locator(f"{DIALOG} .alike button")
    expect(like).to_have_count(5)
    place = like.first.locator(".place").inner_text()
    like.first.click()
    expect(page.locator(f"{DIALOG} #opened-title")).to_contain_text(place, timeout=WAIT)


def test_a_copied_link_opens_the_same_note(visit: Visit) -> None:
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_cited(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("#note=notes/linux/snippets.md:101-106")
    other = page.context.new_page()
    other.goto(link)
    expect(other.locator(f"{DIALOG} .file .cited").first).to_be_visible(timeout=WAIT)
    expect(other.locator(f"{DIALOG} #opened-title")).to_contain_text("linux/snippets.md:101-106")


def test_editors_open_the_file_where_it_lies(visit: Visit, vault: Path) -> None:
    page = visit.page
    open_cited(page)
    expect(page.get_by_role("link", name="Open in VS Code")).to_have_attribute(
        "href", f"vscode://file{vault / 'linux/snippets.md'}:101"
    )
    expect(page.get_by_role("link", name="Open in Obsidian")).to_have_count(0)
    (vault / ".obsidian").mkdir()
    try:
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("link", name="Open in Obsidian")).to_be_visible(timeout=WAIT)
    finally:
        (vault / ".obsidian").rmdir()


def test_a_note_that_is_gone_is_told_in_the_readers_language(phone: Visit) -> None:
    page = phone.page
    page.evaluate("location.hash = '#note=notes/no/such.md:1-2'")
    expect(page.locator(DIALOG)).to_contain_text("打不开这条笔记", timeout=WAIT)
    expect(page.locator(f"{DIALOG} .notice")).to_contain_text("no/such.md")
    page.locator(f"{DIALOG} .close").click()
    expect(page.locator(DIALOG)).to_have_count(0)


def test_a_path_out_of_the_vault_opens_nothing(visit: Visit) -> None:
    page = visit.page
    for path in ("../index/notes.sqlite", "%2Fetc%2Fpasswd", "net/../../../etc/passwd"):
        page.evaluate(f"location.hash = '#note=notes/{path}:1-2'")
        expect(page.locator(DIALOG)).to_contain_text("cannot be opened", timeout=WAIT)
        expect(page.locator(DIALOG)).not_to_contain_text("root:")
        page.keyboard.press("Escape")


def test_a_phone_shows_the_note_on_the_whole_screen(phone: Visit) -> None:
    page = phone.page
    page.emulate_media(reduced_motion="reduce")
    open_tab(page, "search")
    page.locator("#query").fill("握手")
    page.locator("#results .card button.read").first.click()
    expect(page.locator(f"{DIALOG} .cited").first).to_be_in_viewport(timeout=WAIT)
    assert not overflows(page)
    box = page.locator(DIALOG).bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
