"""The page is there before the app is, and answers."""

import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import SAMPLE, WAIT, starting


def test_the_first_page_is_there_at_once_answers_and_makes_way_for_the_app(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        starting(SAMPLE, tmp_path, "--no-watch") as address,
        browser.new_context(locale="en-US") as context,
    ):
        page = context.new_page()
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Notes")
        expect(page.locator("progress")).to_be_visible()
        page.get_by_label("Your question").fill("What does exit code 137 mean?")
        page.keyboard.press("Enter")
        expect(page.locator(".quote").first).to_contain_text("SIGKILL", timeout=4 * WAIT)
        expect(page.locator("#sources .card").first).to_be_visible(timeout=4 * WAIT)
        expect(page.locator("#transcript .turn")).to_have_count(1)
        expect(page.locator("#transcript .asked")).to_contain_text("What does exit code 137 mean?")
        assert page.url == address


def is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def test_what_is_being_typed_is_not_torn_away(browser: Browser, tmp_path: Path) -> None:
    with (
        starting(SAMPLE, tmp_path, "--no-watch") as address,
        browser.new_context(locale="zh-CN") as context,
    ):
        page = context.new_page()
        page.goto(address)
        box = page.get_by_label("你的问题")
        box.fill("溏心蛋要煮")
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not is_up(address):
            time.sleep(0.2)
        time.sleep(1)
        expect(box).to_have_value("溏心蛋要煮")
        box.fill("溏心蛋要煮多久？")
        page.keyboard.press("Enter")
        expect(page.locator("#transcript .quote").first).to_contain_text("分", timeout=4 * WAIT)


def test_programs_are_told_to_come_again_and_other_hosts_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    with starting(SAMPLE, tmp_path, "--no-watch") as address, browser.new_context() as context:
        first = context.request.get(address)
        assert (first.status, first.headers["retry-after"]) == (503, "1")
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            asked = context.request.post(f"{address}waiting", data="secret?", headers=headers)
            assert asked.status in (404, 405, 400)
