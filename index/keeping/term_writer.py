"""Write posting lists: new notes into segments, marks on those that have gone, small ones merged."""

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from index.keeping.segments import (
    MOST,
    Counts,
    Lengths,
    Places,
    Segment,
    segment_checksum,
    segment_from,
    unpacked,
)
from index.keeping.vector_rows import Ids

Moved = npt.NDArray[np.int64]
"""For each place of a segment the one in another; -1 for a note that has gone."""

_PLACE_BITS = 16
_MOST_COUNTED = 255
_MANY = 8
"""Segments of like size, each up to `_MANY` times as large as the smallest, of which those that fit
into one become one."""


class TermWriter:
    """Writes the terms of notes; `finish` is to be called after the last."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._begin()

    def _begin(self) -> None:
        self._numbers: dict[str, int] = {}
        self._held = array("q")
        self._notes = array("q")
        self._lengths = array("I")

    def add(self, note: int, columns: Iterable[tuple[Sequence[str], int]]) -> None:
        """Add a note with a row id that is higher than all before; each column has its weight."""
        place, length = len(self._notes), 0
        for terms, weight in columns:
            length += len(terms)
            codes = [
                self._numbers.setdefault(term, len(self._numbers)) << _PLACE_BITS | place
                for term in terms
            ]
            self._held.extend(codes * weight)
        self._notes.append(note)
        self._lengths.append(length)
        if len(self._notes) == MOST:
            self._flush()

    def finish(self) -> None:
        """Write what is left, and make one of segments that have become many."""
        self._flush()
        merge_segments(self._db)

    def _flush(self) -> None:
        if not self._notes:
            return
        held, counts = np.unique(np.frombuffer(self._held, np.int64), return_counts=True)
        counts = np.minimum(counts, _MOST_COUNTED).astype("u1")
        places = (held & ((1 << _PLACE_BITS) - 1)).astype("<u2")
        ends = np.searchsorted(held >> _PLACE_BITS, np.arange(len(self._numbers)), side="right")
        begins = np.concatenate(([0], ends[:-1]))
        lists = [
            (term, places[a:b].tobytes() + counts[a:b].tobytes())
            for term, a, b in sorted(
                zip(self._numbers, begins.tolist(), ends.tolist(), strict=True)
            )
        ]
        notes = np.frombuffer(self._notes, np.int64)
        _insert(self._db, notes, np.array(self._lengths, np.uint32), lists)
        self._begin()


def forget_notes(db: sqlite3.Connection, notes: Sequence[int]) -> None:
    """Mark notes as gone; a segment of which none is left is deleted."""
    going = np.array(notes, np.int64)
    for segment in _all_segments(db):
        here = np.isin(segment.notes, going)
        if not here.any():
            continue
        gone = here if segment.live is None else here | ~segment.live
        if gone.all():
            db.execute("DELETE FROM segments WHERE id = ?", (segment.id,))
        else:
            packed = np.packbits(gone).tobytes()
            db.execute("UPDATE segments SET gone = ? WHERE id = ?", (packed, segment.id))


def merge_segments(db: sqlite3.Connection) -> None:
    """Make one of many segments of like size, and anew those of which most notes have gone."""
    while chosen := _to_merge(_all_segments(db)):
        _merge(db, chosen)


def drop_gone(db: sqlite3.Connection) -> None:
    """Leave nothing of the notes that have gone."""
    for part in _all_segments(db):
        if part.live is not None:
            _merge(db, [part])


def _all_segments(db: sqlite3.Connection) -> list[Segment]:
    rows = db.execute("SELECT id, notes, lengths, gone FROM segments ORDER BY id").fetchall()
    return [segment_from(*row) for row in rows]


def _to_merge(parts: Sequence[Segment]) -> Sequence[Segment]:
    for part in parts:
        if len(part) * 2 < len(part.notes):
            return [part]
    by_size = sorted(parts, key=len)
    for first in range(len(by_size) - _MANY + 1):
        some = by_size[first : first + _MANY]
        if len(some[-1]) <= _MANY * len(some[0]):
            sizes = accumulate(map(len, some))
            fitting = [part for part, size in zip(some, sizes, strict=True) if size <= MOST]
            if len(fitting) > 1:
                return fitting
    return []


def _merge(db: sqlite3.Connection, parts: Sequence[Segment]) -> None:
    """Put one segment in the place of several, without the notes that have gone."""
    notes = np.concatenate([part.live_notes for part in parts])
    lengths = np.concatenate([part.live_lengths for part in parts])
    order = np.argsort(notes)
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    moved: dict[int, Moved] = {}
    first = 0
    for part in parts:
        to = np.full(len(part.notes), -1, np.int64)
        to[slice(None) if part.live is None else part.live] = places[first : first + len(part)]
        moved[part.id] = to
        first += len(part)
    marks = ",".join("?" * len(parts))
    rows = db.execute(
        f"SELECT term, segment, packed FROM postings WHERE segment IN ({marks}) ORDER BY term",
        [part.id for part in parts],
    )
    rows.row_factory = None
    lists = []
    for term, held in groupby(rows, itemgetter(0)):
        packed = _packed([(moved[segment], *unpacked(old)) for _, segment, old in held])
        if packed:
            lists.append((term, packed))
    db.execute(f"DELETE FROM segments WHERE id IN ({marks})", [part.id for part in parts])
    _insert(db, notes[order], lengths[order], lists)


def _packed(lists: Iterable[tuple[Moved, Places, Counts]]) -> bytes:
    """Return one list of several, whose notes have moved to other places, or are gone (-1)."""
    kept = [(to[places], counts) for to, places, counts in lists]
    places = np.concatenate([places for places, _ in kept])
    counts = np.concatenate([counts for _, counts in kept])[places >= 0]
    places = places[places >= 0]
    order = np.argsort(places)
    return places[order].astype("<u2").tobytes() + counts[order].tobytes()


def _insert(
    db: sqlite3.Connection,
    notes: Ids,
    lengths: Lengths,
    lists: Sequence[tuple[str, bytes]],
) -> None:
    """Insert a segment of `notes`, ascending; the lists are in the order of their terms."""
    gone = np.packbits(np.zeros(len(notes), np.bool_)).tobytes()
    told = (notes.astype("<i8").tobytes(), lengths.astype("<u4").tobytes())
    segment = db.execute(
        "INSERT INTO segments (notes, lengths, gone, crc) VALUES (?, ?, ?, ?)",
        (*told, gone, segment_checksum(*told, lists)),
    ).lastrowid
    db.executemany(
        "INSERT INTO postings (segment, term, packed) VALUES (?, ?, ?)",
        ((segment, term, packed) for term, packed in lists),
    )
