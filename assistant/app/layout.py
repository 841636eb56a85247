"""The page: which parts it has and where they stand."""

from typing import Any

import gradio as gr

from assistant.app.ask_tab import AskTab
from assistant.app.endpoints import add_endpoints
from assistant.app.handlers import read_status
from assistant.app.library import masthead_html
from assistant.app.library_tab import LibraryTab
from assistant.app.map_tab import MapTab
from assistant.app.note_dialog import NoteDialog
from assistant.app.part import html_part
from assistant.app.reader import language_of_reader, text
from assistant.app.rights import Rights
from assistant.app.search_tab import SearchTab
from assistant.assistant import Assistant


def build_app(assistant: Assistant, rights: Rights) -> gr.Blocks:
    """Return the page over one index. It looks right only with serve's launch options."""
    with gr.Blocks(title="Notes", analytics_enabled=False, fill_width=True) as app:
        masthead = html_part("masthead")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(text("tab_ask"), id="ask", elem_id="tab-ask"):
                asking = AskTab(assistant)
            with gr.Tab(
                text("tab_search"), id="search", elem_id="tab-search", render_children=True
            ):
                searching = SearchTab(assistant)
            with gr.Tab(text("tab_map"), id="map", elem_id="tab-map", render_children=True):
                mapping = MapTab(assistant)
            with gr.Tab(
                text("tab_library"), id="library", elem_id="tab-library", render_children=True
            ):
                library = LibraryTab(assistant, rights)
        NoteDialog(assistant, rights)
        tabs = (asking, searching, mapping, library)

        def fresh(request: gr.Request) -> list[Any]:
            language = language_of_reader(request)
            parts = [masthead_html(read_status(assistant), language)]
            return [*parts, *(part for tab in tabs for part in tab.fresh(language))]

        def refreshed(request: gr.Request) -> list[Any]:
            language = language_of_reader(request)
            head = masthead_html(read_status(assistant), language)
            return [head, *library.fresh(language)]

        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        app.load(fresh, None, [masthead, *(p for tab in tabs for p in tab.fresh_parts)], **quiet)
        for change in library.changed:
            change.then(refreshed, None, [masthead, *library.fresh_parts], **quiet).then(
                None, None, None, js=_CHANGED
            )
        add_endpoints(assistant)
    return app


_CHANGED = "() => { document.dispatchEvent(new Event('notes-changed')); }"


def openings(app: gr.Blocks) -> frozenset[int]:
    """Return the numbers of the events by which a page fills itself when it is opened."""
    return frozenset(
        number
        for number, event in app.fns.items()
        if any(kind == "load" for _, kind in event.targets)
    )
