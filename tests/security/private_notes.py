"""Notes marked private are in no answer, on no page, in no file of what is shared.

What is told is looked through after every trick; here the notes are asked for by their own words.
"""

import json
from pathlib import Path
from typing import Any

from tests.security.events import signed_in_or_not
from tests.security.outcome import Outcome, Tries
from tests.security.page import (
    API,
    ask,
    call,
    event_of,
    join,
    part_of,
    server_call,
    session,
    stream,
)
from tests.security.sites import Site, Sites
from tests.security.vault import MARK, OUTSIDE, SAID
from tests.security.wire import Visitor

_WORDS = (SAID, "琥珀密码箱", "Doctor Halvorsen", "What opens the amber lockbox?")  # fmt: skip
_PATHS = (
    *(f"{MARK}-{n}.md" for n in "abcdefg"),
    *(f"drawer-{MARK}/one.md", f".hidden-{MARK}/two.md", ".publishignore", ".notesignore"),
    *(f"picture-{MARK}.png", "linked.md", f"linked-folder/{OUTSIDE}.md", f"../{OUTSIDE}.md", "comment.md", "rows.md"),
)  # fmt: skip


def asked_for(sites: Sites) -> Outcome:
    """Asked, searched, counted, mapped, listed or read, nothing private is told"""
    tries = Tries()
    for name, asked in (("public", _WORDS), ("locked", _WORDS[:1])):
        for words in asked:
            visitor = signed_in_or_not(sites, name)
            for mode in ("hybrid", "dense", "terms") if words == SAID else ("hybrid",):
                told = call(visitor, "search", query=words, k=50, mode=mode)
                tries.expect(f"search {words} {mode}", _is_silent(told.text, words), "nothing")
            for end in ("ask", "facets", "search_report"):
                given = {"question": words} if end == "ask" else {"query": words}
                told = call(visitor, end, **given)
                tries.expect(f"{end} {words}", _is_silent(told.text, words), "nothing")
            tries.expect(f"page {words}", _is_silent(ask(visitor, words, session()), words), "nothing")  # fmt: skip
            told = server_call(visitor, part_of(visitor, "search-page"), "search", {"query": words, "facets": True, "lit": True, "count": 50})  # fmt: skip
            tries.expect(f"page searches {words}", _is_silent(told.text, words), "nothing")
    found = call(sites.own.visitor(), "search", query=SAID, k=50).text
    tries.control("the owner finds them", found.count(MARK) > 20, found.count(MARK))
    return tries.outcome("questions in the private notes' own words, everywhere")


def listed(sites: Sites) -> Outcome:
    """The page, its library, its map and its filters list nothing private"""
    tries = Tries()
    for name in ("public", "locked"):
        visitor, whose = signed_in_or_not(sites, name), session()
        join(visitor, event_of(visitor, "fresh"), [], whose)
        parts = {"library": stream(visitor, whose)}
        part = part_of(visitor, "map-page")
        layouts = ("pca", "tsne") if name == "public" else ()
        parts |= {layout: server_call(visitor, part, "draw_map", layout).text for layout in layouts}
        located = server_call(visitor, part, "locate", {"question": SAID, "layout": "pca"})
        parts |= {"located": located.text, "facets": call(visitor, "facets", query="").text}
        for path in ("/", "/config", f"{API}/info", f"{API}/openapi.json"):
            parts[path] = visitor.get(path).text
        for what, told in parts.items():
            tries.expect(what, told != "" and _is_silent(told, SAID), "nothing")
        for field in ("type", "source", "tag", "path"):
            told = call(visitor, "search", query="", **{field: [MARK, f"*{MARK}*"]}, k=50).text
            tries.expect(f"by {field}", '"hits"' not in told and "[[]]" in told, "no hits")
        told = call(visitor, "search", query="", after="1987-06-01", before="1987-06-30").text
        tries.expect("by date", "[[]]" in told, "no hits")
    own = call(sites.own.visitor(), "search", query="", type=[MARK]).text
    tries.control("the owner finds them by type", MARK in own)
    return tries.outcome("lists of everything, filters by what is private")


def read_by_name(sites: Sites) -> Outcome:
    """A private note cannot be read by its name or id"""
    tries = Tries()
    ids = _ids(sites.own.visitor())
    tries.control("the owner knows their ids", len(ids) > 5, len(ids))
    visitor = sites.public.visitor()
    dialog, part = part_of(visitor, "note-dialog"), part_of(visitor, "map-page")
    for number, path in enumerate(_PATHS):
        visitor = sites.public.visitor() if number % 5 == 0 else visitor
        for vault in ("notes", ""):
            told = call(visitor, "read", file=path, vault=vault)
            tries.expect(f"read {path}", _is_silent(told.text, path), "nothing")
            place = {"vault": vault, "path": path, "first": 1, "last": 9}
            told = server_call(visitor, dialog, "read_note", place)
            tries.expect(f"the dialog reads {path}", _is_silent(told.text, path), "nothing")
    for key in ids[:20]:
        told = call(visitor, "read", note=key)
        tries.expect(f"id {key}", "event: error" in told.text, "no such note")
        told = server_call(visitor, part, "place_of", key)
        tries.expect(f"place of {key}", told.text == "null", "no such note")
    own = call(sites.own.visitor(), "read", file=f"{MARK}-a.md")
    tries.control("the owner reads it", MARK in own.text.replace(f"{MARK}-a.md", ""))
    return tries.outcome("reading private notes by path and id")


def on_disk(sites: Sites) -> Outcome:
    """No byte of what is shared, index and vectors included, holds private words"""
    tries = Tries()
    for site in (sites.public, sites.locked):
        copies = [file for file in _copies(site) if file.is_file()]
        tries.control(f"there is a copy of {len(copies)} files", len(copies) > 50)
        for file in copies:
            data = file.read_bytes()
            found = [word for word in (MARK, SAID, OUTSIDE, "Halvorsen") if word.encode() in data or word.encode("utf-16-le") in data]  # fmt: skip
            tries.expect(f"{file.name} holds {found}", not found and MARK not in str(file.relative_to(site.folder)), "clean")  # fmt: skip
        (folder,) = (site.folder / "tmp").glob("notes-shared-*")
        others = folder.stat().st_mode & 0o077
        tries.expect("open to others of this machine", not others, "its owner's alone")
    own = (sites.own.folder / "index" / "notes.sqlite").read_bytes()
    tries.control("the owner's index holds them", MARK.encode() in own)
    return tries.outcome("files of the copy that is served")


def in_the_log(sites: Sites) -> Outcome:
    """The log holds no question, password, cookie or address of a visitor"""
    tries = Tries()
    visitor = sites.public.visitor()
    call(visitor, "search", query="zorblaxquestion")
    ask(visitor, "What is zorblaxquestion?", session())
    locked = signed_in_or_not(sites, "locked")
    call(locked, "ask", question="Where is zorblaxquestion?")
    token = locked.headers["Cookie"].partition("=")[2]
    for site in (sites.public, sites.locked):
        log = site.log.read_text(errors="replace")
        for word in ("zorblaxquestion", "zorblaxword", token, visitor.address, locked.address):
            tries.expect(f"{word[:8]}…", word not in log, "not in the log")
    return tries.outcome("what the servers wrote")


def _ids(owner: Visitor) -> list[str]:
    told = call(owner, "search", query=SAID, k=50).text
    data = next(line for line in told.splitlines() if line.startswith("data: "))
    hits: list[dict[str, Any]] = json.loads(data[6:])[0]
    return [str(hit["id" if "id" in hit else "note"]) for hit in hits if MARK in json.dumps(hit)]


def _copies(site: Site) -> list[Path]:
    return list((site.folder / "tmp").glob("notes-shared-*/**/*"))


def _is_silent(told: str, asked: str) -> bool:
    said = told.replace(asked, "")  # a refusal may repeat what was asked for
    return MARK not in said and "Halvorsen" not in said and OUTSIDE not in said


TRICKS = (asked_for, listed, read_by_name, on_disk, in_the_log)
