"""Events of the page: those that visitors have no right to, and those of other people.

CVE-2023-34239, CVE-2024-4940 and later ones let in events by their number or their private name.
"""

import json
import re

from tests.security.outcome import Outcome, Tries
from tests.security.page import API, ask, call, config_of, event_of, join, session, stream
from tests.security.sites import Sites
from tests.security.wire import Visitor

QUESTION = "How many cranes has the harbour?"
_OWNERS = {"_update", "_add", "cancel"}


def rights_of_visitors(sites: Sites) -> Outcome:
    """A visitor's page has no event that updates the index or adds files"""
    tries = Tries()
    for name, site in (("public", sites.public), ("locked", sites.locked)):
        visitor = signed_in_or_not(sites, name)
        names = {one["api_name"] for one in config_of(visitor)["dependencies"]}
        tries.expect(f"{_OWNERS & names} of {name}", not _OWNERS & names, "not there")
        for method in sorted(_OWNERS):
            told = visitor.post(f"{API}/call/{method}", {"data": [[], "notes", None]})
            tries.expect(f"/call/{method}", told.status in (404, 500), told.status)
        assert site.port == visitor.port
    names = {one["api_name"] for one in config_of(sites.own.visitor())["dependencies"]}
    tries.control("the owner's page has them", names >= _OWNERS)
    return tries.outcome("events of the owner, by number and name")


def private_names(sites: Sites) -> Outcome:
    """The page's own events cannot be called by their names"""
    tries = Tries()
    visitor = sites.public.visitor()
    names = [one["api_name"] for one in config_of(visitor)["dependencies"]]
    public = {"ask", "search", "search_report", "facets", "read"}
    for number, name in enumerate(name for name in names if name not in public):
        visitor = sites.public.visitor() if number % 10 == 0 else visitor
        for route in ("call", "call/v2", "run", "api"):
            told = visitor.post(f"{API}/{route}/{name}", {"data": ["x", None], "question": "x"})
            tries.refused(f"/{route}/{name}", told)
    tries.control("public ones can be", "complete" in call(visitor, "ask", question=QUESTION).text)
    plain = sites.plain.visitor().post(f"{API}/call/hidden", {"data": ["x"]})
    tries.control("Gradio itself lets private ones be called", plain.status == 200, plain.status)
    return tries.outcome("private events by name: /call, /call/v2, /run, /api")


def event_numbers(sites: Sites) -> Outcome:
    """No number of an event does harm, whatever is sent with it"""
    tries = Tries()
    for number in (*range(-2, 45), 10**9, "0", None, 1.5, [], {"a": 1}, True):
        visitor, whose = sites.public.visitor(), session()
        told = join(visitor, number, [{"a": [None]}, "x", ["/etc/passwd"]], whose)
        said = stream(visitor, whose, 3) if told.status == 200 else ""
        tries.expect(f"event {number!r}", "Published" not in said, told.status)
    visitor = sites.public.visitor()
    event = event_of(visitor, "_ask")
    for data in (None, "x", {}, [], ["a" * 60_000, None], [[[[[]]]]], [1e308, None], ["\ud800", None]):  # fmt: skip
        told = visitor.post(f"{API}/queue/join", {"fn_index": event, "data": data, "session_hash": session()})  # fmt: skip
        tries.expect(f"data {str(data)[:20]!r}", told.status in (200, 400, 422, 500), told.status)
    for more in ({"batched": True}, {"event_data": {"_data": "x"}}, {"trigger_id": -1}, {"simple_format": True}, {"event_id": "x"}, {"request": {}}, {"rendered_in": 1}):  # fmt: skip
        body = {"fn_index": event, "data": [QUESTION, None], "session_hash": session(), **more}
        told = sites.public.visitor().post(f"{API}/queue/join", body)
        tries.expect(str(more), told.status in (200, 400, 422, 500), told.status)
    for body in (b"[" * 50_000, b"{", b"", b"\x00" * 99, b'{"data":' + b"[" * 30_000, b'{"fn_index":1e999}'):  # fmt: skip
        told = visitor.post(f"{API}/queue/join", body, {"Content-Type": "application/json"})
        tries.expect(str(body[:9]), told.status in (400, 422, 500), told.status)
    return tries.outcome("numbers, data and fields of /queue/join")


def other_peoples_talk(sites: Sites) -> Outcome:
    """Nobody is told another's session, and without it nothing of a conversation can be had"""
    tries = Tries()
    victim, thief, whose = sites.public.visitor(), sites.public.visitor(), session()
    mine = re.search(r'"event_id":"(\w+)"', ask(victim, f"{QUESTION} zorblaxtalk", whose))
    assert mine
    exported = _exported(victim, whose)
    tries.control("with the session the conversation can be had", "zorblaxtalk" in exported)
    guesses = ("", "null", "undefined", "0", whose[:-1], whose.upper(), f"{whose} ", "*", "%", "../", "' OR 1=1 --")  # fmt: skip
    for guess in guesses:
        tries.expect(f"session {guess!r}", "zorblaxtalk" not in _exported(thief, guess), "empty")
        told = thief.ask("GET", f"{API}/queue/data?session_hash={guess.replace(' ', '%20')}", seconds=0.3)  # fmt: skip
        tries.expect(f"/queue/data of {guess!r}", b"zorblaxtalk" not in told.body, "nothing")
    thief = sites.public.visitor()
    for path in ("/config", f"{API}/info", f"{API}/queue/status", "/monitoring/summary", f"{API}/app_id", f"{API}/queue/data", "/"):  # fmt: skip
        body = thief.get(path).body
        tries.expect(path, whose.encode() not in body and mine[1].encode() not in body, "not told")
    for event in (mine[1], "x", "*", ""):
        told = thief.ask("GET", f"{API}/call/ask/{event}", seconds=1)
        tries.expect(f"/call/ask/{event}", b"zorblaxtalk" not in told.body, "nothing")
    return tries.outcome("guessed sessions and events; whether they are told anywhere")


def cancelling_others(sites: Sites) -> Outcome:
    """Nobody's answer is cancelled by who does not know the session"""
    tries = Tries()
    victim, thief, whose = sites.public.visitor(), sites.public.visitor(), session()
    event = event_of(victim, "_ask")
    join(victim, event, [QUESTION, None], whose)
    for guess in ("", "x", whose[:-1], "*", None, [], {}):
        for which in ("", "x", None):
            body = {"session_hash": guess, "fn_index": event, "event_id": which}
            told = thief.post(f"{API}/cancel", body)
            tries.expect(f"cancel {guess!r}", told.status in (200, 400, 404, 422, 500), told.status)
        thief.post(f"{API}/reset", {"event_id": guess})
    done = stream(victim, whose)
    tries.expect("the victim's answer", '"success":true' in done and "cranes" in done, "answered")
    return tries.outcome("cancel and reset with guessed sessions")


def state_from_outside(sites: Sites) -> Outcome:
    """The server's state of a conversation cannot be sent by the page"""
    tries = Tries()
    for state in ({"turns": [{"question": "zorblaxstate"}]}, ["zorblaxstate"], "zorblaxstate", {"__class__": "x"}, {"__type__": "update", "value": "zorblaxstate"}):  # fmt: skip
        visitor, whose = sites.public.visitor(), session()
        join(visitor, event_of(visitor, "_ask"), [QUESTION, state], whose)
        told = stream(visitor, whose) + _exported(visitor, whose)
        tries.expect(str(state), "zorblaxstate" not in told and "cranes" in told, "not taken")
    return tries.outcome("a state sent in place of the server's")


def _exported(visitor: Visitor, whose: str) -> str:
    """Return the conversation of a session as Markdown, as the page's button has it."""
    told = join(visitor, event_of(visitor, "_export"), [None], whose)
    path = f"{API}/queue/data?session_hash={whose}".replace(" ", "%20")
    return visitor.ask("GET", path, seconds=1).text if told.status == 200 else told.text


def signed_in_or_not(sites: Sites, name: str) -> Visitor:
    """Return a visitor of a site who may read there."""
    from tests.security.sign_in import sign_in

    return sign_in(sites.locked) if name == "locked" else getattr(sites, name).visitor()


def talk_of_the_signed_in(sites: Sites) -> Outcome:
    """Who has signed in sees no other's conversation either"""
    tries = Tries()
    victim, thief = (signed_in_or_not(sites, "locked") for _ in range(2))
    whose = session()
    tries.control("the victim is answered", "cranes" in ask(victim, f"{QUESTION} zorblaxtalk", whose))  # fmt: skip
    for guess in ("", "x", whose[:-1]):
        tries.expect(f"session {guess!r}", "zorblaxtalk" not in _exported(thief, guess), "empty")
    stranger = sites.locked.visitor()
    for path in (f"{API}/queue/data?session_hash={whose}", f"{API}/heartbeat/{whose}"):
        tries.expect(path, stranger.get(path).status == 401, "401")
    body = json.dumps({"data": [None], "session_hash": whose}).encode()
    tries.expect(
        "without a password", stranger.post(f"{API}/queue/join", body).status == 401, "401"
    )
    return tries.outcome("sessions on the server with passwords")


TRICKS = (
    *(rights_of_visitors, private_names, event_numbers, other_peoples_talk),
    *(cancelling_others, state_from_outside, talk_of_the_signed_in),
)
