"""The terms list: BM25 by SQLite's FTS5 over pre-cut terms, as a share of the question's weight.

FTS5's bm25() has k1 = 1.2, b = 0.75 and idf = ln((N - n + 0.5) / (n + 0.5)), at least 1e-6
(https://www.sqlite.org/fts5.html#the_bm25_function).
"""

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.terms import analyze_query

COLUMN_WEIGHTS = (1.0, 2.0, 1.0)
"""Of headings, metadata and body; chosen by `python -m tests.bench.metadata`."""

_K1 = 1.2


@dataclass(frozen=True, slots=True)
class TermWeights:
    """The question's terms and their idf in this index; a term that no note has weighs most."""

    idf: dict[str, float]
    notes: int

    @property
    def total(self) -> float:
        """The weight of the whole question."""
        return sum(self.idf.values())

    @property
    def rarest(self) -> float:
        """The weight of a term that no note has."""
        return max(math.log((self.notes + 0.5) / 0.5), 1e-6)

    def coverage(self, terms: Iterable[str]) -> float:
        """Return the share of the question's weight that `terms` hold, 0 to 1."""
        present = self.idf.keys() & set(terms)
        return sum(self.idf[term] for term in present) / self.total if self.total else 0.0


def weigh_terms(db: sqlite3.Connection, question: str) -> TermWeights:
    """Return the idf of the question's terms."""
    notes = int(db.execute("SELECT count(*) FROM notes").fetchone()[0])
    idf = {}
    for term in analyze_query(question):
        row = db.execute("SELECT doc FROM term_counts WHERE term = ?", (term,)).fetchone()
        count = int(row[0]) if row else 0
        idf[term] = max(math.log((notes - count + 0.5) / (count + 0.5)), 1e-6)
    return TermWeights(idf, notes)


def search_terms(
    db: sqlite3.Connection,
    weights: TermWeights,
    k: int,
    allowed: Sequence[int] | None = None,
    columns: tuple[float, float, float] = COLUMN_WEIGHTS,
) -> list[tuple[int, float]]:
    """Return up to `k` (note id, score), best first, of the notes that hold any term.

    The score is BM25 divided by the most that it could be, (k1 + 1) times the question's weight:
    0 = nothing of it, 1 = all of it, many times over.
    """
    present = [term for term, idf in weights.idf.items() if idf > 0]
    if not present or not weights.total:
        return []
    match = " OR ".join(f'"{term}"' for term in present)
    among = "" if allowed is None else " AND +rowid IN (SELECT value FROM json_each(?))"
    ids = () if allowed is None else (json.dumps(list(allowed)),)
    rows = db.execute(
        f"SELECT rowid, bm25(terms, {', '.join(map(str, columns))}) AS score FROM terms"
        f" WHERE terms MATCH ?{among} ORDER BY score LIMIT ?",
        (match, *ids, k),
    )
    most = (_K1 + 1) * weights.total
    return [(int(note), min(-score / most, 1.0)) for note, score in rows]
