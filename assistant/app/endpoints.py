"""The functions that programs call over HTTP: JSON in, JSON out, as the commands print it."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from assistant.app.handlers import ask, count_values, find
from assistant.app.problem import Problem
from assistant.app.texts import say
from assistant.assistant import Assistant
from assistant.json_forms import answer_json, hit_json
from assistant.remarks import notices_of, problems_of
from corpus.language import language_of
from index.finding.search import Found

Several = list[str] | str | None
"""The values of a filter: one of them must fit."""


def add_endpoints(assistant: Assistant) -> None:
    """Add `ask`, `search`, `search_report` and `facets` to the Blocks that is being built."""
    gr.api(_asking(assistant), api_name="ask")
    gr.api(_searching(assistant), api_name="search")
    gr.api(_reporting(assistant), api_name="search_report")
    gr.api(_counting(assistant), api_name="facets")


def _asking(assistant: Assistant) -> Callable[[str], dict[str, Any]]:
    def answer_question(question: str) -> dict[str, Any]:
        """Answer a question with quotes from the notes: answered, answer, citations, sources."""
        answer: dict[str, Any] = _for_clients(
            answer_json(_checked(ask(assistant, _text(question))))
        )
        return answer

    return answer_question


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
        fields = _fields(type, source, kind, lang, tag, path, after, before, phrase, without)
        return _hits(_checked(find(assistant, _text(query), k, mode, fields)))

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
        fields = _fields(type, source, kind, lang, tag, path, after, before, phrase, without)
        found: Found | None = _checked(find(assistant, _text(query), k, mode, fields))
        if found is None:
            return {"hits": [], "words": "", "problems": [], "notices": []}
        language = language_of(_text(query))
        return {
            "hits": _hits(found),
            "words": found.query.words,
            "problems": problems_of(found.query, language),
            "notices": notices_of(found.query, language),
        }

    return report_search


def _counting(assistant: Assistant) -> Callable[..., dict[str, dict[str, int]]]:
    def count_facets(
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
        fields = _fields(type, source, kind, lang, tag, path, after, before, phrase, without)
        counts: dict[str, dict[str, int]] = _checked(count_values(assistant, _text(query), fields))
        return counts

    return count_facets


def _fields(*values: Several) -> dict[str, Sequence[str]]:
    names = (
        *("type", "source", "kind", "lang", "tag", "path"),
        *("after", "before", "phrase", "without"),
    )
    return {
        name: [str(item) for item in value] if isinstance(value, list) else _one(value)
        for name, value in zip(names, values, strict=True)
    }


def _text(value: object) -> str:
    """A program may leave out the words, or search for a number."""
    return "" if value is None else str(value)


def _one(value: object) -> list[str]:
    """A program may give a year as a number."""
    return [] if value is None else [str(value)]


def _hits(found: Found | None) -> list[dict[str, Any]]:
    return [_for_clients(hit_json(hit)) for hit in found.hits] if found else []


def _for_clients(value: Any) -> Any:
    """Call a note's `path` its `file`: Gradio's clients download whatever has a "path"."""
    if isinstance(value, dict):
        return {("file" if key == "path" else key): _for_clients(v) for key, v in value.items()}
    return [_for_clients(item) for item in value] if isinstance(value, list) else value


def _checked(outcome: Any) -> Any:
    if isinstance(outcome, Problem):
        said = f"{outcome.message} {outcome.hint}" if outcome.message else say("bug", "en")
        raise gr.Error(said.strip(), print_exception=False)
    return outcome
