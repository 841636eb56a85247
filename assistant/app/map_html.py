"""The map's page as HTML: its controls, the canvas, the legend."""

from html import escape
from typing import Any

from assistant.app.cards import opens, place_of
from assistant.app.mapped import Located, drawn, located, map_told
from assistant.app.notice import notice_html
from assistant.app.problem import Problem
from assistant.app.texts import say
from assistant.assistant import Assistant
from assistant.bounds import OWN
from index.finding.hit import Hit
from index.mapping.points import FIELDS


def map_html(language: str) -> str:
    """Return the page, its canvas still empty."""

    def text(key: str) -> str:
        return escape(say(key, language))

    colours = "".join(
        f'<option value="{name}">{text(f"map_{name}")}</option>' for name in ("cluster", *FIELDS)
    )
    return (
        f'<div class="map-page"><form class="map-controls" role="search" aria-label="{text("tab_map")}">'
        f'<input type="search" aria-label="{text("map_ask")}" placeholder="{text("map_ask")}"'
        ' autocomplete="off"'
        f' maxlength="{OWN.characters}">'
        f'<label><span>{text("map_colour")}</span><select name="colour">{colours}</select></label>'
        f'<label><span>{text("map_layout")}</span><select name="layout">'
        f'<option value="tsne">{text("layout_tsne")}</option>'
        f'<option value="pca">{text("layout_pca")}</option></select></label></form>'
        f'<div class="map" data-without="{text("map_without")}">'
        f'<canvas tabindex="0" role="img" aria-label="{text("map_about")}"></canvas>'
        '<div class="names" aria-hidden="true"></div>'
        f'<span class="asked-here" hidden title="{text("map_asked")}">?</span>'
        '<div class="tip" hidden></div><div class="map-problem"></div>'
        f'<p class="map-state" role="status" data-busy="{text("map_busy")}"></p>'
        f'<div class="zoom"><button type="button" data-zoom="1.5" aria-label="{text("zoom_in")}">+</button>'
        f'<button type="button" data-zoom="0.6667" aria-label="{text("zoom_out")}">−</button>'
        f'<button type="button" data-zoom="0" aria-label="{text("zoom_all")}">⤢</button></div></div>'
        f'<aside><section class="map-hits" aria-live="polite"></section><section>'
        f'<h2>{text("map_legend")}</h2><ul class="legend"></ul></section>'
        f'<p class="muted">{text("map_keys")}</p></aside></div>'
    )


def drawn_told(assistant: Assistant, layout: str, language: str) -> dict[str, Any]:
    """Return what the script draws of the map, or the `problem` with it as HTML."""
    found = drawn(assistant, layout)
    if isinstance(found, Problem):
        return {"problem": notice_html(found, language)}
    return map_told(*found, language)


def located_told(assistant: Assistant, question: str, layout: str, language: str) -> dict[str, Any]:
    """Return the ids of a question's `notes`, its `place` among them, and the hits as `html`."""
    found = located(assistant, question, layout)
    html = hits_html(found, language)
    if isinstance(found, Problem):
        return {"notes": [], "place": None, "html": html}
    return {"notes": [hit.key for hit in found.hits], "place": found.place, "html": html}


def hits_html(located: Located | Problem, language: str) -> str:
    """Return a question's hits as places to open."""
    if isinstance(located, Problem):
        return notice_html(located, language)
    if not located.hits:
        return ""
    heading = escape(say("map_hits", language))
    return f"<h2>{heading}</h2><ol>{''.join(map(_hit, located.hits))}</ol>"


def _hit(hit: Hit) -> str:
    note = hit.note
    where = escape(place_of(note.path, note.lines.first, note.lines.last))
    return (
        f'<li><button type="button" {opens(hit.vault, note.path, note.lines)}>'
        f'<span>{escape(note.title)}</span><code class="place">{where}</code></button></li>'
    )
