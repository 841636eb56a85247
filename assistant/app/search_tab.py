"""The tab with search and its filters."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.app.found_html import found_html
from assistant.app.handlers import count_values
from assistant.app.notice import notice_html
from assistant.app.part import scripted_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader
from assistant.app.search_form import form_html
from assistant.assistant import Assistant


class SearchTab:
    """A box for the query, filters, and what is found while it is typed; see search_tab.js."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

        def search(form: dict[str, Any], request: gr.Request) -> dict[str, str]:
            return assistant.call(found_html, form, language_of_reader(request))

        script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
        self.form = scripted_part("search-page", "", script, search)

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        counts = count_values(self.assistant, "", {})
        if isinstance(counts, Problem):
            return [notice_html(counts, language)]
        return [self.assistant.as_of.get(f"form {language}", lambda: form_html(counts, language))]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.form]
