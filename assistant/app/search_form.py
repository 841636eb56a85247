"""The form of the search page as HTML, and what it asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from assistant.app.facets_html import FIELDS, facets_html
from assistant.app.notice import remark_html
from assistant.app.texts import say
from assistant.bounds import OWN
from index.finding.filters import words_of
from index.finding.hit import Mode
from index.finding.order import Order

TYPED = ("phrase", "without", "after", "before")
"""The filters that are typed."""

COUNTS = (5, 10, 20, 50)
USUAL_COUNT = 10

_DIGITS = 9
_PLACEHOLDERS = {
    "without": "filter_without_placeholder",
    "after": "filter_date_placeholder",
    "before": "filter_date_placeholder",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks for; `fields` as a search takes them. `count` is as sent, if it is none."""

    words: str = ""
    count: object = USUAL_COUNT
    mode: str = Mode.HYBRID
    order: str = Order.BEST
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)


def wanted_of(form: Mapping[str, Any]) -> Wanted:
    """Read the form's values as its script sends them: name → values."""

    def all_of(name: str) -> list[str]:
        given = form.get(name)
        values = given if isinstance(given, (list, tuple)) else [] if given is None else [given]
        return [str(value) for value in values]

    def one(name: str, default: str) -> str:
        return (all_of(name) or [default])[0]

    count = one("count", str(USUAL_COUNT))
    fields: dict[str, Sequence[str]] = {name: all_of(name) for name in FIELDS}
    fields |= {name: [typed] for name in TYPED if (typed := one(name, "").strip())}
    fields["without"] = words_of(one("without", ""))
    return Wanted(
        one("query", ""),
        int(count) if count.isdecimal() and len(count) < _DIGITS else count,
        one("mode", Mode.HYBRID),
        one("order", Order.BEST),
        fields,
    )


def form_html(counts: Mapping[str, Mapping[str, int]], language: str) -> str:
    """Return the search page as it is opened."""
    return (
        f'<form id="search" role="search" aria-label="{_text("search", language)}">'
        f"{_query(language)}"
        f'<div id="filters"><div id="facets">{facets_html(counts, {}, language)}</div>'
        f"{_typed(bool(counts['date']), language)}</div>"
        f'<div id="found">{_controls(language)}'
        f'<div id="results">{remark_html(say("results_empty", language))}</div></div></form>'
    )


def _text(key: str, language: str) -> str:
    return escape(say(key, language))


def _query(language: str) -> str:
    label, hint = _text("query", language), _text("query_placeholder", language)
    return (
        f'<div id="query-row"><input id="query" name="query" type="search" aria-label="{label}"'
        f' placeholder="{hint}" maxlength="{OWN.characters}" autocomplete="off" spellcheck="false"'
        f' aria-controls="results"><button type="button" id="filters-shown" aria-expanded="false"'
        f' aria-controls="filters">{_text("filters", language)}</button></div>'
    )


def _typed(is_dated: bool, language: str) -> str:
    """The filters that are typed; dates only where a note has one."""
    names = TYPED if is_dated else TYPED[:2]
    boxes = "".join(
        f'<label class="typed"><span>{_text(f"filter_{name}", language)}</span>'
        f'<input name="{name}" type="text" autocomplete="off" maxlength="{OWN.characters}"'
        f' placeholder="{_text(_PLACEHOLDERS[name], language) if name in _PLACEHOLDERS else " "}">'
        "</label>"
        for name in names
    )
    more, clear = _text("more_filters", language), _text("filter_clear", language)
    return (
        f'<details id="more-filters"><summary>{more}</summary>{boxes}</details>'
        f'<button type="button" id="clear-filters">{clear}</button>'
    )


def _controls(language: str) -> str:
    orders = {order.value: say(f"sort_{order.value}", language) for order in Order}
    modes = {mode.value: say(f"mode_{mode.value}", language) for mode in Mode}
    counts = {str(count): str(count) for count in COUNTS}
    return (
        f'<div id="search-controls">{_select("order", "sort", orders, Order.BEST, language)}'
        f"{_select('mode', 'mode', modes, Mode.HYBRID, language)}{_select('count', 'count', counts, str(USUAL_COUNT), language)}</div>"
    )


def _select(name: str, label: str, choices: Mapping[str, str], chosen: str, language: str) -> str:
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(shown)}</option>'
        for value, shown in choices.items()
    )
    return f'<label><span>{_text(label, language)}</span><select name="{name}">{options}</select></label>'
