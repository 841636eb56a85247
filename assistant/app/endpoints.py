"""The functions that programs call over HTTP: JSON in, JSON out, as the commands print it."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.app.handlers import ask, find
from assistant.app.problem import Problem
from assistant.app.texts import say
from assistant.assistant import Assistant
from assistant.json_forms import answer_json, hit_json


def add_endpoints(assistant: Assistant) -> None:
    """Add `ask` and `search` to the Blocks that is being built."""
    gr.api(_asking(assistant), api_name="ask")
    gr.api(_searching(assistant), api_name="search")


def _asking(assistant: Assistant) -> Callable[[str], dict[str, Any]]:
    def answer_question(question: str) -> dict[str, Any]:
        """Answer a question with quotes from the notes: answered, answer, citations, sources."""
        answer: dict[str, Any] = _for_clients(answer_json(_checked(ask(assistant, question))))
        return answer

    return answer_question


def _searching(assistant: Assistant) -> Callable[[str, int, str], list[dict[str, Any]]]:
    def search_notes(query: str, k: int = 10, mode: str = "hybrid") -> list[dict[str, Any]]:
        """Find notes by words and filters; mode is hybrid, dense or terms."""
        found = _checked(find(assistant, query, k, mode, {}))
        return [_for_clients(hit_json(hit)) for hit in found.hits] if found else []

    return search_notes


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
