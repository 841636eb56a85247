"""Nothing keeps people out: axe-core's rules (WCAG 2.2 A and AA), on every page, light and dark."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import WAIT, ask, open_tab, open_visit

AXE = Path(__file__).parents[2] / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """Return the serious rules that the page breaks, with where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, { resultTypes: ['violations'], runOnly: "
        "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations"
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.fixture(scope="module")
def axe() -> None:
    if not AXE.exists():
        missing = (
            "the accessibility tests need axe-core: make .axe/node_modules/axe-core/axe.min.js"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("locale", "width"), [("en-US", 1440), ("zh-CN", 390)])
def test_no_page_has_a_serious_fault(
    browser: Browser, address: str, scheme: Any, locale: str, width: int
) -> None:
    with browser.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900}
    ) as context:
        page = open_visit(context, address).page
        page.emulate_media(reduced_motion="reduce")
        found = {"begin": faults(page)}
        ask(page, "What does exit code 137 mean?")
        ask(page, "Who won the football world cup in 1998?")
        found["ask"] = faults(page)
        page.locator(".turn .quote button.place").first.click()
        expect(page.locator("dialog.opened .cited").first).to_be_visible(timeout=WAIT)
        found["note"] = faults(page)
        page.keyboard.press("Escape")
        open_tab(page, "search")
        page.locator("#query").fill("lock 锁")
        expect(page.locator("#results .card").first).to_be_visible(timeout=WAIT)
        page.locator("#results details").first.locator("summary").click()
        if width < 860:
            page.locator("#filters-shown").click()
        found["search"] = faults(page)
        open_tab(page, "map")
        expect(page.locator(".legend button").first).to_be_visible(timeout=3 * WAIT)
        found["map"] = faults(page)
        open_tab(page, "library")
        expect(page.locator(".figures")).to_be_visible(timeout=WAIT)
        found["library"] = faults(page)
        assert [f"{name}: {fault}" for name, told in found.items() for fault in told] == []
