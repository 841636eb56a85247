"""What the two lists of a search come from: the index's own files, or Milvus."""

import sqlite3
from collections.abc import Callable
from typing import Protocol

from index.embedding.embedder import Vectors
from index.finding.allowed import Allowed
from index.finding.lexical import TermWeights

Asked = Callable[[], Vectors]
"""Returns the question's vector, (dimension,), as soon as there is one."""

Nearest = Callable[[], list[tuple[int, float]]]
"""Returns what was found, as soon as it is."""


class Retriever(Protocol):
    """Finds candidates in the generation that a transaction sees. Safe to use from several threads."""

    def nearest(self, db: sqlite3.Connection, asked: Asked, k: int, allowed: Allowed) -> Nearest:
        """Begin to look for about the `k` nearest (chunk id, cosine) to `asked`, best first."""
        ...

    def terms(
        self, db: sqlite3.Connection, weights: TermWeights, k: int, allowed: Allowed
    ) -> list[tuple[int, float]]:
        """Return up to `k` (note id, share of BM25) that hold any term, best first."""
        ...
