"""The functions that programs call over HTTP: JSON in, JSON out, as the commands print it.

A function's `__name__` is its name as a tool of Gradio's MCP server; one that has another
`_mcp_type` than "tool" is none.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from assistant import tools
from assistant.asked import encodable
from assistant.assistant import Assistant
from assistant.tools import FILTERS
from corpus.errors import NotesError

Several = list[str] | str | None
"""The values of a filter: one of them must fit."""

LONGEST = 200_000
"""Characters of a file that one call reads."""


def add_endpoints(assistant: Assistant) -> None:
    """Add `ask`, `search`, `search_report`, `facets` and `read` to the Blocks being built."""
    gr.api(_asking(assistant), api_name="ask")
    gr.api(_searching(assistant), api_name="search")
    gr.api(_reporting(assistant), api_name="search_report")
    gr.api(_counting(assistant), api_name="facets")
    gr.api(_reading(assistant), api_name="read")


def _asking(assistant: Assistant) -> Callable[[str], dict[str, Any]]:
    def ask_notes(question: str) -> dict[str, Any]:
        """Answer a question with quotes from the notes: answered, answer, citations, sources."""
        return _told(partial(assistant.call, tools.ask_notes, question))

    return ask_notes


def _searching(assistant: Assistant) -> Callable[..., list[dict[str, Any]]]:
    def search_notes(
        query: str,
        k: int = 10,
        mode: str = "hybrid",
        type: Several = None,
        source: Several = None,
        kind: Several = None,
        lang: Several = None,
        tag: Several = None,
        path: Several = None,
        after: str | None = None,
        before: str | None = None,
        phrase: Several = None,
        without: Several = None,
    ) -> list[dict[str, Any]]:
        """Find notes by words and filters; mode is hybrid, dense or terms."""
        filters = _filters(type, source, kind, lang, tag, path, after, before, phrase, without)
        report = _told(partial(assistant.call, tools.search_notes, query, k, mode, filters))
        hits: list[dict[str, Any]] = report["hits"]
        return hits

    return search_notes


def _reporting(assistant: Assistant) -> Callable[..., dict[str, Any]]:
    def report_search(
        query: str,
        k: int = 10,
        mode: str = "hybrid",
        type: Several = None,
        source: Several = None,
        kind: Several = None,
        lang: Several = None,
        tag: Several = None,
        path: Several = None,
        after: str | None = None,
        before: str | None = None,
        phrase: Several = None,
        without: Several = None,
    ) -> dict[str, Any]:
        """Find notes and tell how the query was taken: hits, words, problems, notices."""
        filters = _filters(type, source, kind, lang, tag, path, after, before, phrase, without)
        return _told(partial(assistant.call, tools.search_notes, query, k, mode, filters))

    setattr(report_search, "_mcp_type", "endpoint")  # noqa: B010 - functions have no such field
    return report_search


def _counting(assistant: Assistant) -> Callable[..., dict[str, dict[str, int]]]:
    def list_facets(
        query: str = "",
        type: Several = None,
        source: Several = None,
        kind: Several = None,
        lang: Several = None,
        tag: Several = None,
        path: Several = None,
        after: str | None = None,
        before: str | None = None,
        phrase: Several = None,
        without: Several = None,
    ) -> dict[str, dict[str, int]]:
        """Count the notes of each type, source, kind, language, tag, folder and year.

        The filters narrow what is counted (but not the values of their own field); words do not.
        """
        filters = _filters(type, source, kind, lang, tag, path, after, before, phrase, without)
        return _told(partial(assistant.call, tools.list_facets, query, filters))

    return list_facets


def _reading(assistant: Assistant) -> Callable[..., dict[str, Any]]:
    def read_note(
        note: str = "", file: str = "", lines: list[int] | None = None, vault: str = ""
    ) -> dict[str, Any]:
        """Read a note by its id, or lines [first, last] of a file, as the file is now."""
        return _told(partial(assistant.call, tools.open_note, note, file, lines, vault, LONGEST))

    return read_note


def _filters(*values: Several) -> dict[str, Several]:
    return dict(zip(FILTERS, values, strict=True))


def _told(action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Let Gradio's clients know what the user can mend."""
    try:
        return action()
    except NotesError as error:
        said = encodable(f"{error.message} {error.hint}".strip())
        raise gr.Error(said, print_exception=False) from error
