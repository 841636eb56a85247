"""Which values notes have, and how often: what a page offers as filters.

A value that is given here can be given back as a filter: a folder as `path:/net/`, a year as
`date:2024`.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from index.days import days_of_note
from index.finding.allowed import passing
from index.finding.filters import About, Query, Remark
from index.finding.matching import fits, folded, parts_of

Facets = Mapping[str, Mapping[str, int]]
"""Field → value → number of notes, most frequent first."""

FACETS = ("type", "source", "kind", "lang", "tag", "path", "date")

_COLUMNS = {
    "type": "json_extract(meta, '$.type')",
    "source": "json_extract(meta, '$.source')",
    "kind": "kind",
    "lang": "lang",
    "tag": "nullif(tags, '[]')",
    "path": "path",
    "date": "json_extract(meta, '$.date'), path",
}


def facets(db: sqlite3.Connection, query: Query | None = None) -> dict[str, dict[str, int]]:
    """Count the values of the notes that pass the query's filters; its words do not count.

    A field's own values do not narrow its counts: they say what choosing another would add.
    """
    query = query or Query("")
    narrowed = [name for name in FACETS if _without_field(query, name) != query]
    counts = _count(db, [name for name in FACETS if name not in narrowed], query)
    for name in narrowed:
        counts |= _count(db, [name], _without_field(query, name))
    return {name: counts[name] for name in FACETS}


def unknown_values(db: sqlite3.Connection, query: Query) -> tuple[Remark, ...]:
    """Tell of wanted values that no note has, with the nearest that notes have."""
    remarks = []
    for name, wanted in query.wanted.items():
        if name in FACETS and name != "date":
            offered = _count(db, [name], Query(""))[name]
            paths = [row[0] for row in db.execute("SELECT path FROM files")]
            known = paths if name == "path" else list(offered)
            for value in wanted:
                if not any(map(fits(name, [value]), known)):
                    nearest = nearest_values(value, offered)
                    remarks.append(Remark(About.NO_SUCH_VALUE, f"{name}:{value}", nearest))
    return tuple(remarks)


def nearest_values(value: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the `known` values that are written most like `value`."""
    names = {folded(name).strip("/#"): name.strip("/") for name in known}
    nearest = get_close_matches(folded(value).strip("/#"), list(names)[:5000], 3, 0.6)
    return tuple(names[name] for name in nearest)


def _without_field(query: Query, name: str) -> Query:
    fields = ("date", "after", "before") if name == "date" else (name,)
    wanted = {other: values for other, values in query.wanted.items() if other not in fields}
    return replace(query, wanted=wanted)


def _count(db: sqlite3.Connection, names: Sequence[str], query: Query) -> dict[str, dict[str, int]]:
    where, parameters = passing(db, query)
    columns = ", ".join(_COLUMNS[name] for name in names)
    rows = db.execute(
        f"SELECT {columns} FROM notes JOIN files ON files.id = notes.file WHERE {where}", parameters
    )
    rows.row_factory = None
    written = [Counter[Any](column) for column in _columns(rows.fetchall(), names)]
    return {name: _ordered(name, column) for name, column in zip(names, written, strict=True)}


def _columns(rows: list[tuple[Any, ...]], names: Sequence[str]) -> Iterator[Iterable[Any]]:
    """Part rows into a column for each name; the date's is (date, path)."""
    columns = iter(list(zip(*rows, strict=True)) or [()] * (len(names) + 1))
    for name in names:
        column = next(columns)
        yield zip(column, next(columns), strict=True) if name == "date" else column


def _ordered(name: str, written: Counter[Any]) -> dict[str, int]:
    """Count values, where `written` counts what stands in the store."""
    counts: Counter[str] = Counter()
    for text, number in written.items():
        for value in _values(name, text) if text else ():
            counts[value] += number
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _values(name: str, written: Any) -> Iterable[str]:
    """Return the values that a note counts for: of a path, the folders on its way."""
    match name:
        case "date":
            days = days_of_note(*written)
            return [str(days.first.year)] if days else []
        case "path":
            return _folders(written.rpartition("/")[0])
        case "tag":
            return [str(tag) for tag in json.loads(written)]
        case "type":
            return parts_of(str(written))
        case _:
            return [str(written)]


@lru_cache(maxsize=1 << 14)
def _folders(folder: str) -> tuple[str, ...]:
    parts = folder.split("/") if folder else []
    return tuple(f"/{'/'.join(parts[:n])}/" for n in range(1, len(parts) + 1))
