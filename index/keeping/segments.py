"""Which notes hold a term, and how often: posting lists in segments of notes.

A segment is up to `MOST` notes, whose lists never change; a note that goes is marked, and small
segments become one when they are many (`index.keeping.term_writer`), as Lucene does it
(https://blog.mikemccandless.com/2011/02/visualizing-lucenes-segment-merges.html). A term's list in
a segment is one row: its notes' places in the segment (uint16, ascending), then its weighted count
in each (uint8; 255 stands for more, too), little endian.
"""

import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.bm25 import norm
from index.keeping.store import token
from index.keeping.vector_rows import Ids

MOST = 1 << 16
"""Notes of a segment: as many as a uint16 can count."""

POSTING_BYTES = 3

_KEPT = 4
"""Generations, of any databases, whose segments are held (16 bytes a note)."""

Places = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.uint8]
Lengths = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Segment:
    """`notes` are row ids, ascending; `lengths` (uint32) their numbers of terms.

    `live` says which have not gone; None if none has.
    """

    id: int
    notes: Ids
    lengths: Lengths
    live: Mask | None

    def __len__(self) -> int:
        """The notes that have not gone."""
        return len(self.notes) if self.live is None else int(self.live.sum())

    @property
    def live_notes(self) -> Ids:
        """The ids of the notes that have not gone."""
        return self.notes if self.live is None else self.notes[self.live]

    @property
    def live_lengths(self) -> Lengths:
        """The lengths of the notes that have not gone."""
        return self.lengths if self.live is None else self.lengths[self.live]


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of one generation, the largest first."""

    parts: tuple[Segment, ...]
    norms: tuple[npt.NDArray[np.float32], ...]
    """For each part what lengthens its notes (`index.bm25`)."""
    count: int
    mean_length: float
    """Of a note, in terms; 1 where there is no note."""


def segments_of(db: sqlite3.Connection) -> Segments:
    """Return the segments as the transaction sees them."""
    newest = db.execute("SELECT coalesce(max(id), 0) FROM segments").fetchone()[0]
    at = token(db)
    key = f"{at} {newest}"
    with _lock:
        if key in _segments:
            _segments.move_to_end(key)
            return _segments[key]
    found = read_segments(db)
    if at and not db.total_changes:  # what a writer sees may be taken back
        with _lock:
            _segments[key] = found
            while len(_segments) > _KEPT:
                _segments.popitem(last=False)
    return found


_segments: OrderedDict[str, Segments] = OrderedDict()
_lock = threading.Lock()


def read_segments(db: sqlite3.Connection) -> Segments:
    """Read all segments, without their lists."""
    rows = db.execute("SELECT id, notes, lengths, gone FROM segments")
    parts = sorted((segment_from(*row) for row in rows), key=lambda part: -len(part.notes))
    count = sum(map(len, parts))
    tokens = sum(int(part.live_lengths.sum(dtype=np.int64)) for part in parts)
    mean = max(tokens / max(count, 1), 1.0)
    norms = tuple(norm(part.lengths.astype(np.float64), mean).astype(np.float32) for part in parts)
    return Segments(tuple(parts), norms, count, mean)


def segment_from(number: int, notes: bytes, lengths: bytes, gone: bytes) -> Segment:
    """Return a segment from its row."""
    ids = np.frombuffer(notes, "<i8")
    live = ~np.unpackbits(np.frombuffer(gone, np.uint8), count=len(ids)).astype(np.bool_)
    return Segment(number, ids, np.frombuffer(lengths, "<u4"), None if bool(live.all()) else live)


def posting_lists(
    db: sqlite3.Connection, terms: Sequence[str]
) -> dict[int, dict[str, tuple[Places, Counts]]]:
    """Return for each segment, by its id, the lists that it has of the terms."""
    found: dict[int, dict[str, tuple[Places, Counts]]] = {}
    for segment, term, packed in _rows(db, "packed", terms):
        found.setdefault(segment, {})[term] = unpacked(packed)
    return found


def unpacked(packed: bytes) -> tuple[Places, Counts]:
    """Return a list's places and counts, (n,) each."""
    number = len(packed) // POSTING_BYTES
    return np.frombuffer(packed, "<u2", number), np.frombuffer(packed, "u1", number, 2 * number)


def count_notes(db: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
    """Return how many notes hold each of the terms."""
    counts = dict.fromkeys(terms, 0)
    for _, term, length in _rows(db, "length(packed)", terms):
        counts[term] += length // POSTING_BYTES
    for segment in segments_of(db).parts:
        if segment.live is not None:
            rows = _rows(db, "packed", terms, (segment.id,))
            for _, term, packed in rows:
                counts[term] -= int((~segment.live[unpacked(packed)[0]]).sum())
    return counts


def notes_with(db: sqlite3.Connection, terms: Sequence[str]) -> list[int]:
    """Return the ids of the notes that hold every one of the terms, at least one."""
    found: list[int] = []
    lists = posting_lists(db, terms)
    for segment in segments_of(db).parts:
        held = lists.get(segment.id, {})
        if len(held) < len(set(terms)):
            continue
        among = np.ones(len(segment.notes), np.bool_) if segment.live is None else segment.live
        for places, _ in held.values():
            mask = np.zeros(len(segment.notes), np.bool_)
            mask[places] = True
            among = among & mask
        found += segment.notes[among].tolist()
    return sorted(found)


def segment_checksum(notes: bytes, lengths: bytes, lists: Iterable[tuple[str, bytes]]) -> int:
    """Return the CRC-32 of a segment, its lists in the order of their terms."""
    crc = zlib.crc32(lengths, zlib.crc32(notes))
    for term, packed in lists:
        crc = zlib.crc32(packed, zlib.crc32(term.encode(), crc))
    return crc


def damaged_segments(db: sqlite3.Connection) -> list[int]:
    """Return the ids of the segments that are not as they were written."""
    damaged = []
    rows = db.execute("SELECT id, notes, lengths, gone, crc FROM segments").fetchall()
    for number, notes, lengths, gone, crc in rows:
        lists = db.execute(
            "SELECT term, packed FROM postings WHERE segment = ? ORDER BY term", (number,)
        )
        is_sized = len(notes) == 2 * len(lengths) and len(gone) * 8 - len(notes) // 8 in range(8)
        if not is_sized or segment_checksum(notes, lengths, lists) != crc:
            damaged.append(int(number))
    return damaged


def _rows(
    db: sqlite3.Connection, column: str, terms: Sequence[str], segments: Sequence[int] = ()
) -> Iterable[tuple[int, str, Any]]:
    marks = ",".join("?" * len(terms))
    among = f"IN ({','.join(map(str, segments))})" if segments else "IN (SELECT id FROM segments)"
    rows = db.execute(
        f"SELECT segment, term, {column} FROM postings WHERE segment {among} AND term IN ({marks})",
        list(terms),
    )
    rows.row_factory = None
    return rows
