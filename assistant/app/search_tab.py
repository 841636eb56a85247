"""The tab with search and its filters."""

from typing import Any

import gradio as gr

from assistant.app.handlers import FACETS, facet_choices, find, has_dates, query_language
from assistant.app.notice import remark_html
from assistant.app.part import html_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader, text
from assistant.app.results import results_html
from assistant.app.texts import say
from assistant.assistant import Assistant
from index.finding.filters import words_of
from index.finding.hit import Mode

BOXES = ("phrase", "without", "after", "before")
DATES = BOXES[2:]
_PLACEHOLDERS = {
    "without": "filter_without_placeholder",
    **dict.fromkeys(DATES, "filter_date_placeholder"),
}
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
        inputs = [self.query, self.count, self.mode, *self.filters, *self.boxes]
        searching = [self.query.submit, self.go.click, self.mode.change, self.count.release]
        chosen = [control.change for control in self.filters]
        typed = [event for box in self.boxes for event in (box.submit, box.blur)]
        gr.on(  # one event for all: what is found for older values never comes last
            [*searching, *chosen, *typed],
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
        with gr.Accordion(text("more_filters"), open=False, elem_id="more-filters"):
            self.boxes = [self._box(field) for field in BOXES]
        self.mode = gr.Radio(
            [(text(f"mode_{mode.value}"), mode.value) for mode in Mode],
            value=Mode.HYBRID.value,
            label=text("mode"),
            elem_id="mode",
        )
        self.count = gr.Slider(1, MOST, 10, step=1, label=text("count"), elem_id="count")

    def _box(self, field: str) -> Any:
        return gr.Textbox(
            label=text(f"filter_{field}"),
            placeholder=text(_PLACEHOLDERS[field]) if field in _PLACEHOLDERS else None,
            max_lines=1,
            elem_id=f"filter-{field}",
        )

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        return [remark_html(say("results_empty", language)), *self.choices(language)]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.results, *self.choosers]

    @property
    def choosers(self) -> list[Any]:
        """The components that `choices` fills."""
        return [*self.filters, *self.boxes[-len(DATES) :]]

    def choices(self, language: str) -> list[Any]:
        """Return the filters with the values that notes now have, in the order of `choosers`.

        A filter without values is not shown, nor are dates where no note has one.
        """
        found = facet_choices(self.assistant, language)
        choices = {} if isinstance(found, Problem) else found
        is_dated = has_dates(self.assistant) is True
        return [
            *(self._chooser(choices.get(field, [])) for field in FACETS),
            *(gr.Textbox(visible=is_dated) for _ in DATES),
        ]

    def _chooser(self, choices: list[tuple[str, str]]) -> Any:
        return gr.Dropdown(choices=choices, visible=bool(choices))

    def _search(self, request: gr.Request, query: str, count: int, mode: str, *given: Any) -> str:
        chosen = dict(zip(FACETS, given, strict=False))
        typed = dict(zip(BOXES, given[len(FACETS) :], strict=True))
        chosen |= {name: [value] for name, value in typed.items() if value}
        chosen["without"] = words_of(typed["without"] or "")
        reader = language_of_reader(request)
        found = find(self.assistant, query, count, mode, chosen)
        if found is None:
            return remark_html(say("results_empty", reader))
        return results_html(found, query_language(query, reader))
