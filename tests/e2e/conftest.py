"""A real browser on the real `notes serve`."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import corpus

SAMPLE = Path(corpus.__file__).parent / "sample"
FLAGS = (
    "--no-sandbox --headless=new --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

WAIT = 20_000
"""Milliseconds: the first question of a busy machine may take its time."""

HOSTILE = """\
# Zebra crossing

Stripes: Box<dyn Trait + Sync> <script>window.pwned = 1</script>
<img src=x onerror="window.pwned = 1"> ${window.pwned = 1} {{#if 1}}kept{{/if}} {{value}}
[click](javascript:window.pwned=1) ![drawing](http://outside.example/zebra.png)
"""


@dataclass
class Visit:
    """A page with what it asked for and complained of."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault") / "notes"
    shutil.copytree(SAMPLE, folder)
    (folder / "zebra.md").write_text(HOSTILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def address(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app is served, from its start to its end; it waits to be told of changes."""
    with serving(vault, tmp_path_factory.mktemp("served"), "--no-watch") as url:
        yield url


@contextmanager
def serving(vault: Path, folder: Path, *options: str, is_closed: bool = False) -> Iterator[str]:
    """Run `notes serve` on a vault, its index and log in `folder`; yield its address when it is up.

    One that `is_closed` asks for a password first.
    """
    with starting(vault, folder, *options, is_up=True, is_closed=is_closed) as url:
        yield url


@contextmanager
def starting(
    vault: Path, folder: Path, *options: str, is_up: bool = False, is_closed: bool = False
) -> Iterator[str]:
    """Run `notes serve`; yield its address as soon as anything is there, or (`is_up`) the app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    notes = Path(sys.executable).with_name("notes")
    index, log = folder / "index", folder / "serve.log"
    command = [
        str(notes),
        "serve",
        str(vault),
        "--index",
        str(index),
        "--port",
        str(port),
        *options,
    ]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as app:
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait(url, app, log, 401 if is_closed else 200 if is_up else 503)
            yield url
        finally:
            app.terminate()


def _wait(url: str, app: "subprocess.Popen[bytes]", log: Path, status: int) -> None:
    """Wait until the app answers, or anything does with `status`; fail with what was said if not."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and app.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError as error:
            with error:
                if error.code == status:
                    return
            time.sleep(0.1)
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"notes serve did not answer at {url}:\n{log.read_text(errors='replace')}")


def chromium() -> str:
    """Return where the browser is."""
    return os.environ.get("NOTES_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(chromium()).exists():
        missing = f"the browser tests need Chromium: {chromium()} is missing (set NOTES_CHROMIUM)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def open_visit(context: BrowserContext, address: str) -> Visit:
    """Open the app and wait until it is alive."""
    visit = Visit(context.new_page())
    page = visit.page
    page.on("request", lambda request: visit.hosts.add(_host(request.url)))
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on(
        "console",
        lambda message: visit.errors.append(message.text) if message.type == "error" else None,
    )
    page.goto(address)
    page.locator("#examples button:visible").first.wait_for()
    return visit


def _host(url: str) -> str:
    parts = urlsplit(url)
    return "127.0.0.1" if parts.scheme in ("data", "blob") else str(parts.hostname)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A wide window of an English reader. Nothing may leave the machine, nothing may break."""
    with browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-US", color_scheme="light"
    ) as context:
        visit = open_visit(context, address)
        yield visit
        assert (visit.hosts, visit.errors) == ({"127.0.0.1"}, [])


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visit]:
    """A narrow dark window of a Chinese reader."""
    with browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme="dark"
    ) as context:
        visit = open_visit(context, address)
        yield visit
        assert (visit.hosts, visit.errors) == ({"127.0.0.1"}, [])


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn").last).to_contain_text(question, timeout=WAIT)
    expect(page.locator(".turn .pending")).to_have_count(0, timeout=WAIT)


def open_tab(page: Page, name: str) -> None:
    """Open the tab "ask", "search", "map" or "library"; wait for what is on it."""
    page.locator(f"#tab-{name}-button").click()
    there = {"ask": "#question", "search": "#query", "map": ".map", "library": ".figures"}
    page.locator(there[name]).wait_for(timeout=WAIT)


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
