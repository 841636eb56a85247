"""Candidates from Milvus, as of the generation that a transaction sees.

Milvus may be ahead of it or behind: chunks that the store does not know are left out, those that
wait to be told are looked at here. They are few.
"""

import json
import sqlite3
from collections.abc import Callable

import numpy as np

from corpus.errors import NotesError
from index.embedding.embedder import Vectors
from index.finding.allowed import Allowed
from index.finding.expression import MOST, Values, expression
from index.finding.lexical import TermWeights, search_terms
from index.finding.nearness import cosines_of
from index.finding.retriever import Asked, Nearest
from index.keeping.milvus.client import MOST_FOUND, Milvus
from index.keeping.milvus.kept import Kept
from index.keeping.milvus.pending import coming_chunks, going_chunks
from index.keeping.milvus.sparse import Sparse, question_weights

_GROWTH = 4

Pairs = list[tuple[int, float]]


class MilvusRetriever:
    """See Retriever. Raises NotesError where the server cannot be searched."""

    def __init__(
        self,
        kept: Kept,
        server: Milvus,
        values: Values,
        most_listed: int = MOST,
        most_found: int = MOST_FOUND,
    ) -> None:
        self._kept, self._server, self._values = kept, server, values
        self._most_listed, self._most_found = most_listed, most_found

    def nearest(self, db: sqlite3.Connection, asked: Asked, k: int, allowed: Allowed) -> Nearest:
        """Return what looks for the `k` nearest chunks, when it is called."""
        return lambda: self._nearest(db, asked(), k, allowed)

    def _nearest(self, db: sqlite3.Connection, asked: Vectors, k: int, allowed: Allowed) -> Pairs:
        late = coming_chunks(db)

        def exactly() -> Pairs:
            chunks = allowed.chunks or []
            return list(zip(chunks, cosines_of(db, asked, chunks), strict=True))

        found = self._found(db, asked, k, allowed, exactly)
        known = dict(found)
        waiting = [c for c in _passing(db, late, allowed) if c not in known]
        return _best([*found, *zip(waiting, cosines_of(db, asked, waiting), strict=True)], k)

    def terms(
        self, db: sqlite3.Connection, weights: TermWeights, k: int, allowed: Allowed
    ) -> list[tuple[int, float]]:
        """Return the `k` notes that hold most of the question.

        Of Milvus without sparse vectors, from the index's own posting lists.
        """
        if not self._kept.has_terms or not weights.total:
            return search_terms(db, weights, k, allowed.notes)
        late = set(_passing(db, coming_chunks(db), allowed).values())

        def exactly() -> Pairs:
            notes = search_terms(db, weights, k, allowed.notes)
            first = _first_chunks(db, [note for note, _ in notes])
            return [(first[note], score) for note, score in notes]

        found = self._found(db, question_weights(weights.idf), k, allowed, exactly)
        note_of = _passing(db, [chunk for chunk, _ in found], allowed)
        shares = {note_of[chunk]: min(score, 1.0) for chunk, score in found}
        if late:
            shares |= search_terms(db, weights, k, sorted(late))
        return _best(list(shares.items()), k)

    def _found(
        self,
        db: sqlite3.Connection,
        asked: Vectors | Sparse,
        k: int,
        allowed: Allowed,
        exactly: Callable[[], Pairs],
    ) -> Pairs:
        """Return the `k` best chunks that the store knows and the filters let pass, best first.

        More are asked for until there are so many; where the server gives no more than it has
        given and some may be left, they are found `exactly`.
        """
        if not self._kept.is_whole:
            raise NotesError(
                f"Milvus at {self._server.address.host} does not hold the notes yet.",
                "Fill it: notes index, or do without it: notes index --store faiss",
            )
        passing = expression(db, allowed.query, self._values, self._most_listed)
        most = self._most_found
        k = min(k, most)
        limit = min(k + len(going_chunks(db)), most)
        while True:
            rows = self._server.search(
                self._kept.collection, asked, limit, passing, self._kept.written
            )
            known = _passing(db, [chunk for chunk, _ in rows], allowed)
            kept = [(chunk, score) for chunk, score in rows if chunk in known]
            if len(kept) >= k or len(rows) < limit:
                return kept[:k]
            if limit == most:
                return _best(exactly(), k) if allowed.query.is_filtered else kept
            limit = min(_GROWTH * limit, most)


def _passing(db: sqlite3.Connection, chunks: list[int], allowed: Allowed) -> dict[int, int]:
    """Return the notes of those of the chunks that are there and pass, in their order."""
    if not chunks:
        return {}
    where, values = allowed.condition
    rows = db.execute(
        f"SELECT chunks.id, note FROM chunks JOIN notes ON notes.id = note WHERE {where}"
        " AND chunks.id IN (SELECT value FROM json_each(?))",
        [*values, json.dumps(chunks)],
    )
    notes = {int(row[0]): int(row[1]) for row in rows}
    return {chunk: notes[chunk] for chunk in chunks if chunk in notes}


def _first_chunks(db: sqlite3.Connection, notes: list[int]) -> dict[int, int]:
    rows = db.execute(
        "SELECT note, min(id) FROM chunks WHERE note IN (SELECT value FROM json_each(?))"
        " GROUP BY note",
        (json.dumps(notes),),
    )
    return {int(row[0]): int(row[1]) for row in rows}


def _best(pairs: Pairs, k: int) -> Pairs:
    ids = np.array([one for one, _ in pairs], np.int64)
    scores = np.array([score for _, score in pairs], np.float64)
    order = np.lexsort((ids, -scores))[:k]
    return [pairs[place] for place in order.tolist()]
