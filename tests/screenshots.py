"""Take the pictures of the README from the running app, over the sample notes.

python -m tests.screenshots OUT          the pictures of the README, and the animation
python -m tests.screenshots OUT --all    every page at 1440, 1024 and 390 pixels, light and dark, zh and en
"""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import FLAGS, SAMPLE, chromium, open_tab, serving

QUESTIONS = {
    "en": (
        "How do I undo the last commit but keep my changes?",
        "What does exit code 137 mean?",
    ),
    "zh": ("握手为什么不能只有两次？", "LSM 树是怎么写数据的", "它的缺点呢"),
}
SEARCHES = {"en": "lock", "zh": "锁"}
SIZES = ((1440, 900), (1024, 768), (390, 844))
COLOURS = 128
"""Of a picture's palette: a page has few, and the file is a quarter as large."""

Step = Callable[[Page, str], None]


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(SAMPLE, Path(folder), "--no-watch") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        if "--all" in sys.argv:
            take_all(browser, address, out)
        else:
            take_for_readme(browser, address, out)
        browser.close()


def take_for_readme(browser: Browser, address: str, out: Path) -> None:
    shots = (
        ("ask", "en", (1280, 800), "light", answered),
        ("note", "en", (1280, 800), "light", read),
        ("search", "zh", (1280, 800), "light", searched),
        ("map", "en", (1280, 800), "dark", mapped),
        ("library", "zh", (1280, 800), "light", library),
        ("phone", "zh", (390, 844), "dark", answered),
    )
    for name, language, size, scheme, step in shots:
        with opened(browser, address, language, size, scheme) as page:
            step(page, language)
            save(page, out / f"{name}.png")
    with opened(browser, address, "en", (960, 640), "light") as page:
        animate(page, out / "ask.webp")


def take_all(browser: Browser, address: str, out: Path) -> None:
    steps: dict[str, Step] = {
        "0-begin": lambda page, language: None,
        "1-ask": answered,
        "2-refused": refused,
        "3-note": read,
        "4-search": searched,
        "5-nothing": nothing_found,
        "6-map": mapped,
        "7-library": library,
    }
    for (width, height), scheme, language in product(SIZES, ("light", "dark"), ("en", "zh")):
        for name, step in steps.items():
            with opened(browser, address, language, (width, height), scheme) as page:
                step(page, language)
                save(page, out / f"{name}-{width}-{scheme}-{language}.png")


@contextmanager
def opened(
    browser: Browser, address: str, language: str, size: tuple[int, int], scheme: Any
) -> Iterator[Page]:
    locale = {"en": "en-US", "zh": "zh-CN"}[language]
    width, height = size
    with browser.new_context(
        locale=locale, color_scheme=scheme, viewport={"width": width, "height": height}
    ) as context:
        page = context.new_page()
        page.goto(address)
        page.locator("#examples button:visible").first.wait_for()
        yield page


def answered(page: Page, language: str) -> None:
    for number, question in enumerate(QUESTIONS[language], start=1):
        page.locator("#question textarea").fill(question)
        page.keyboard.press("Enter")
        page.locator(f".turn:nth-child({number}) :is(.quote, .refusal)").first.wait_for()
        page.wait_for_timeout(400)


def refused(page: Page, language: str) -> None:
    asked = {"en": "Who won the football world cup in 1998?", "zh": "1998 年世界杯谁赢了？"}
    page.locator("#question textarea").fill(asked[language])
    page.keyboard.press("Enter")
    page.locator(".turn .refusal").wait_for()
    page.wait_for_timeout(300)


def read(page: Page, language: str) -> None:
    answered(page, language)
    page.locator(".turn .quote button.place").first.click()
    page.locator("dialog.opened[open] .cited").first.wait_for()
    page.wait_for_timeout(500)


def searched(page: Page, language: str) -> None:
    open_tab(page, "search")
    page.locator("#query").fill(SEARCHES[language])
    page.locator("#results .card").first.wait_for()
    page.wait_for_timeout(300)


def nothing_found(page: Page, language: str) -> None:
    open_tab(page, "search")
    page.locator("#query").fill("type:tipp " + "verylongwordwithoutanyspace" * 6)
    page.locator("#results .notice").wait_for()
    page.wait_for_timeout(500)


def mapped(page: Page, language: str) -> None:
    open_tab(page, "map")
    page.locator('.map[aria-busy="false"] .map-state:not(:empty)').wait_for(timeout=90_000)
    page.wait_for_timeout(1200)
    page.locator(".map-controls input").fill(SEARCHES[language])
    page.keyboard.press("Enter")
    page.locator(".map-hits button").first.wait_for()
    page.wait_for_timeout(300)


def library(page: Page, language: str) -> None:
    open_tab(page, "library")
    page.wait_for_timeout(300)


def animate(page: Page, file: Path) -> None:
    """A question typed and answered, its source opened, a search while it is typed."""
    frames: list[tuple[Image.Image, int]] = []

    def keep(milliseconds: int) -> None:
        frames.append((picture(page), milliseconds))

    keep(600)
    question = QUESTIONS["en"][-1]
    for end in range(4, len(question) + 4, 4):
        page.locator("#question textarea").fill(question[:end])
        keep(90)
    page.keyboard.press("Enter")
    page.locator(".turn .quote").first.wait_for()
    page.wait_for_timeout(400)
    keep(1800)
    page.locator(".turn .quote button.place").first.click()
    page.locator("dialog.opened[open] .cited").first.wait_for()
    page.wait_for_timeout(400)
    keep(2200)
    page.keyboard.press("Escape")
    open_tab(page, "search")
    for end in range(1, 5):
        page.locator("#query").fill("lock"[:end])
        page.wait_for_timeout(250)
        keep(250)
    keep(1800)
    first, *rest = [frame for frame, _ in frames]
    first.save(
        file,
        save_all=True,
        append_images=rest,
        duration=[milliseconds for _, milliseconds in frames],
        loop=0,
        quality=70,
        method=6,
    )


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def save(page: Page, file: Path) -> None:
    picture(page).quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file} {file.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
