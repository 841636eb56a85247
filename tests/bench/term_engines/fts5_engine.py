"""SQLite's FTS5 over pre-cut terms: as the product has it, with fewer terms asked for, smaller."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.terms import TERM_PUNCTUATION
from tests.bench.term_engines.chunks import Parts
from tests.bench.term_engines.engine import K1, B, Hits, idf_fts5

_INSERT = "INSERT INTO terms (rowid, headings, metadata, body) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Pruning:
    """Which of a question's terms are asked for: the rarest, one at least.

    `share`: no term that more than this share of the chunks has. `budget`: as many as have this
    many postings together. `rescored`: so many of the best are scored again with all terms.
    """

    share: float = 1.0
    budget: int = 1 << 62
    rescored: int = 0

    def asked(self, counts: Mapping[str, int], chunks: int) -> list[str]:
        rarest_first = sorted((term for term in counts if counts[term]), key=counts.__getitem__)
        kept: list[str] = []
        postings = 0
        for term in rarest_first:
            postings += counts[term]
            if kept and (counts[term] > self.share * chunks or postings > self.budget):
                break
            kept.append(term)
        return kept


class Fts5:
    """One table with three columns; `options` are FTS5's own (detail, content)."""

    def __init__(self, folder: Path, options: str = "", pruning: Pruning | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.pruning = pruning
        self.db = sqlite3.connect(folder / "terms.sqlite", isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5(headings, metadata, body,"
            f" {options} tokenize = \"ascii tokenchars '{TERM_PUNCTUATION}'\")"
        )
        self.db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS term_counts USING fts5vocab('terms', 'row')"
        )

    def build(self, chunks: Iterable[Parts]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany(_INSERT, ((i, *parts) for i, parts in enumerate(chunks, start=1)))
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def search(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Hits:
        if not self.pruning:
            return self._ask(terms, k, allowed)
        chunks = self._averages()[0]
        counts = self.counts(terms)
        asked = self.pruning.asked(counts, chunks)
        if not self.pruning.rescored or len(asked) == len(terms):
            return self._ask(asked, k, allowed)
        found = self._ask(asked, max(k, self.pruning.rescored), allowed)
        return self._rescored([chunk for chunk, _ in found], counts)[:k]

    def counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return how many chunks have each term, as the product asks it: FTS5 reads them all."""
        return {term: self._count(term) for term in terms}

    def update(self, added: Mapping[int, Parts], removed: Sequence[int]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany("DELETE FROM terms WHERE rowid = ?", ((chunk,) for chunk in removed))
        self.db.executemany(_INSERT, ((chunk, *parts) for chunk, parts in added.items()))
        self.db.execute("COMMIT")

    def _count(self, term: str) -> int:
        row = self.db.execute("SELECT doc FROM term_counts WHERE term = ?", (term,)).fetchone()
        return int(row[0]) if row else 0

    def _ask(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None) -> Hits:
        if not terms:
            return []
        among = ""
        if allowed is not None:
            self.db.execute("CREATE TEMP TABLE IF NOT EXISTS allowed (chunk INTEGER PRIMARY KEY)")
            self.db.execute("DELETE FROM allowed")
            self.db.executemany("INSERT INTO allowed VALUES (?)", ((i,) for i in allowed))
            among = " AND +rowid IN (SELECT chunk FROM allowed)"
        rows = self.db.execute(
            "SELECT rowid, bm25(terms, 1.0, 1.0, 1.0) AS score FROM terms"
            f" WHERE terms MATCH ?{among} ORDER BY score LIMIT ?",
            (" OR ".join(f'"{term}"' for term in terms), k),
        )
        return [(chunk, -score) for chunk, score in rows]

    def _rescored(self, chunks: Sequence[int], counts: Mapping[str, int]) -> Hits:
        total, tokens = self._averages()
        idf = {term: idf_fts5(count, total) for term, count in counts.items()}
        found = []
        for chunk in chunks:
            row = self.db.execute(
                "SELECT headings, metadata, body FROM terms WHERE rowid = ?", (chunk,)
            ).fetchone()
            held = [term for column in row for term in column.split()]
            norm = K1 * (1 - B + B * len(held) * total / tokens)
            times = Counter(term for term in held if term in idf)
            score = sum(idf[t] * n * (K1 + 1) / (n + norm) for t, n in times.items())
            found.append((chunk, score))
        return sorted(found, key=lambda hit: -hit[1])

    def _averages(self) -> tuple[int, int]:
        """Return the number of chunks and of all their terms, from FTS5's own record of them."""
        block: bytes = self.db.execute("SELECT block FROM terms_data WHERE id = 1").fetchone()[0]
        numbers, value = [], 0
        for byte in block:  # SQLite's varints, none of them nine bytes long
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                numbers.append(value)
                value = 0
        return numbers[0], sum(numbers[1:4])


class FilteredAfter(Fts5):
    """As the product filters: every match is ranked and fetched, then looked up."""

    def search(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Hits:
        if allowed is None:
            return super().search(terms, k)
        chosen = set(allowed)
        return [hit for hit in super().search(terms, -1) if hit[0] in chosen][:k]


class Counting(Fts5):
    """Only what the product asks before it ranks: how many chunks have each term."""

    def search(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Hits:
        self.counts(terms)
        return []
