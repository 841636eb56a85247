"""What notes there are, as bars: by folder, type, source, language and kind."""

from collections.abc import Mapping
from html import escape

from assistant.app.facets_html import value_name
from assistant.app.texts import say
from index.finding.facets import Facets

_CHARTS = ("path", "type", "source", "lang", "kind", "tag")
_MOST = 8
"""Bars of a chart that are seen at once."""
_FOLDED = 300


def charts_html(counts: Facets, language: str) -> str:
    """Return a chart for each field that has values; a click on a bar searches there."""
    shown = "".join(_chart(name, _top(name, counts[name]), language) for name in _CHARTS)
    return f'<div class="charts">{shown}</div>' if shown else ""


def _top(name: str, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Of folders within folders, leave the outer ones, where there are several."""
    if name != "path":
        return counts
    outer = {value: n for value, n in counts.items() if value.count("/") == 2}
    return outer if len(outer) > 1 else counts


def _chart(name: str, counts: Mapping[str, int], language: str) -> str:
    if not counts:
        return ""
    most = max(counts.values())
    bars = [_bar(name, value, n, most, language) for value, n in counts.items()]
    rest = bars[_MOST : _MOST + _FOLDED]
    more = escape(say("more_values", language, count=f"{len(rest):,}"))
    folded = f"<details><summary>{more}</summary><ul>{''.join(rest)}</ul></details>"
    heading = escape(say(f"filter_{name}", language))
    return (
        f'<section class="chart"><h2>{heading}</h2><ul>{"".join(bars[:_MOST])}</ul>'
        f"{folded if rest else ''}</section>"
    )


def _bar(name: str, value: str, count: int, most: int, language: str) -> str:
    shown = escape(value_name(name, value, language))
    told = escape(say("search_these", language, value=value_name(name, value, language)))
    return (
        f'<li><button type="button" data-facet="{name}" data-value="{escape(value)}" title="{told}">'
        f'<span class="value">{shown}</span><span class="bar" aria-hidden="true">'
        f'<span style="width:{max(100 * count / most, 1):.0f}%"></span></span>'
        f'<span class="n">{count:,}</span></button></li>'
    )
