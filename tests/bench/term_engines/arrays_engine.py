"""Postings as arrays in SQLite, ranked by numpy: exact BM25, and what the others are held against.

A segment is up to 65,536 chunks. A posting is two bytes of place and one of count; a term's
postings in a segment are one row. An update adds a segment and marks what went; small segments
would have to be merged now and then, which is not done here. The counts of terms, and the mean
length, take in the chunks that went, as they do in Lucene.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.bench.term_engines.chunks import Parts
from tests.bench.term_engines.engine import K1, B, Hits, idf_fts5

SEGMENT = 1 << 16

_SCHEMA = """
CREATE TABLE IF NOT EXISTS segments (
  id INTEGER PRIMARY KEY, chunks BLOB NOT NULL, lengths BLOB NOT NULL, gone BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS postings (
  term TEXT NOT NULL, segment INTEGER NOT NULL, number INTEGER NOT NULL, packed BLOB NOT NULL,
  PRIMARY KEY (term, segment)
) WITHOUT ROWID;
"""

Floats = npt.NDArray[np.float32]


@dataclass(slots=True)
class Segment:
    """What is held in memory: for each chunk its id, its length in terms, whether it is gone."""

    chunks: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.uint16]
    gone: npt.NDArray[np.bool_]


class Arrays:
    """One SQLite file, which could be the one that the notes are in."""

    def __init__(self, folder: Path, idf: Callable[[int, int], float] = idf_fts5) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.idf = idf
        self.db = sqlite3.connect(folder / "terms.sqlite", isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.executescript(_SCHEMA)
        self._load()

    def build(self, chunks: Iterable[Parts]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        numbered = zip(count(1), chunks, strict=False)
        while batch := dict(islice(numbered, SEGMENT)):
            self._add(batch)
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._load()

    def search(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Hits:
        found: Hits = []
        chosen = None if allowed is None else self._mask(allowed)
        least = 0.0
        for segment, scores in self._scored(terms):
            scores[segment.gone] = 0
            if chosen is not None:
                scores *= chosen[segment.chunks]
            best = np.flatnonzero(scores > least)
            if len(best) > k:
                best = best[np.argpartition(scores[best], -k)[-k:]]
            found += zip(segment.chunks[best].tolist(), scores[best].tolist(), strict=True)
            found = sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]
            least = found[-1][1] if len(found) == k else 0.0
        return found

    def _mask(self, chunks: Sequence[int]) -> npt.NDArray[np.bool_]:
        mask = np.zeros(max(int(s.chunks.max()) for s in self.segments.values()) + 1, np.bool_)
        mask[np.asarray(chunks)] = True
        return mask

    def scores(self, terms: Sequence[str]) -> Floats:
        """Return the score of every chunk, by id; 0 where there is no such chunk."""
        largest = max(int(segment.chunks.max()) for segment in self.segments.values())
        scores = np.zeros(largest + 1, np.float32)
        for segment, part in self._scored(terms):
            scores[segment.chunks] = np.where(segment.gone, 0, part)
        return scores

    def update(self, added: Mapping[int, Parts], removed: Sequence[int]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        for key, segment in self.segments.items():
            gone = np.isin(segment.chunks, removed)
            if gone.any():
                packed = np.packbits(segment.gone | gone).tobytes()
                self.db.execute("UPDATE segments SET gone = ? WHERE id = ?", (packed, key))
        self._add(added)
        self.db.execute("COMMIT")
        self._load()

    def _scored(self, terms: Sequence[str]) -> Iterable[tuple[Segment, Floats]]:
        rows: dict[int, list[tuple[float, bytes]]] = {}
        for term in terms:
            held = self.db.execute(
                "SELECT segment, number, packed FROM postings WHERE term = ?", (term,)
            ).fetchall()
            idf = self.idf(sum(row[1] for row in held), self.total)
            for segment, _, packed in held:
                rows.setdefault(segment, []).append((idf, packed))
        for key, segment in self.segments.items():
            scores = np.zeros(len(segment.chunks), np.float32)
            for idf, packed in rows.get(key, ()):
                number = len(packed) // 3
                at = np.frombuffer(packed, np.uint16, number)
                times = np.frombuffer(packed, np.uint8, number, 2 * number).astype(np.float32)
                scores[at] += np.float32(idf * (K1 + 1)) * times / (times + self.norms[key][at])
            yield segment, scores

    def _add(self, batch: Mapping[int, Parts]) -> None:
        numbers: dict[str, int] = {}
        flat: list[int] = []
        lengths = np.zeros(len(batch), np.uint16)
        for at, parts in enumerate(batch.values()):
            held = " ".join(parts).split()
            lengths[at] = min(len(held), 65535)
            for term in held:
                flat.append(numbers.setdefault(term, len(numbers)) << 16 | at)
        keys, times = np.unique(np.asarray(flat, np.int64), return_counts=True)
        ends = np.searchsorted(keys >> 16, np.arange(len(numbers)), side="right")
        places = (keys & 0xFFFF).astype(np.uint16)
        times = np.minimum(times, 255).astype(np.uint8)
        ids = np.fromiter(batch, np.int64)
        gone = np.packbits(np.zeros(len(ids), np.bool_))
        key = self.db.execute(
            "INSERT INTO segments (chunks, lengths, gone) VALUES (?, ?, ?)",
            (ids.tobytes(), lengths.tobytes(), gone.tobytes()),
        ).lastrowid
        starts = np.concatenate(([0], ends[:-1]))
        self.db.executemany(
            "INSERT INTO postings VALUES (?, ?, ?, ?)",
            (
                (term, key, int(b - a), places[a:b].tobytes() + times[a:b].tobytes())
                for term, a, b in sorted(zip(numbers, starts, ends, strict=True))
            ),
        )

    def _load(self) -> None:
        self.segments: dict[int, Segment] = {}
        for key, chunks, lengths, gone in self.db.execute("SELECT * FROM segments"):
            ids = np.frombuffer(chunks, np.int64)
            bits = np.unpackbits(np.frombuffer(gone, np.uint8), count=len(ids)).astype(np.bool_)
            self.segments[key] = Segment(ids, np.frombuffer(lengths, np.uint16), bits)
        self.total = sum(len(segment.chunks) for segment in self.segments.values())
        tokens = sum(int(segment.lengths.sum(dtype=np.int64)) for segment in self.segments.values())
        mean = tokens / max(self.total, 1)
        self.norms = {
            key: (K1 * (1 - B + B * segment.lengths / max(mean, 1))).astype(np.float32)
            for key, segment in self.segments.items()
        }
