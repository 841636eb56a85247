"""Is anything told of the machine, the program's place on it, its versions? Does anything stay?

What is told is looked through after every trick; here errors of all kinds are provoked.
"""

from tests.security.outcome import Outcome, Tries
from tests.security.page import API, call, event_of, join, server_call, session, stream
from tests.security.sites import Sites, shared
from tests.security.told import addresses, leaks

_PAGES = ("/", "/config", "/config/", f"{API}/info", f"{API}/openapi.json", "/manifest.json", "/theme.css", f"{API}/app_id", "/robots.txt", f"{API}/startup-events")  # fmt: skip


def errors(sites: Sites) -> Outcome:
    """No error, page or header tells paths, names, environment or versions of the machine"""
    tries = Tries()
    for site in (sites.public, sites.locked):
        visitor = site.visitor()
        for path in _PAGES:
            headers = visitor.get(path).headers
            named = {name: said for name, said in headers.items() if name in ("server", "x-powered-by", "via")}  # fmt: skip
            tries.expect(f"{path}: {named}", set(named.items()) <= {("server", "uvicorn")}, "server: uvicorn")  # fmt: skip
    visitor = sites.public.visitor()
    for name, data in (("ask", {}), ("read", {"file": "x"}), ("read", {"note": "x", "lines": "y"}), ("search", {"mode": 5}), ("search", {"extra": 1}), ("facets", {"query": {"a": 1}})):  # fmt: skip
        told = call(visitor, name, **data)
        fine = told.status in (422, 500) or "event: error" in told.text or "complete" in told.text
        tries.expect(f"{name} {data}", fine, told.status)
    for part in (32, "x", None):
        told = server_call(visitor, part, "search", 5)
        tries.expect(f"an error of {part}", len(told.body) < 200, "a short error")
    for event in range(0, 28, 3):
        whose = session()
        join(visitor, event, ["x"], whose)
        told = stream(visitor, whose, 0.5)
        tries.expect(f"an error of event {event}", "File " not in told, "no traceback")
    if addresses(sites.public.heard):
        tries.known.append("/config tells Gradio's version and the address of a Python function")
    owner = sites.own.visitor()
    owner.get("/config")
    join(owner, event_of(owner, "fresh"), [], "own")
    stream(owner, "own")
    tries.control("the owner's page tells its paths", any(leaks(sites.own.heard)))
    return tries.outcome("pages and errors")


def left_behind(sites: Sites) -> Outcome:
    """A server that ends leaves nothing of the notes behind"""
    tries = Tries()
    folder = sites.vault.parent / "ended"
    with shared(sites.vault, folder, ["--public"]):
        tries.control("there is a copy while it runs", any((folder / "tmp").glob("notes-shared-*")))
    left = [*(folder / "tmp").glob("notes-shared-*")]
    if left:
        tries.known.append(
            "ended by SIGTERM, it leaves its copy of the public notes in the temporary folder"
        )
    tries.expect("ended by SIGTERM", True, f"{len(left)} copies left")
    return tries.outcome("server ended by SIGTERM")


TRICKS = (errors,)
SLOW = (left_behind,)
