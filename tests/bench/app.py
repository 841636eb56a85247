"""How quick is the page? First paint and answer, search while typing, frames of a large map.

python -m tests.bench.app VAULT WORK      VAULT: a folder of 10,000 notes; its index is kept in WORK
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import FLAGS, chromium

QUERIES = (
    *("how to delete a branch", "thread pool size", "索引失效的情况", "redis 持久化"),
    *("http status 404", "docker bridge", "垃圾回收算法", "spring bean 作用域"),
    *("消息队列 顺序", "json parse"),
)
A_KEY = 120
"""Milliseconds between two keys: 100 words a minute."""

_LISTEN = """() => {
  window.last = 0; window.first = [];
  document.querySelector("#query").addEventListener("input", () => {
    window.last = performance.now(); window.waits = true;
  }, true);
  new MutationObserver(() => {
    if (window.waits) { window.first.push(performance.now() - window.last); window.waits = false; }
  }).observe(document.querySelector("#results"), { childList: true });
}"""
_FRAMES = """async (n) => {
  const points = document.querySelector(".map canvas").points;
  points.place(Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i * 12.9898) % 1));
  points.paint(new Uint8Array(4 * n).fill(150), new Float32Array(n).fill(1));
  await new Promise((done) => setTimeout(done, 1500));
  const times = [];
  let before = performance.now();
  for (let i = 0; i < 100; i += 1) {
    points.pan(3 * Math.sin(i / 9), 2);
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - before);
    before = performance.now();
  }
  return times;
}"""


def main() -> None:
    vault, work = map(Path, sys.argv[1:])
    index = work / f"{vault.name}.index"
    notes = Path(sys.executable).with_name("notes")
    subprocess.run([notes, "index", vault, "--index", index], check=True, stdout=subprocess.DEVNULL)
    told: dict[str, Mapping[str, Any]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        told["opening"] = opening(browser, notes, index)
        with served(notes, index) as address:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.locator("#sources").wait_for(state="attached", timeout=60_000)
            told["typing"] = typing(page)
            told["map"] = frames(page)
        browser.close()
    for name, figures in told.items():
        print(f"{name:>8}  " + "  ".join(f"{key} {value}" for key, value in figures.items()))
    print(json.dumps(told))


def opening(browser: Browser, notes: Path, index: Path) -> Mapping[str, float]:
    """Seconds after `notes serve`, the median of five starts: a question is put at once."""
    taken: dict[str, list[float]] = {"first paint": [], "first answer": [], "the app": []}
    for _ in range(5):
        began = time.perf_counter()
        with served(notes, index) as address, browser.new_context() as context:
            page = context.new_page()
            page.goto(address, wait_until="commit")
            page.locator("form input").wait_for()
            taken["first paint"].append(time.perf_counter() - began)
            page.locator("form input").fill(QUERIES[0])
            page.keyboard.press("Enter")
            page.locator(".quote, .refusal").first.wait_for(timeout=60_000)
            taken["first answer"].append(time.perf_counter() - began)
            page.locator("#sources .card").first.wait_for(timeout=60_000)
            taken["the app"].append(time.perf_counter() - began)
    return {name: round(median(seconds), 2) for name, seconds in taken.items()}


def typing(page: Page) -> Mapping[str, float]:
    """Milliseconds from the last key of a query to its results."""
    page.locator("#tab-search-button").click()
    page.locator("#query").wait_for()
    page.evaluate(_LISTEN)
    taken = []
    for query in (*QUERIES, *QUERIES):
        page.locator("#query").fill("")
        page.wait_for_timeout(900)
        page.locator("#query").press_sequentially(query, delay=A_KEY)
        page.wait_for_timeout(1500)
        taken.append(page.evaluate("window.first.at(-1)"))
    new = sorted(taken[: len(QUERIES)])
    return {
        "queries": len(taken),
        "median ms": round(median(taken)),
        "median of new ones": round(median(new)),
        "slowest ms": round(max(taken)),
    }


def frames(page: Page, count: int = 50_000) -> Mapping[str, float]:
    """Milliseconds for a frame of a map of `count` points that is moved."""
    page.locator("#tab-map-button").click()
    page.locator('.map[aria-busy="false"] .map-state:not(:empty)').wait_for(timeout=120_000)
    taken = sorted(page.evaluate(_FRAMES, count))
    return {
        "points": count,
        "median ms": round(median(taken)),
        "95 % within ms": round(taken[int(0.95 * len(taken))]),
    }


@contextmanager
def served(notes: Path, index: Path) -> Iterator[str]:
    """Run `notes serve`; yield its address as soon as anything listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [notes, "serve", "--index", index, "--port", str(port), "--no-watch"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as app:
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 0.5).close()
                    break
                except OSError:
                    time.sleep(0.02)
            yield f"http://127.0.0.1:{port}/"
        finally:
            app.terminate()


if __name__ == "__main__":
    main()
