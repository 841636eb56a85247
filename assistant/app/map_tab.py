"""The tab with the map of all notes by meaning; see map_points.js and map_tab.js."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.app.map_html import drawn_told, located_told, map_html
from assistant.app.mapped import place_of_note
from assistant.app.part import scripted_part
from assistant.app.reader import language_of_reader
from assistant.assistant import Assistant
from index.finding.file_now import Place

_SCRIPTS = ("map_points.js", "map_tab.js")


class MapTab:
    """A canvas, its legend, and a box for a question to be found on it."""

    def __init__(self, assistant: Assistant) -> None:
        def draw_map(layout: str, request: gr.Request) -> dict[str, Any]:
            return assistant.call(drawn_told, layout, language_of_reader(request))

        def locate(asked: dict[str, str], request: gr.Request) -> dict[str, Any]:
            language = language_of_reader(request)
            return assistant.call(located_told, asked["question"], asked["layout"], language)

        def place_of(key: str) -> dict[str, Any] | None:
            place = place_of_note(assistant, key)
            if not isinstance(place, Place):
                return None
            lines = place.lines
            return {
                **{"vault": place.vault, "path": place.path},
                **{"first": lines.first, "last": lines.last},
            }

        here = Path(__file__).parent
        script = "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS)
        self.page = scripted_part("map-page", "", script, draw_map, locate, place_of)

    def fresh(self, language: str) -> list[Any]:
        """Return what a newly opened page shows, in the order of `fresh_parts`."""
        return [map_html(language)]

    @property
    def fresh_parts(self) -> list[Any]:
        """The components that `fresh` fills."""
        return [self.page]
