"""The map of all notes, as the page's script takes it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.app.facets_html import value_name
from assistant.app.handlers import objection
from assistant.app.problem import told
from assistant.app.texts import say
from assistant.assistant import Assistant
from corpus.errors import NotesError
from corpus.language import language_of
from index.finding.file_now import Place
from index.finding.hit import Hit
from index.mapping.layout import Layout
from index.mapping.map import Map
from index.mapping.points import FIELDS, NONE, OTHER, Points, Values
from index.mapping.question import place_question

_STEPS = 65535
_SHOWN_HITS = 10
_BETWEEN = " · "
_UNNAMED = "–"


@dataclass(frozen=True, slots=True)
class Located:
    """A question's hits, best first, and its place among them on the map, if it has one."""

    hits: tuple[Hit, ...]
    place: tuple[float, float] | None


@told
def drawn(assistant: Assistant, layout: str) -> tuple[Map, Points]:
    """Return the map and what is shown of its points."""
    return assistant.map(Layout(layout))


@told
def located(assistant: Assistant, question: str, layout: str) -> Located:
    """Find where a question lies on the map."""
    if not question.strip():
        return Located((), None)
    if why := objection(assistant.bounds, question, language_of(question)):
        raise NotesError(why)
    hits = assistant.search(question, _SHOWN_HITS).hits
    found, _ = assistant.map(Layout(layout))
    return Located(hits, place_question(found, [(hit.key, hit.score) for hit in hits]))


@told
def place_of_note(assistant: Assistant, key: str) -> Place | None:
    """Return where a note stands, None if it is gone."""
    return assistant.place_of(key)


def map_told(map_: Map, points: Points, language: str) -> dict[str, Any]:
    """Return what the script draws.

    `places` are x and y of each point as little-endian uint16 over [-1, 1], `codes` uint8: which of
    the names a point has; both in base64.
    """
    steps = np.rint((map_.places + 1) / 2 * _STEPS).astype("<u2")
    count = len(map_.keys)
    names = [_BETWEEN.join(words) or _UNNAMED for words in map_.names]
    colours = [_colour("cluster", [(name, False) for name in names], map_.clusters, language)]
    colours += [_field(name, points.values[name], language) for name in FIELDS]
    return {
        "generation": map_.generation,
        "layout": map_.layout.value,
        "notes": [key.decode() for key in map_.keys.tolist()],
        "titles": list(points.titles),
        "places": _packed(steps),
        "colours": [one for one in colours if len(one["names"]) > 0],
        "unnamed": _UNNAMED,
        "said": say("map_notes", language, count=f"{count:,}"),
    }


def _field(name: str, values: Values, language: str) -> Mapping[str, Any]:
    """Leave out "other" and "none" where no point is so, and a field that no point has."""
    if not values.names:
        return {"names": ()}
    told_names = [(value_name(name, value, language), False) for value in values.names]
    codes = values.codes.astype(np.int16)
    for code, key in ((OTHER, "map_other"), (NONE, "map_none")):
        if (values.codes == code).any():
            codes[values.codes == code] = len(told_names)
            told_names.append((say(key, language), True))
    return _colour(name, told_names, codes, language)


def _colour(
    field: str, names: Sequence[tuple[str, bool]], codes: npt.NDArray[np.int16], language: str
) -> Mapping[str, Any]:
    return {
        "field": field,
        "label": say(f"map_{field}", language),
        "names": [{"label": label, "faint": is_faint} for label, is_faint in names],
        "codes": _packed(codes.astype(np.uint8)),
    }


def _packed(array: npt.NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()
