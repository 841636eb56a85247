"""The tab with the state of the index."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.adding.add import ACCEPTED
from assistant.app.adding import add_dropped, places_to_add
from assistant.app.handlers import count_values, read_status
from assistant.app.library import library_html
from assistant.app.part import html_part
from assistant.app.problem import Problem
from assistant.app.reader import language_of_reader, text
from assistant.app.rights import Rights
from assistant.app.texts import say
from assistant.app.work import Work
from assistant.app.work_html import work_html
from assistant.assistant import Assistant
from corpus.progress import OnProgress, Progress


class LibraryTab:
    """What the index holds, the button that brings it up to date, and where files are dropped.

    What the page's users may not do has no part here at all: an event that is only hidden can still
    be called.
    """

    def __init__(self, assistant: Assistant, rights: Rights) -> None:
        self.assistant, self.rights = assistant, rights
        self.changed: list[Any] = []
        with gr.Column(elem_id="library"):
            if rights.updates or rights.adds:
                self.work = gr.State(Work())
            if rights.updates:
                self._lay_out_update()
            if rights.updates or rights.adds:
                self.changes = html_part("changes")
            if rights.adds:
                self._lay_out_adding()
            self.contents = html_part("contents")
        if rights.updates:
            self.changed.append(self.update.click(self._update, self.work, self.changes, **_QUIET))
            self.cancel.click(Work.cancel, self.work, None, **_QUIET)
        if rights.adds:
            self.changed.append(
                self.drop.upload(
                    self._add,
                    [self.drop, self.vault, self.work],
                    [self.changes, self.drop],
                    trigger_mode="multiple",  # what is dropped meanwhile is told to wait, and not lost
                    **_QUIET,
                )
            )

    def _lay_out_update(self) -> None:
        with gr.Row(elem_id="update-row"):
            self.update = gr.Button(text("update"), variant="primary", elem_id="update")
            self.cancel = gr.Button(text("cancel"), elem_id="cancel")
            self.about = html_part("update-about")

    def _lay_out_adding(self) -> None:
        with gr.Column(elem_id="adding"):
            self.vault = gr.Dropdown(label=text("add_to"), elem_id="add-to", visible=False)
            self.drop = gr.File(
                label=text("add_files"),
                file_count="multiple",
                file_types=list(ACCEPTED),
                height=120,
                elem_id="drop",
            )

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        counts = count_values(self.assistant, "", {})
        status = read_status(self.assistant)
        shown = self.assistant.as_of.get(
            f"library {language}",
            lambda: library_html(status, counts, language, self.rights.edits),
        )
        parts: list[Any] = [shown]
        if self.rights.updates:
            parts.append(f'<p class="muted">{say("update_about", language)}</p>')
        if self.rights.adds:
            found = places_to_add(self.assistant)
            vaults = {} if isinstance(found, Problem) else found
            first = next(iter(vaults), None)
            parts.append(gr.Dropdown(choices=list(vaults), value=first, visible=len(vaults) > 1))
            parts.append(gr.File(visible=bool(vaults)))
        return parts

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        parts: list[Any] = [self.contents]
        if self.rights.updates:
            parts.append(self.about)
        if self.rights.adds:
            parts += [self.vault, self.drop]
        return parts

    def _update(self, work: Work, request: gr.Request) -> Iterator[str]:
        language = language_of_reader(request)
        yield work_html(Progress("read", 0, 0), language)
        for state in work.run(self.assistant.update):
            yield work_html(state, language)

    def _add(
        self, files: Sequence[str], vault: str, work: Work, request: gr.Request
    ) -> Iterator[dict[Any, Any]]:
        """Add what was uploaded; the copies that the server has of it go."""
        language = language_of_reader(request)
        uploaded = [Path(file) for file in files]

        def add(on_progress: OnProgress) -> Any:
            vaults = places_to_add(self.assistant)
            if isinstance(vaults, Problem):
                return vaults
            return add_dropped(self.assistant, uploaded, vaults[vault], on_progress)

        yield {self.changes: work_html(Progress("add", 0, 0), language), self.drop: None}
        try:
            for state in work.run(add):
                yield {self.changes: work_html(state, language)}
        finally:
            for file in uploaded:
                with suppress(OSError):
                    file.unlink()


_QUIET = {"show_progress": "hidden", "api_visibility": "private"}
