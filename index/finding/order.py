"""The order in which found notes are shown, where that is not how well they fit."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from corpus.note import Note
from corpus.roles import DATE
from index.days import days_of_note
from index.finding.hit import Hit

Key = tuple[int, int, str, int]


class Order(StrEnum):
    """The best first, by date (those without one last), or as they stand in their files."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    FILE = "file"


def order_notes(db: sqlite3.Connection, notes: Sequence[int] | None, order: Order) -> list[int]:
    """Return notes' row ids in an order, for None those of all notes.

    BEST leaves them as they are; of all notes none is the best.
    """
    if order is Order.BEST:
        return list(notes or ())
    rows = db.execute(
        "SELECT notes.id, json_extract(meta, '$.date'), path, line_first FROM notes"
        " JOIN files ON files.id = file"
        + (" WHERE notes.id IN (SELECT value FROM json_each(?))" if notes is not None else ""),
        [json.dumps(list(notes))] if notes is not None else [],
    )
    rows.row_factory = None
    found = rows.fetchall()
    found.sort(key=lambda row: _key(row[1], row[2], row[3], order))
    return [row[0] for row in found]


def order_hits(hits: Iterable[Hit], order: Order) -> tuple[Hit, ...]:
    """Return hits in an order, ranked by it."""
    if order is Order.BEST:
        return tuple(hits)
    found = sorted(hits, key=lambda hit: _key_of(hit.note, order))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(found, start=1))


def _key_of(note: Note, order: Order) -> Key:
    return _key(note.meta.get(DATE), note.path, note.lines.first, order)


def _key(written: str | None, path: str, line: int, order: Order) -> Key:
    """Sort by date where that is asked for, then by place."""
    days = None if order is Order.FILE else days_of_note(written, path)
    if days is None:
        return 1, 0, path, line
    day: date = days.last if order is Order.NEWEST else days.first
    return 0, -day.toordinal() if order is Order.NEWEST else day.toordinal(), path, line
