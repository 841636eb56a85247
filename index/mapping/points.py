"""What a page shows of each point of the map: its title, and the values that it can be coloured by.

Read without the checksums that a note is read with: what a point leads to is read anew.
"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.finding.matching import parts_of
from index.mapping.map import Map

FIELDS = ("type", "source", "folder", "lang", "kind")
"""What points can be coloured by, beside their clusters."""

NAMED = 11
"""Values of a field that are told apart."""

OTHER, NONE = NAMED, NAMED + 1
"""The codes of any other value, and of no value."""

_TITLE = 80
_NEARLY_ALL = 0.9

_ROWS = f"""
SELECT key, iif(trim(title) = '', substr(text, 1, {_TITLE}), title), path, vaults.name,
  json_extract(meta, '$.type'), json_extract(meta, '$.source'), lang, kind
FROM notes JOIN files ON files.id = file JOIN vaults ON vaults.id = vault
"""


@dataclass(frozen=True, slots=True)
class Values:
    """A field's values: `names`, the most frequent first, and each point's, `codes` (n,) int8.

    A code is a place in `names`, or `OTHER` or `NONE`.
    """

    names: tuple[str, ...]
    codes: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Points:
    """For each point of a map its title, and by field (`FIELDS`) its value."""

    titles: tuple[str, ...]
    values: Mapping[str, Values]


def read_points(db: sqlite3.Connection, map_: Map) -> Points:
    """Read what is shown of a map's points; of notes that have gone since, nothing."""
    cursor = db.cursor()
    cursor.row_factory = None
    rows = cursor.execute(_ROWS).fetchall()
    points = map_.find([row[0] for row in rows]).tolist()
    shown = [(point, row) for point, row in zip(points, rows, strict=True) if point >= 0]
    titles = [""] * len(map_.keys)
    columns = {name: [""] * len(map_.keys) for name in FIELDS}
    folders = _folders([(row[3], row[2]) for _, row in shown])
    for (point, row), folder in zip(shown, folders, strict=True):
        titles[point] = " ".join(str(row[1]).split())
        first = (parts_of(str(row[4] or "")) or [""])[0]
        told = (first, str(row[5] or "").strip(), folder, row[6], row[7])
        for name, value in zip(FIELDS, told, strict=True):
            columns[name][point] = value
    return Points(tuple(titles), {name: _coded(column) for name, column in columns.items()})


def _folders(places: Sequence[tuple[str, str]]) -> list[str]:
    """Return each note's folder: the top one, or the one below it where nearly all are in that.

    `places` are (vault, path). Where there are several vaults, it begins with the vault's name.
    """
    ways: dict[str, list[tuple[str, ...]]] = {}
    for vault, path in places:
        ways.setdefault(vault, []).append(tuple(path.split("/")[:-1]))
    shared = {vault: _shared(folders) for vault, folders in ways.items()}
    found = []
    for vault, path in places:
        way, common = tuple(path.split("/")[:-1]), shared[vault]
        is_below = way[: len(common)] == common and len(way) > len(common)
        own = [way[len(common)]] if is_below else list(way[:1])
        found.append("/".join([vault, *own] if len(ways) > 1 else own))
    return found


def _shared(ways: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the folder, as deep as can be, in whose folders nearly all notes are."""
    common: tuple[str, ...] = ()
    while True:
        depth = len(common) + 1
        below = Counter(way[:depth] for way in ways if len(way) > depth)
        deeper, count = max(below.items(), key=lambda item: (item[1], item[0]), default=((), 0))
        if count < _NEARLY_ALL * len(ways) or not count:
            return common
        common = deeper


def _coded(column: Sequence[str]) -> Values:
    counts = Counter(value for value in column if value)
    names = sorted(counts, key=lambda value: (-counts[value], value))[:NAMED]
    codes = {name: code for code, name in enumerate(names)} | {"": NONE}
    return Values(tuple(names), np.array([codes.get(v, OTHER) for v in column], np.int8))
