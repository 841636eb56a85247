"""The library as its users meet it: what is indexed, brought up to date, added to."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import SAMPLE, WAIT, Visit, ask, open_tab, open_visit, overflows, serving

HTML = "<h1>Walruses</h1><p>A walrus weighs 1,200 kilograms.</p><script>window.pwned = 1</script>"
DOCX = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:r><w:t>The narwhal's tusk is a tooth of up to three metres.</w:t></w:r></w:p></w:body></w:document>"""
TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
 Id="r1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""


@pytest.fixture
def own(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """The app over a vault of its own, to be written to; `notes` in tmp_path."""
    shutil.copytree(SAMPLE, tmp_path / "notes")
    (tmp_path / "notes" / "broken.md").write_bytes(b"\x00\x01\x02" * 100)
    with (
        serving(tmp_path / "notes", tmp_path, "--no-watch") as address,
        browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}) as context,
    ):
        visit = open_visit(context, address)
        yield visit
        assert (visit.hosts, visit.errors) == ({"127.0.0.1"}, [])


def test_charts_tell_what_is_indexed_and_a_bar_searches_for_it(visit: Visit) -> None:
    page = visit.page
    open_tab(page, "library")
    headings = page.locator(".chart h2")
    expect(headings).to_have_text(["Folder", "Type", "Source", "Language", "Kind", "Tag"])
    expect(page.locator(".chart").nth(3).locator("button").first).to_contain_text("Chinese")
    page.locator('.chart button[data-value="crates.io"]').click()
    expect(page.locator("#results .card").first).to_contain_text("crates.io", timeout=WAIT)
    expect(page.locator('[data-facet="source"]').get_by_label("crates.io")).to_be_checked()


def test_the_library_follows_the_folder_and_names_what_was_skipped(
    own: Visit, tmp_path: Path
) -> None:
    page = own.page
    open_tab(page, "library")
    expect(page.locator(".skipped")).to_contain_text("broken.md", timeout=WAIT)
    (tmp_path / "notes" / "pelican.md").write_text("# Pelicans\n\nA bill holds 11 litres.\n")
    page.get_by_role("button", name="Update index").click()
    expect(page.locator("#changes")).to_contain_text("1 added, 0 changed", timeout=WAIT)
    expect(page.locator("#masthead")).to_contain_text("11 files", timeout=WAIT)
    open_tab(page, "ask")
    ask(page, "How much does a pelican's bill hold?")
    expect(page.locator(".turn .quote")).to_contain_text("11 litres")
    (tmp_path / "notes" / "pelican.md").unlink()
    open_tab(page, "library")
    page.get_by_role("button", name="Update index").click()
    expect(page.locator("#changes")).to_contain_text("1 removed", timeout=WAIT)


def test_an_update_tells_how_far_it_is_and_can_be_cancelled(own: Visit, tmp_path: Path) -> None:
    page = own.page
    for number in range(3000):
        text = (
            f"# Note {number}\n\nThe {number}th thing that is to be known of whale {number * 7}.\n"
        )
        (tmp_path / "notes" / f"many-{number}.md").write_text(text)
    open_tab(page, "library")
    page.get_by_role("button", name="Update index").click()
    expect(page.locator("#changes progress[max]")).to_be_visible(timeout=4 * WAIT)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#changes")).to_contain_text("Cancelled.", timeout=4 * WAIT)
    expect(page.get_by_role("button", name="Update index")).to_be_visible()
    expect(page.locator("#masthead")).to_contain_text("10 files")  # as before


def test_dropped_files_become_notes_and_a_zip_does_not_lead_out(own: Visit, tmp_path: Path) -> None:
    page = own.page
    dropped = tmp_path / "dropped"
    dropped.mkdir()
    (dropped / "walrus.html").write_text(HTML)
    with zipfile.ZipFile(dropped / "narwhal.docx", "w") as docx:
        docx.writestr("[Content_Types].xml", TYPES)
        docx.writestr("_rels/.rels", RELATIONS)
        docx.writestr("word/document.xml", DOCX)
    with zipfile.ZipFile(dropped / "more.zip", "w") as archive:
        archive.writestr("birds/企鹅.md", "# 企鹅\n\n企鹅不会飞，但游得很快。\n")
        archive.writestr("../../evil.md", "# Evil\n")
        archive.writestr("bomb.md", b"0" * 60_000_000, compress_type=zipfile.ZIP_DEFLATED)
    open_tab(page, "library")
    page.locator("#drop input[type=file]").set_input_files(sorted(dropped.iterdir()))
    changes = page.locator("#changes")
    expect(changes).to_contain_text("Added: 3", timeout=6 * WAIT)
    expect(changes).to_contain_text("added/more/birds/企鹅.md")
    expect(changes).to_contain_text("has a name that leads elsewhere")
    assert not list(tmp_path.rglob("evil*"))
    open_tab(page, "ask")
    ask(page, "How much does a walrus weigh?")
    expect(page.locator(".turn .quote").first).to_contain_text("1,200 kilograms")
    ask(page, "企鹅会飞吗？")
    expect(page.locator(".turn").last.locator(".quote").first).to_contain_text("企鹅不会飞")
    assert page.evaluate("window.pwned") is None


def test_a_phone_shows_the_library_without_scrolling_sideways(phone: Visit) -> None:
    page = phone.page
    open_tab(page, "library")
    expect(page.locator(".figures")).to_be_visible(timeout=WAIT)
    expect(page.locator(".chart h2").first).to_have_text("文件夹")
    assert not overflows(page)
