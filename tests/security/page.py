"""Gradio's protocol, spoken by hand: what a page of it would send, and what no page would."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from tests.security.wire import Reply, Visitor

API = "/gradio_api"


def session() -> str:
    """Return a session's hash as the page makes one."""
    return secrets.token_hex(6)


def config_of(visitor: Visitor) -> dict[str, Any]:
    """Return the page's components and events."""
    config: dict[str, Any] = json.loads(visitor.get("/config").body)
    return config


def event_of(visitor: Visitor, name: str) -> int:
    """Return the number of the event called `name`."""
    found = [one["id"] for one in config_of(visitor)["dependencies"] if one["api_name"] == name]
    return int(found[0])


def part_of(visitor: Visitor, elem_id: str) -> int:
    """Return the number of a component of the page."""
    parts = config_of(visitor)["components"]
    return next(int(one["id"]) for one in parts if one["props"].get("elem_id") == elem_id)


def join(visitor: Visitor, event: object, data: Sequence[object], whose: object) -> Reply:
    """Queue an event of the page."""
    return visitor.post(
        f"{API}/queue/join", {"fn_index": event, "data": data, "session_hash": whose}
    )


def stream(visitor: Visitor, whose: str, seconds: float = 20.0) -> str:
    """Return what the server tells a session."""
    return visitor.ask("GET", f"{API}/queue/data?session_hash={whose}", seconds=seconds).text


def ask(visitor: Visitor, question: str, whose: str) -> str:
    """Ask as the page does, and return all that came."""
    joined = join(visitor, event_of(visitor, "_ask"), [question, None], whose)
    return stream(visitor, whose) if joined.status == 200 else joined.text


def call(visitor: Visitor, name: str, seconds: float = 20.0, **data: object) -> Reply:
    """Call an endpoint as programs do; the reply is the event's end, or why it did not begin."""
    begun = visitor.post(f"{API}/call/v2/{name}", data)
    if begun.status != 200:
        return begun
    path = f"{API}/call/v2/{name}/{json.loads(begun.body)['event_id']}"
    return visitor.ask("GET", path, seconds=seconds)


def server_call(
    visitor: Visitor, part: object, name: object, data: object, whose: object = None
) -> Reply:
    """Call a function of a component."""
    body = {
        "component_id": part,
        "fn_name": name,
        "data": data,
        "session_hash": whose or session(),
    }
    return visitor.post(f"{API}/component_server", body)
