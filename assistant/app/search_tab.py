"""The tab with search and its filters."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.app.facets_html import FIELDS, facets_html
from assistant.app.handlers import count_values, find, query_language
from assistant.app.notice import notice_html, remark_html
from assistant.app.part import scripted_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader
from assistant.app.results import results_html
from assistant.app.search_form import form_html, wanted_of
from assistant.app.texts import say
from assistant.assistant import Assistant
from index.finding.facets import Facets
from index.finding.search import Found


class SearchTab:
    """A box for the query, filters, and what is found while it is typed; see search_tab.js."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

        def search(form: dict[str, Any], request: gr.Request) -> dict[str, str]:
            return found_html(assistant, form, language_of_reader(request))

        script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
        self.form = scripted_part("search-page", "", script, search)

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        counts = count_values(self.assistant, "", {})
        if isinstance(counts, Problem):
            return [notice_html(counts, language)]
        return [
            self.assistant.as_of.get(f"form {language}", lambda: form_html(counts, language))
        ]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.form]


def found_html(assistant: Assistant, form: Mapping[str, Any], reader: str) -> dict[str, str]:
    """Return the `results` of what the search form asks for, and its `facets` as they now count.

    `facets` is "" where the form says that they are as they were; what answers is marked if it says
    `lit`.
    """
    wanted = wanted_of(form)
    lit = bool(form.get("lit"))
    asked = (wanted.words, wanted.count, wanted.mode, wanted.fields, wanted.order)
    found = find(assistant, *asked, lit)
    counts: Facets = {}
    if form.get("facets") or _is_listed(found):
        counted = count_values(assistant, wanted.words, wanted.fields)
        counts = {} if isinstance(counted, Problem) else counted
    if found is None:
        results = remark_html(say("results_empty", reader))
    else:
        total = sum(counts["kind"].values()) if counts and _is_listed(found) else 0
        results = results_html(found, query_language(wanted.words, reader), lit, total)
    chosen = {name: wanted.fields[name] for name in FIELDS}
    wants_facets = counts and form.get("facets")
    return {
        "results": results,
        "facets": facets_html(counts, chosen, reader) if wants_facets else "",
    }


def _is_listed(found: Found | Problem | None) -> bool:
    """Whether filters alone found the notes, and all that fit can be counted."""
    if not isinstance(found, Found):
        return False
    query = found.query
    return not query.words.strip() and "kind" not in {*query.wanted, *query.unwanted}
