"""Ask for hostile notes in a browser, open them, and watch what they do."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Frame, Locator, Page, Request, TimeoutError

from tests.hostile_notes import Attack

WAIT = 20_000
A_KEY = 1_000
"""Milliseconds: for an answer or a hit to be shown; for a key to be taken notice of."""

HITS = 5
"""Notes that a search shows."""

_LOOK = (Path(__file__).parent / "hostile_visit.js").read_text(encoding="utf-8")
_BEFORE = """() => ({
  href: location.href,
  title: document.title,
  ids: Object.fromEntries(
    "transcript sources results question query composer tabs masthead".split(" ")
      .map((id) => [id, document.getElementById(id)?.tagName])
      .filter(([, tag]) => tag)),
})"""
_POSED = "count => document.querySelectorAll('#transcript .turn').length === count"
_ANSWERED = """count => !document.querySelector("#transcript .pending")
  && document.querySelectorAll("#sources .sources").length === count
  && document.querySelector("#sources .sources:not([hidden]) .card")"""
_CITED = """() => {
  const link = [...document.querySelectorAll("#transcript .turn")].at(-1).querySelector(".from .cite");
  link?.click();
  return Boolean(link) && document.activeElement.matches(`#sources .card[id="${link.hash.slice(1)}"]`);
}"""
_BEGUN = """() => document.querySelector("#transcript .welcome")
  && !document.querySelector("#sources .card")
  && !document.querySelector("#question textarea").value"""
_FOUND = "document.querySelector('#results section:not([data-old]) .card')"
_OPEN = "all => all.forEach(one => { one.open = true; })"
_OLD = "all => all.forEach(one => one.setAttribute('data-old', ''))"


def try_notes(page: Page, questions: Sequence[Attack]) -> list[tuple[str, str]]:
    """Ask for every note and read it, on the app's open page; return each path with a complaint.

    The complaint is "" where the note was found, shown and harmless.
    """
    told: dict[str, list[str]] = {attack.path: [] for attack in questions}
    page.emulate_media(reduced_motion="reduce")
    before = page.evaluate(_BEFORE)
    with _watched(page) as seen:
        for attack in questions:
            if attack is not questions[0]:
                _begin(page)
            told[attack.path] += _asked(page, attack)
            told[attack.path] += _looked(page, before, seen)
        _send(page, questions[0].question, 2)  # beside the last one
        told[questions[0].path] += _looked(page, before, seen)
        page.get_by_role("tab").nth(1).click()
        _ask_for_few(page)
        for attack in questions:
            told[attack.path] += _searched(page, attack)
            told[attack.path] += _looked(page, before, seen)
            told[attack.path] += _read(page, attack)
            told[attack.path] += _looked(page, before, seen)
            page.keyboard.press("Escape")
    return [(path, "; ".join(dict.fromkeys(complaints))) for path, complaints in told.items()]


def harmless(tried: Sequence[tuple[str, str]]) -> int:
    """Return how many of the notes that were tried did nothing."""
    return sum(not complaint for _, complaint in tried)


def _asked(page: Page, attack: Attack) -> list[str]:
    """Ask for the note in a new conversation, open what the answer cites."""
    _send(page, attack.question, 1)
    told = [] if page.evaluate(_CITED) else ["its citation leads to no card"]
    cards = page.locator("#sources .sources:not([hidden]) .card")
    page.locator("#sources .sources:not([hidden]) details").evaluate_all(_OPEN)
    quotes = page.locator("#transcript .turn").last.locator(".quote .said")
    if not any(_says(part, attack.fact) for part in (quotes, cards)):
        told.append("its fact is neither quoted nor in the sources")
    return told


def _says(parts: Locator, fact: str) -> bool:
    return _spelt(fact) in _spelt(" ".join(parts.all_text_contents()))


def _send(page: Page, question: str, turns: int) -> None:
    """Ask, and wait for the answer.

    Gradio takes no notice of a key until it is done with the answer before: it is pressed again.
    """
    page.locator("#question textarea").fill(question)
    for _ in range(WAIT // A_KEY):
        page.keyboard.press("Enter")
        with suppress(TimeoutError):
            page.wait_for_function(_POSED, arg=turns, timeout=A_KEY)
            break
    try:
        page.wait_for_function(_ANSWERED, arg=turns, timeout=WAIT)
    except TimeoutError as error:
        shown = page.locator("#ask").inner_text()
        raise AssertionError(f"no answer to {question!r} is shown, but {shown!r}") from error


def _searched(page: Page, attack: Attack) -> list[str]:
    """Search for the note and unfold its card."""
    page.locator("#results section").evaluate_all(_OLD)
    page.locator("#query").fill("")
    page.locator("#query").fill(attack.question)
    page.wait_for_function(_FOUND, timeout=WAIT)
    card = _card(page, attack.path)
    if card is None:
        return ["it is not found"]
    card.locator("details").evaluate_all(_OPEN)
    return []


def _read(page: Page, attack: Attack) -> list[str]:
    """Read the note that was found in its file."""
    card = _card(page, attack.path)
    if card is None:
        return []
    card.locator("button.read").click()
    page.locator("dialog.opened[open]").wait_for(timeout=WAIT)
    shown = page.locator("dialog.opened .file").text_content() or ""
    return [] if _spelt(attack.fact) in _spelt(shown) else ["its fact is not in its file"]


def _ask_for_few(page: Page) -> None:
    """Let a search show few notes."""
    page.locator("#query").wait_for()
    page.locator("[name=count]").select_option(str(HITS))


def _card(page: Page, path: str) -> Locator | None:
    """Return the card of a note of the file."""
    places = page.locator("#results .card .place").all_text_contents()
    at = [n for n, place in enumerate(places) if place.rpartition(":")[0] == path]
    return page.locator("#results .card").nth(at[0]) if at else None


def _begin(page: Page) -> None:
    """Begin a new conversation; what was typed goes with the old one."""
    page.locator("#question textarea").fill("something else")
    page.locator("#new-chat").click()
    page.wait_for_function(_BEGUN, timeout=WAIT)


def _looked(page: Page, before: Any, seen: list[str]) -> list[str]:
    """Return what is wrong with the page, and what it did since the last look."""
    told = [*page.evaluate(_LOOK, before), *seen]
    seen.clear()
    return told


@contextmanager
def _watched(page: Page) -> Iterator[list[str]]:
    """Note what a harmless page does not do."""
    seen: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        seen.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            seen.append(f"a request: {request.url[:120]}")

    def on_console(message: Any) -> None:
        if message.type in ("error", "warning"):
            seen.append(f"console: {message.text[:120]}")

    address = page.url

    def on_frame(frame: Frame) -> None:
        opened = frame == page.main_frame and frame.url.split("#note=")[0] == address
        if not opened:  # the address of a note that is read in its file
            seen.append(f"a frame: {frame.url[:120]}")

    listeners = {
        "dialog": on_dialog,
        "request": on_request,
        "console": on_console,
        "frameattached": on_frame,
        "framenavigated": on_frame,
        "popup": lambda popup: seen.append(f"a popup: {popup.url[:120]}"),
        "download": lambda download: seen.append(f"a download: {download.url[:120]}"),
        "pageerror": lambda error: seen.append(f"an error: {error}"),
    }
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    try:
        yield seen
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)


def _spelt(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text))
