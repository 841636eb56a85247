"""MCP's tools over HTTP: who may call them, with what."""

import json

from tests.security.outcome import Outcome, Tries
from tests.security.page import API
from tests.security.sign_in import basic
from tests.security.sites import NAME, PASSWORD, Sites
from tests.security.vault import MARK, OUTSIDE, SAID
from tests.security.wire import Reply, Visitor

NAMES = {"search_notes", "ask_notes", "read_note", "list_facets"}
_ACCEPT = {"Accept": "application/json, text/event-stream"}
_PLACES = (f"../{OUTSIDE}.md", "/etc/passwd", f"{MARK}-a.md", "linked.md", "~/.ssh/id_rsa", "file:///etc/passwd")  # fmt: skip


def rpc(visitor: Visitor, method: str, **given: object) -> Reply:
    """Call a method of JSON-RPC."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given}
    return visitor.ask("POST", f"{API}/mcp/", body, _ACCEPT, 10)


def tool(visitor: Visitor, name: str, **given: object) -> Reply:
    """Call a tool."""
    return rpc(visitor, "tools/call", name=name, arguments=given)


def without_a_password(sites: Sites) -> Outcome:
    """Without a password there is no MCP"""
    tries = Tries()
    for path in ("/mcp", "/mcp/", "/mcp/http", "/mcp/sse", "/mcp/messages/", "/mcp/schema"):
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            told = sites.locked.visitor().ask(method, f"{API}{path}", {}, _ACCEPT, 2)
            tries.expect(f"{method} {path}", told.status == 401, told.status)
    token = sites.locked.visitor(Authorization=f"Bearer {PASSWORD}")
    tries.expect("a bearer token", rpc(token, "tools/list").status == 401, "401")
    inside = rpc(sites.locked.visitor(Authorization=basic(NAME, PASSWORD)), "tools/list")
    tries.control("with it tools are listed", "search_notes" in inside.text, inside.text[:200])
    return tries.outcome("requests to MCP's paths")


def only_four_tools(sites: Sites) -> Outcome:
    """There are four tools that read, and nothing else of the protocol or of Gradio's page"""
    tries = Tries()
    visitor = sites.public.visitor()
    told = rpc(visitor, "tools/list").text
    data = next((line[6:] for line in told.splitlines() if line.startswith("data: ")), told)
    names = {one["name"] for one in json.loads(data)["result"]["tools"]}
    tries.expect(f"tools {names}", names == NAMES, f"{len(names)} tools")
    for method in ("resources/list", "resources/templates/list", "prompts/list", "logging/setLevel", "completion/complete", "sampling/createMessage", "roots/list", "elicitation/create", "x", "__class__"):  # fmt: skip
        text = rpc(visitor, method).text
        tries.expect(f"{method}: {text[:60]}", '"error"' in text or not text, "no such method")
    for uri in ("file:///etc/passwd", f"file://{sites.vault}/rows.md", "ui://x"):
        text = rpc(visitor, "resources/read", uri=uri).text
        tries.expect(f"resource {uri}", '"error"' in text or not text, "no such method")
    for name in ("_ask", "_update", "_add", "fresh", "__class__", "", "search", "upload_file_to_gradio"):  # fmt: skip
        text = tool(visitor, name, question="harbour").text
        tries.expect(f"tool {name}: {text[:80]}", '"isError":true' in text or '"error"' in text, "no such tool")  # fmt: skip
    return tries.outcome("methods and tools that there are not")


def hostile_calls(sites: Sites) -> Outcome:
    """Hostile arguments of tools are told to be wrong"""
    tries = Tries()
    for name, given in (
        *(("read_note", {"file": place}) for place in _PLACES),
        *(("read_note", {"file": "rows.md", "lines": lines}) for lines in ([0, 1], [10**12, 10**13], ["a", "b"], [1], {}, "1-9")),
        *(("read_note", {"note": key}) for key in ("' OR 1=1 --", "*", "x" * 50_000, 5, None, ["a"])),
        *(("search_notes", given) for given in ({"query": "x" * 501}, {"query": "x", "k": 10**6}, {"query": "x", "k": -1}, {"query": {"a": 1}}, {"query": ["x"] * 999}, {"query": "x", "mode": "y"}, {"query": "x", "path": "../../*"}, {"__proto__": 1}, {"query": "x", "extra": 1})),
        *(("ask_notes", given) for given in ({"question": "x" * 501}, {"question": None}, {}, {"question": [[["x"]]]}, {"question": {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}})),
        *(("list_facets", given) for given in ({"type": {"a": 1}}, {"x": 1}, {"after": "9" * 9999})),
    ):  # fmt: skip
        visitor = sites.public.visitor()
        told = tool(visitor, name, **given)
        text = told.text
        is_told = (
            '"isError":true' in text or '"error"' in text or "hits" in text or told.status == 413
        )
        tries.expect(f"{name} {str(given)[:60]}: {told.status} {text[:60]}", is_told, "told")
    for place in (SAID, "What opens the amber lockbox?"):
        text = tool(sites.public.visitor(), "search_notes", query=place).text + tool(sites.public.visitor(), "ask_notes", question=place).text  # fmt: skip
        tries.expect(place, MARK not in text, "nothing private")
    own = tool(sites.own.visitor(), "search_notes", query=SAID).text
    tries.control("the owner's tool finds it", MARK in own, own[:200])
    return tries.outcome("arguments of tools")


def odd_messages(sites: Sites) -> Outcome:
    """Messages that are no MCP are refused, and many in one are not a way round the limits"""
    tries = Tries()
    one = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    visitor = sites.public.visitor()
    bodies: tuple[object, ...] = ([one] * 50, [], {}, 5, "x", {**one, "jsonrpc": "1.0"}, {**one, "id": {"a": 1}}, {"jsonrpc": "2.0", "method": 5}, [[one]])  # fmt: skip
    for body in bodies:
        told = visitor.ask("POST", f"{API}/mcp/", body, _ACCEPT, 3)
        tries.expect(f"{str(body)[:40]}", told.status >= 400 or told.text.count('"tools"') <= 1, told.status)  # fmt: skip
    for headers in ({"Mcp-Session-Id": "x" * 9000}, {"Mcp-Session-Id": "../x"}, {"Mcp-Protocol-Version": "x"}, {"Accept": "*/*"}, {"Accept": "x"}, {"Content-Type": "text/plain"}, {"Last-Event-Id": "1"}):  # fmt: skip
        told = visitor.ask("POST", f"{API}/mcp/", one, {**_ACCEPT, **headers}, 3)
        tries.expect(str(headers)[:40], told.status in (200, 400, 404, 406, 415), told.status)
    for method in ("GET", "DELETE", "PUT"):
        told = visitor.ask(method, f"{API}/mcp/", b"", {**_ACCEPT, "Mcp-Session-Id": "a"}, 1)
        tries.expect(method, told.status in (0, 200, 400, 404, 405, 406), told.status)
    return tries.outcome("messages and headers")


def questions_by_tool(sites: Sites) -> Outcome:
    """ask_notes counts as a question"""
    tries = Tries()
    visitor = sites.public.visitor()
    statuses = [tool(visitor, "ask_notes", question="x").status for _ in range(33)]
    if statuses[-1] != 429:
        tries.known.append("over MCP one may ask as often as search: 240 times a minute")
    tries.expect("33 questions", True, f"the last one {statuses[-1]}")
    return tries.outcome("round of 33 questions over MCP")


TRICKS = (without_a_password, only_four_tools, hostile_calls, odd_messages, questions_by_tool)
