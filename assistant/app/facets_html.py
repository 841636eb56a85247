"""The filters of a search as boxes to tick, with counts."""

from collections.abc import Collection, Iterator, Mapping
from html import escape

from assistant.app.texts import TEXTS, say

FIELDS = ("type", "source", "kind", "lang", "tag", "path")
"""The filters whose values a page lists; dates are typed."""

_FEW = 6
"""Values of a filter that are seen at once; a single one more is seen as well."""
_MOST = 300


def facets_html(
    counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, Collection[str]], language: str
) -> str:
    """Return a box for each filter that has values; what is chosen stays, though nothing fits it."""
    return "".join(_facet(name, counts[name], chosen.get(name, ()), language) for name in FIELDS)


def _facet(name: str, counts: Mapping[str, int], chosen: Collection[str], language: str) -> str:
    values = dict(_listed(name, counts)) | {value: counts.get(value, 0) for value in chosen}
    if not values:
        return ""
    boxes = [_box(name, value, count, value in chosen, language) for value, count in values.items()]
    few = len(boxes) if len(boxes) == _FEW + 1 else _FEW
    rest = boxes[few:]
    more = say("more_values", language, count=len(rest))
    is_open = " open" if any(value in chosen for value in list(values)[few:]) else ""
    folded = f"<details{is_open}><summary>{escape(more)}</summary>{''.join(rest)}</details>"
    legend = escape(say(f"filter_{name}", language))
    return (
        f'<fieldset class="facet" data-facet="{name}"><legend>{legend}</legend>'
        f"{''.join(boxes[:few])}{folded if rest else ''}</fieldset>"
    )


def _listed(name: str, counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the values to list; folders as a tree, where all of it is seen."""
    listed = list(counts.items())[:_MOST]
    yield from sorted(listed) if name == "path" and len(listed) <= _FEW else listed


def _box(name: str, value: str, count: int, is_chosen: bool, language: str) -> str:
    ticked = " checked" if is_chosen else ""
    shown = escape(value_name(name, value, language))
    return (
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}"{ticked}>'
        f'<span class="value" title="{shown}">{shown}</span> <span class="n">{count:,}</span></label>'
    )


def value_name(field: str, value: str, language: str) -> str:
    """Return what a reader sees for a value of a filter."""
    if field == "path":
        return value.strip("/")
    return TEXTS[language].get(f"{field}_{value}", value) if field in ("kind", "lang") else value
