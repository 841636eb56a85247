"""The notes as an MCP server's tools: each call is checked, run in a thread, cut and told."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from mcp import types
from mcp.server.lowlevel import Server

from assistant import tools
from assistant.app.texts import say
from assistant.asked import encodable
from assistant.assistant import Assistant
from assistant.for_models import (
    HITS,
    READ,
    answer_for_models,
    facets_for_models,
    note_for_models,
    search_for_models,
)
from assistant.json_forms import Json
from assistant.mcp_tools import INSTRUCTIONS, TOOLS
from assistant.tools import FILTERS
from assistant.version import program_version
from corpus.errors import NotesError
from index.finding.hit import Mode
from index.finding.order import Order

Arguments = Mapping[str, Any]
Opener = Callable[[], Assistant]
"""Gives the assistant, or raises NotesError."""

_AT_ONCE = 4
_MOST_SAID = 300
"""Characters of what is wrong with arguments: it repeats them."""

_log = logging.getLogger(__name__)


def offer_tools(server: "Server[Any, Any]", opened: Opener) -> None:
    """Make the four tools those of `server`, and no others."""
    server.name, server.version = "notes", program_version()
    server.instructions = INSTRUCTIONS
    limiter = CapacityLimiter(_AT_ONCE)

    @server.list_tools()  # type: ignore[no-untyped-call, untyped-decorator]
    async def list_tools() -> list[types.Tool]:
        return list(TOOLS)

    # its own validation repeats what was sent, however long
    @server.call_tool(validate_input=False)  # type: ignore[untyped-decorator]
    async def call_tool(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        return await to_thread.run_sync(_outcome, opened, name, arguments, limiter=limiter)


def _outcome(opened: Opener, name: str, arguments: Arguments) -> types.CallToolResult:
    """Call a tool; what goes wrong is told."""
    try:
        return _result(_called(opened, name, arguments))
    except NotesError as error:
        said = f"{error.message} {error.hint}"
    except Exception:  # noqa: BLE001 - the border: whatever it is, the server lives on
        _log.exception("%s failed", name)
        said = say("bug", "en")
    text = types.TextContent(type="text", text=encodable(said.strip()))
    return types.CallToolResult(content=[text], isError=True)


def _called(opened: Opener, name: str, arguments: Arguments) -> Json:
    schemas = {tool.name: tool.inputSchema for tool in TOOLS}
    if name not in schemas:
        raise NotesError(f"There is no tool {_short(name)}.", f"Tools: {', '.join(schemas)}.")
    given = {key: value for key, value in arguments.items() if value is not None}
    if error := best_match(Draft202012Validator(schemas[name]).iter_errors(given)):
        place = "".join(f"{part}: " for part in error.absolute_path)
        raise NotesError(f"This does not fit the tool's schema: {place}{_short(error.message)}.")
    return opened().call(_CALLS[name], given)


def _search(assistant: Assistant, given: Arguments) -> Json:
    query, filters = given.get("query", ""), {name: given.get(name) for name in FILTERS}
    order = given.get("order", Order.BEST.value)
    if not query.strip() and not any(filters.values()) and order == Order.BEST:
        raise NotesError("There is nothing to search for.", "Give a query or a filter.")
    k = min(int(given.get("k", HITS)), assistant.bounds.notes)
    mode = given.get("mode", Mode.HYBRID.value)
    return search_for_models(
        tools.search_notes(assistant, query, k, mode, filters, order, lit=False)
    )


def _ask(assistant: Assistant, given: Arguments) -> Json:
    return answer_for_models(tools.ask_notes(assistant, given["question"]))


def _read(assistant: Assistant, given: Arguments) -> Json:
    lines = [int(line) for line in given["lines"]] if "lines" in given else None
    named = given.get("note", ""), given.get("file", ""), lines, given.get("vault", "")
    return note_for_models(tools.open_note(assistant, *named, READ))


def _facets(assistant: Assistant, given: Arguments) -> Json:
    return facets_for_models(tools.list_facets(assistant, "", given))


_CALLS: Mapping[str, Callable[[Assistant, Arguments], Json]] = {
    "search_notes": _search,
    "ask_notes": _ask,
    "read_note": _read,
    "list_facets": _facets,
}


def _result(value: Json) -> types.CallToolResult:
    """Give the JSON as it is, and as text for clients that know no structured content."""
    text = types.TextContent(type="text", text=json.dumps(value, ensure_ascii=False))
    return types.CallToolResult(content=[text], structuredContent=value)


def _short(said: str) -> str:
    half = _MOST_SAID // 2
    return said if len(said) <= _MOST_SAID else f"{said[:half]} … {said[-half:]}"
