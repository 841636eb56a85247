"""The tab with search and its filters."""

from typing import Any

import gradio as gr

from assistant.app.handlers import FACETS, facet_choices, find, query_language
from assistant.app.notice import remark_html
from assistant.app.part import html_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader, text
from assistant.app.results import results_html
from assistant.app.texts import say
from assistant.assistant import Assistant
from index.hit import Mode

MOST = 50
"""Notes that a page asks for at most."""


class SearchTab:
    """A box for the query, filters, and what is found."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        with gr.Column(elem_id="search"):
            with gr.Row(elem_id="query-row"):
                self.query = gr.Textbox(
                    label=text("query"),
                    placeholder=text("query_placeholder"),
                    show_label=False,
                    container=False,
                    max_lines=1,
                    elem_id="query",
                )
                self.go = gr.Button(text("search"), variant="primary", elem_id="go")
            with gr.Accordion(text("filters"), open=True, elem_id="filters"):
                self._controls()
            self.results = html_part("results")
        inputs = [self.query, self.count, self.mode, *self.filters]
        searching = [self.query.submit, self.go.click, self.mode.change, self.count.release]
        for event in (*searching, *(control.change for control in self.filters)):
            event(
                self._search,
                inputs,
                self.results,
                show_progress="hidden",
                trigger_mode="always_last",
                api_visibility="private",
            )

    def _controls(self) -> None:
        self.filters = [
            gr.Dropdown(
                choices=[],
                multiselect=True,
                label=text(f"filter_{field}"),
                elem_id=f"filter-{field}",
            )
            for field in FACETS
        ]
        self.mode = gr.Radio(
            [(text(f"mode_{mode.value}"), mode.value) for mode in Mode],
            value=Mode.HYBRID.value,
            label=text("mode"),
            elem_id="mode",
        )
        self.count = gr.Slider(1, MOST, 10, step=1, label=text("count"), elem_id="count")

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        return [remark_html(say("results_empty", language)), *self.choices(language)]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.results, *self.filters]

    def choices(self, language: str) -> list[Any]:
        """Return the filters with the values that notes now have."""
        found = facet_choices(self.assistant, language)
        choices = {} if isinstance(found, Problem) else found
        return [gr.Dropdown(choices=choices.get(field, [])) for field in FACETS]

    def _search(
        self,
        query: str,
        count: int,
        mode: str,
        types: list[str],
        sources: list[str],
        kinds: list[str],
        languages: list[str],
        request: gr.Request,
    ) -> str:
        chosen = dict(zip(FACETS, (types, sources, kinds, languages), strict=True))
        reader = language_of_reader(request)
        found = find(self.assistant, query, count, mode, chosen)
        if found is None:
            return remark_html(say("results_empty", reader))
        return results_html(found, query_language(query, reader))
