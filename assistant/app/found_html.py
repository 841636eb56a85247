"""What the search page is shown of what its form asks for."""

from collections.abc import Mapping
from typing import Any

from assistant.app.facets_html import FIELDS, facets_html
from assistant.app.handlers import count_values, find, query_language
from assistant.app.notice import remark_html
from assistant.app.problem import Problem
from assistant.app.results import results_html
from assistant.app.search_form import wanted_of
from assistant.app.texts import say
from assistant.assistant import Assistant
from index.finding.facets import Facets
from index.finding.search import Found


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
