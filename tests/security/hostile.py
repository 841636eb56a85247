"""Notes that attack their reader (tests/hostile), as a visitor meets them."""

import shutil
from concurrent.futures import ThreadPoolExecutor

from tests.hostile_notes import Attack, attacks
from tests.security.components import doing, tags_of
from tests.security.outcome import MissingError, Outcome, Tries
from tests.security.page import ask, part_of, server_call, session
from tests.security.sites import Sites

_ASKED = 6


def in_html(sites: Sites) -> Outcome:
    """In the HTML that a visitor gets of hostile notes nothing does anything"""
    tries = Tries()
    found = 0
    for number, attack in enumerate(_chosen()):
        if number % 50 == 0:
            visitor = sites.public.visitor()
            dialog, page = (part_of(visitor, name) for name in ("note-dialog", "search-page"))
        place = {"vault": "notes", "path": f"hostile/{attack.path}", "first": 1, "last": 1}
        read = server_call(visitor, dialog, "read_note", place)
        found += attack.path.encode() in read.body
        told_of = [("reading", read)]
        if number % 6 == 0:  # the cards of five notes each
            form = {"query": attack.question, "lit": True}
            told_of.append(("searching", server_call(visitor, page, "search", form)))
        for what, told in told_of:
            tags = tags_of(told.text)
            tries.expect(f"{what} {attack.path}: {tags}", told.status == 200 and not tags, "text")
    for attack in attacks()[:_ASKED]:
        told = ask(sites.public.visitor(), attack.question, session())
        html = told.encode().decode("unicode_escape", errors="replace")
        tags = [tag for tag in doing(html) if "window" in tag or "script" in tag]
        tries.expect(f"asking {attack.path}: {tags}", not tags, "text")
    tries.control(f"the hostile notes are there: {found}", found > 20)
    bad = doing("<p onclick=x><a href=' java\nscript:x'><svg onload=x>")
    tries.control("the look for what does something finds it", len(bad) == 3, bad)
    return tries.outcome("hostile notes read, searched and asked for")


def _chosen() -> list[Attack]:
    """Return two thirds of the notes; a browser looks at the others' like."""
    return [attack for n, attack in enumerate(attacks()) if n % 3 and "/" not in attack.path]


def in_a_browser(sites: Sites) -> Outcome:
    """In a real browser hostile notes on the shared page are only read"""
    tries = Tries()
    with ThreadPoolExecutor(1) as alone:  # Playwright wants a thread without an event loop
        for path, complaint in alone.submit(_visited, sites).result():
            tries.expect(f"{path}: {complaint}", not complaint, "only read")
    return tries.outcome("hostile notes in Chromium")


def _visited(sites: Sites) -> list[tuple[str, str]]:
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import FLAGS, chromium, open_visit
    from tests.e2e.hostile_visit import try_notes

    if not shutil.which(chromium()):
        raise MissingError("Chromium")
    chosen = [one for one in attacks() if one.path.endswith(("-payload.md", "onerror.md", "clobbering.md", "links.md", "tag.md"))]  # fmt: skip
    said = ("not found", "no card", "fact is")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US") as context:  # fmt: skip
            visit = open_visit(context, f"http://127.0.0.1:{sites.public.port}/")
            tried = try_notes(visit.page, chosen)
        browser.close()
    told = {path: "; ".join(one for one in complaint.split("; ") if not any(word in one for word in said)) for path, complaint in tried}  # fmt: skip
    return list(told.items())


SLOW = (in_html, in_a_browser)
