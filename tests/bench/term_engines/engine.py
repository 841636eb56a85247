"""What every engine does here, and BM25 as SQLite's FTS5 has it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.bench.term_engines.chunks import Parts

K1, B = 1.2, 0.75

Hits = list[tuple[int, float]]
"""Chunk ids with raw BM25 scores, best first."""


class Engine(Protocol):
    """A list of terms over chunks numbered from 1."""

    def build(self, chunks: Iterable[Parts]) -> None:
        """Index all chunks in an empty folder and commit."""

    def search(self, terms: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Hits:
        """Return the best `k` of the chunks that hold any of the terms (and are allowed)."""

    def update(self, added: Mapping[int, Parts], removed: Sequence[int]) -> None:
        """Add and remove chunks and commit; the next search sees it."""


def idf_fts5(count: int, chunks: int) -> float:
    """https://www.sqlite.org/fts5.html#the_bm25_function"""
    return max(math.log((chunks - count + 0.5) / (count + 0.5)), 1e-6)


def idf_lucene(count: int, chunks: int) -> float:
    """Lucene's and tantivy's: never below zero."""
    return math.log(1 + (chunks - count + 0.5) / (count + 0.5))


def bytes_in(folder: Path) -> int:
    """Return the size of all files of a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
