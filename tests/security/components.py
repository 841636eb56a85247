"""Functions of components: CVE-2024-1561, CVE-2024-34511 and what else can be sent to them."""

import json
import time
from html.parser import HTMLParser

from tests.security.outcome import REFUSED, Outcome, Tries
from tests.security.page import API, part_of, server_call, session
from tests.security.sites import Sites
from tests.security.vault import OUTSIDE

_NAMES = (
    *("__class__", "__init__", "__dict__", "__reduce__", "__getattribute__", "__globals__", "get_config"),
    *("postprocess", "preprocess", "move_resource_to_block_cache", "async_move_resource_to_block_cache"),
    *("server_fns", "render", "unrender", "ls", "js_on_load", "value", "constructor_args", "parent", "search.__globals__"),
    *("search.__func__", "", " search", "Search", "search\x00", "read_note", "draw_map", "flag", "read_from_flag"),
    *(None, 1, [], {}, True, "a" * 60_000),
)  # fmt: skip
_XSS = '"><img src=x onerror=window.pwned=1><script>pwned</script>'
_EXPENSIVE = (
    *(f"path:{'*a' * 240}b", f"path:{'**/' * 160}x", f"path:{'[' * 490}", f"path:{'?' * 490}"),
    *(f'"{"a " * 240}"', "-x " * 160, 'type:"x' * 60, "a:" * 240, "after:" + "9" * 490),
    *("的" * 499, "é" * 499, "\u202e" * 499, "a\u0301" * 249, "~" * 499, "a AND " * 80, "NEAR(" * 99),
    *("'; DROP TABLE notes; --", '" OR 1=1 --', "notes MATCH 'x'", "{{7*7}}", "${7*7}", "%s%s%n"),
)  # fmt: skip
"""Queries that naive patterns take forever for."""
_SLOW = 8.0
"""Seconds that no call may take."""


def other_functions(sites: Sites) -> Outcome:
    """Only the page's own functions of its components can be called"""
    tries = Tries()
    visitor = sites.public.visitor()
    own = part_of(visitor, "search-page")
    for part in (own, part_of(visitor, "transcript"), 4):
        visitor = sites.public.visitor()
        for name in _NAMES:
            if (part, name) != (own, "search"):
                tries.refused(f"{part}.{name!r:.30}", server_call(visitor, part, name, "/etc/passwd"))  # fmt: skip
    for part in (-1, 10**12, "-1", None, [], {}, 1.5, True, "__class__", "self"):
        tries.refused(f"component {part!r}", server_call(visitor, part, "search", {}))
    for whose in ("a" * 50_000, [], {"a": 1}, 5, "../x", "\x00"):
        told = server_call(visitor, own, "search", {"query": "harbour"}, whose)
        tries.expect(f"session {whose!r:.20}", told.status in REFUSED | {200}, told.status)
    told = server_call(visitor, own, "search", {"query": "harbour"})
    tries.control("the page's own can be", b"harbour.md" in told.body, told.status)
    return tries.outcome("functions, components and sessions that are none of the page")


def hostile_arguments(sites: Sites) -> Outcome:
    """Hostile arguments of the page's functions are answered, soon, with nothing"""
    tries = Tries()
    secret = str(sites.vault.parent / f"{OUTSIDE}.md")
    places = (secret, f"../{OUTSIDE}.md", "linked.md", f"linked-folder/{OUTSIDE}.md", "/etc/passwd", "", ".", "\x00", _XSS, "a" * 9999)  # fmt: skip
    arguments: dict[tuple[str, str], list[object]] = {
        ("note-dialog", "read_note"): [
            *({"vault": vault, "path": path, "first": 1, "last": 9} for path in places for vault in ("notes", _XSS)),
            *({"vault": "notes", "path": "rows.md", "first": line, "last": line} for line in (-1, 0, 10**30, "1e9", "9" * 5000, None, [], _XSS)),
            *(None, [], "x", {}, {"vault": {}}, [[[]]]),
        ],
        ("map-page", "draw_map"): ["__class__", "", None, [], {}, "../x", _XSS, "a" * 9999],
        ("map-page", "place_of"): [None, [], {}, "' OR 1=1 --", "*", "%", _XSS, 10**40, "\ud800"],
        ("map-page", "locate"): [
            *({"question": said, "layout": "pca"} for said in ("", _XSS, "a" * 9999, None, [], 5)),
            *({"question": "harbour", "layout": said} for said in ("x", None, _XSS)),
        ],
        ("search-page", "search"): [
            *({"query": said} for said in (_XSS, None, [], {}, 5, [_XSS] * 500, "a" * 9999, '"' * 499, "-" * 499, "(" * 499)),
            *({"query": "harbour", "count": said} for said in (0, -1, 51, 10**9, "9" * 8, "", _XSS, None, [], "1e3")),
            *({"query": "harbour", "order": said, "mode": said} for said in ("__class__", "x", None, _XSS)),
            *({"query": "harbour", name: [_XSS] * 50} for name in ("type", "tag", "path", "phrase", "without", "after")),
            *(None, [], "x", 5, [["query", "x"]]),
        ],
    }  # fmt: skip
    for (elem_id, name), given in arguments.items():
        visitor = sites.public.visitor()
        part = part_of(visitor, elem_id)
        for one in given:
            began = time.monotonic()
            told = server_call(visitor, part, name, one)
            took = time.monotonic() - began
            what = f"{name} {one!r:.60}"
            tries.expect(what, OUTSIDE.encode() not in told.body.replace(json.dumps(one).encode(), b"") or OUTSIDE in str(one), told.status)  # fmt: skip
            tries.expect(f"{what} took {took:.1f} s", took < _SLOW, f"in {_SLOW:.0f} s")
            for found in tags_of(told.text):
                tries.expect(f"{what} has {found}", False, found)
    return tries.outcome("hostile arguments of the page's functions: paths, types, patterns, HTML")


def expensive_queries(sites: Sites) -> Outcome:
    """No query or pattern takes long (ReDoS), or is read as another language"""
    tries = Tries()
    visitor = sites.public.visitor()
    part = part_of(visitor, "search-page")
    for said in _EXPENSIVE:
        began = time.monotonic()
        form = {"query": said, "facets": True, "lit": True}
        told = server_call(visitor, part, "search", form)
        took = time.monotonic() - began
        tries.expect(f"{said:.40} took {took:.1f} s", took < _SLOW, f"in {_SLOW:.0f} s")
        tries.expect(said[:40], told.status == 200 and not tags_of(told.text), told.status)
    return tries.outcome("expensive queries, and those of other languages")


def bodies(sites: Sites) -> Outcome:
    """A body of another shape is refused"""
    tries = Tries()
    visitor = sites.public.visitor()
    for body in (b"", b"{", b"null", b"[]", b"[" * 60_000, b'{"data":1}', b"\xff\xfe", b'{"data":NaN}', b"a=b"):  # fmt: skip
        for kind in ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=zz", "application/x-www-form-urlencoded", "x" * 5000):  # fmt: skip
            told = visitor.post(f"{API}/component_server", body, {"Content-Type": kind})
            tries.refused(f"{body[:9]!r} as {kind[:30]}", told)
    body = {"component_id": part_of(visitor, "search-page"), "fn_name": "search", "session_hash": session(), "data": {}}  # fmt: skip
    told = visitor.post(f"{API}/component_server", {**body, "__proto__": 1, "constructor": 2})
    tries.expect("more fields", told.status in (200, 400), told.status)
    return tries.outcome("bodies and types that are no JSON")


def tags_of(text: str) -> list[str]:
    """Return what of HTML in JSON would do something: scripts, handlers, forms, foreign pictures."""
    try:
        told = json.loads(text)
    except ValueError:
        return []
    parts = told.values() if isinstance(told, dict) else [told]
    return [one for part in parts if isinstance(part, str) for one in doing(part)]


def doing(html: str) -> list[str]:
    """Return the tags of HTML that do something."""
    reader = _Doing()
    reader.feed(html)
    return reader.found


class _Doing(HTMLParser):
    _TAGS = frozenset("script iframe frame object embed applet base meta link style svg math img video audio template portal".split())  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: (value or "").strip().lower() for name, value in attrs}
        targets = [said.get(name, "") for name in ("href", "src", "action", "formaction")]
        bad = tag in self._TAGS or any(name.startswith("on") for name in said)
        if bad or any("".join(one.split()).startswith(("javascript:", "data:", "vbscript:")) for one in targets):  # fmt: skip
            self.found.append(f"<{tag} {' '.join(said)}>")


TRICKS = (other_functions, hostile_arguments, bodies)
SLOW = (expensive_queries,)
