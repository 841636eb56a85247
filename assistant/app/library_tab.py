"""The tab with the state of the index."""

from typing import Any

import gradio as gr

from assistant.app.handlers import read_status, update_index
from assistant.app.library import library_html, update_html
from assistant.app.part import html_part
from assistant.app.reader import language_of_reader, text
from assistant.app.texts import say
from assistant.assistant import Assistant
from corpus.progress import Progress


class LibraryTab:
    """What the index holds, and the button that brings it up to date."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        with gr.Column(elem_id="library"):
            with gr.Row(elem_id="update-row"):
                self.update = gr.Button(text("update"), variant="primary", elem_id="update")
                self.about = html_part("update-about")
            self.changes = html_part("changes")
            self.contents = html_part("contents")
        self.updated = self.update.click(
            self._update, None, self.changes, api_visibility="private", concurrency_limit=1
        )

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        about = f'<p class="muted">{say("update_about", language)}</p>'
        return [about, library_html(read_status(self.assistant), language)]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.about, self.contents]

    def _update(self, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        language = language_of_reader(request)

        def report(part: Progress) -> None:
            progress((part.done, part.total or None), desc=say(f"step_{part.step}", language))

        return update_html(update_index(self.assistant, report), language)
