"""Candidates from the index's own files: FAISS's and the posting lists."""

import sqlite3
import threading
from concurrent.futures import Executor
from dataclasses import dataclass

from index.finding.allowed import Allowed
from index.finding.lexical import TermWeights, search_terms
from index.finding.retriever import Asked, Nearest
from index.keeping import vectors
from index.keeping.store import Store, token, updates


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A vector index, the update that it is of, and the updates that led there."""

    token: str
    line: frozenset[str]
    index: vectors.VectorIndex


class LocalRetriever:
    """Follows the index's updates; see Retriever. Vectors are looked at by threads of `beside`."""

    def __init__(self, store: Store, dimension: int, beside: Executor) -> None:
        self._store, self._dimension, self._beside = store, dimension, beside
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def nearest(self, db: sqlite3.Connection, asked: Asked, k: int, allowed: Allowed) -> Nearest:
        """Begin to look for about the `k` nearest chunks."""
        index, among = self.vector_index(db), allowed.chunks
        return self._beside.submit(lambda: index.search(asked(), k, among)).result

    def terms(
        self, db: sqlite3.Connection, weights: TermWeights, k: int, allowed: Allowed
    ) -> list[tuple[int, float]]:
        """Return the `k` notes that hold most of the question."""
        return search_terms(db, weights, k, allowed.notes)

    def vector_index(self, db: sqlite3.Connection) -> vectors.VectorIndex:
        """Return the vector index of the transaction's generation."""
        at = token(db)
        loaded = self._loaded
        if loaded is not None and loaded.token == at:
            return loaded.index
        with self._lock:
            loaded = self._loaded
            if loaded is not None and loaded.token == at:
                return loaded.index
            line = updates(db)
            if loaded is not None and (loaded.token in line or at in loaded.line):
                near: vectors.VectorIndex | None = loaded.index  # a few chunks earlier or later
            else:
                near = vectors.load(db, self._store.vectors)
            index = vectors.brought_up(db, near, self._dimension)
            if loaded is None or at not in loaded.line:
                self._loaded = _Loaded(at, line, index)
            return index
