"""The dialog in which a note is read in its file; any element with `data-path` opens it."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.app.opened_html import asked_html
from assistant.app.part import scripted_part
from assistant.app.reader import language_of_reader
from assistant.app.rights import Rights
from assistant.assistant import Assistant

_DIALOG = '<dialog class="opened" aria-labelledby="opened-title"></dialog>'


class NoteDialog:
    """Its script asks for the note's HTML; see note_dialog.js."""

    def __init__(self, assistant: Assistant, rights: Rights) -> None:
        def read_note(place: dict[str, Any], request: gr.Request) -> str:
            return assistant.call(asked_html, place, language_of_reader(request), rights.edits)

        script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
        self.dialog = scripted_part("note-dialog", _DIALOG, script, read_note)
