"""Find notes: two lists, fused, with traces."""

import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from corpus.chunk import cut_into_chunks, header_of
from corpus.errors import NotesError
from corpus.language import language_of
from index.embedding.embedder import Embedder
from index.embedding.recipe import recipe_of
from index.finding.allowed import Allowed
from index.finding.evidence import Evidence, weigh_evidence
from index.finding.expression import Values
from index.finding.filters import Query, parse_query
from index.finding.fusion import DENSE_WEIGHT, common_share
from index.finding.hit import Hit, Mode
from index.finding.lexical import TermWeights, weigh_terms
from index.finding.lists import Lists, hits_of, in_other_languages, listed
from index.finding.local import LocalRetriever
from index.finding.nearness import (
    Nearness,
    best_chunks,
    chunks_of_each,
    cosines_of,
    nearest_of_each,
    notes_of,
)
from index.finding.order import Order, order_hits, order_notes
from index.finding.recent import Recent
from index.finding.remote import MilvusRetriever
from index.finding.reranker import DEPTH, Reranker, reorder
from index.finding.retriever import Asked, Retriever
from index.keeping import vectors
from index.keeping.cosine_scale import BUNDLED, CosineScale, kept_scale
from index.keeping.milvus.client import Milvus
from index.keeping.milvus.kept import kept_in
from index.keeping.milvus.trouble import LostError
from index.keeping.store import Store, generation, get_meta, token
from index.keeping.vector_rows import vectors_of

POOL = 100
"""Chunks or notes that each list may bring before fusion, or ten times k if that is more."""

_KEPT, _KEPT_HITS = 128, 50
"""Searches whose results are kept, and the most hits of one that is."""

_TRIES = 3
"""Of a search during which Milvus was told of an update."""

T = TypeVar("T")

_AT_ONCE = 2
"""Searches of a process at a time, those of Milvus not counted: more of them wait for each
other's turn in the interpreter at every row that SQLite gives (tests/bench/LOG.md)."""

_BESIDE = 4
"""Threads that embed questions and look at vectors while others look for terms. What waits there for
an embedding was given to them after it, so that it cannot keep it from being begun."""

_WEIGHTS = {Mode.HYBRID: DENSE_WEIGHT, Mode.DENSE: 1.0, Mode.TERMS: 0.0}


@dataclass(frozen=True, slots=True)
class Found:
    """The hits for a question, best first, its terms' weights, and the evidence of an answer.

    `overdue` is the reranker's time limit in seconds where it was not met, and the hits are
    therefore as they were fused.
    """

    query: Query
    hits: tuple[Hit, ...]
    weights: TermWeights
    evidence: Evidence
    generation: int
    overdue: float | None = None
    scale: CosineScale = BUNDLED


class Searcher:
    """Answers searches over one index from any thread; follows its updates."""

    def __init__(self, store: Store, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self.store, self.embedder, self.reranker = store, embedder, reranker
        self._beside = ThreadPoolExecutor(_BESIDE, "beside")
        self._local = LocalRetriever(store, embedder.dimension, self._beside)
        self._servers: dict[str, Milvus] = {}
        self._values = Values()
        self._checked = ""
        self._found: Recent[Found] = Recent(_KEPT)
        self._turns = threading.Semaphore(_AT_ONCE)
        with store.reading() as db:
            self._check(db)

    def search(
        self,
        question: str | Query,
        k: int = 10,
        mode: Mode = Mode.HYBRID,
        order: Order = Order.BEST,
    ) -> Found:
        """Return the `k` notes that fit best, in `order`; of a query without words the first.

        What was found last is not searched for again while the index stays as it is.
        """
        query = parse_query(question) if isinstance(question, str) else question
        if self.reranker or k > _KEPT_HITS:
            return self._search(query, k, mode, order)
        with self.store.reading() as db:
            asked = f"{token(db)} {k} {mode} {order} {query}"
        return self._found.get([asked], lambda _: [self._search(query, k, mode, order)])[0]

    def _search(self, query: Query, k: int, mode: Mode, order: Order) -> Found:
        depth = max(k, DEPTH) if self.reranker else k
        asked = None
        if query.words.strip() and mode is not Mode.TERMS:
            asked = self._embedding(query.words)

        def fuse(db: sqlite3.Connection) -> tuple[tuple[Hit, ...], TermWeights, int, CosineScale]:
            allowed, weights = Allowed(db, query), weigh_terms(db, query.words)
            if query.words.strip():
                pool = max(POOL, 10 * k)
                lists = self._lists(db, query, asked, weights, pool, mode, allowed)
            else:
                lists = listed(order_notes(db, allowed.notes, order)[: max(POOL, k)])
            fused = hits_of(db, lists, weights, _WEIGHTS[mode], depth)
            return fused, weights, generation(db), kept_scale(db)

        fused, weights, at, scale = self._steadily(fuse)
        # It is fitted on fused hits.
        evidence = weigh_evidence(query.words, fused[:k], weights, scale)
        hits, overdue = self._rerank(query, fused)
        return Found(query, order_hits(hits[:k], order), weights, evidence, at, overdue, scale)

    def _embedding(self, words: str) -> Asked:
        """Begin to embed a question."""
        begun = self._beside.submit(self.embedder.embed_queries, [words])
        return lambda: begun.result()[0]

    def _steadily(self, search: Callable[[sqlite3.Connection], T]) -> T:
        """Return what a search finds in one generation.

        The index's own files are as that has them. Milvus goes on: where it was told of an update
        meanwhile, the search is made again.
        """
        for last in [False] * (_TRIES - 1) + [True]:
            with self.store.reading() as db:
                at, is_remote = token(db), kept_in(db).address is not None
                try:
                    with nullcontext() if is_remote else self._turns:
                        found = search(db)
                except LostError:
                    if last or self._newest() == at:
                        raise
                    continue
            if last or not is_remote or self._newest() == at:
                return found
        raise AssertionError("the last try returns or raises")

    def _newest(self) -> str:
        with self.store.reading() as db:
            return token(db)

    def like(self, key: str, k: int = 5) -> tuple[Hit, ...]:
        """Return the `k` notes nearest in meaning to the note with id `key`, without itself."""

        def find(db: sqlite3.Connection) -> tuple[Hit, ...]:
            rows = db.execute(
                "SELECT note, chunks.id FROM chunks JOIN notes ON notes.id = note WHERE key = ?",
                (key,),
            ).fetchall()
            if not rows:
                return ()
            middle = vectors_of(db, [row[1] for row in rows]).mean(axis=0)
            middle /= max(float(np.linalg.norm(middle)), 1e-9)
            nearest = self._retriever(db).nearest(
                db, lambda: middle, POOL + len(rows), Allowed(db, Query(""))
            )
            near = [chunk for chunk, _ in nearest()]
            scored = zip(near, cosines_of(db, middle, near), strict=True)
            best = best_chunks(notes_of(db, near), scored)
            best.pop(rows[0][0], None)
            scores = {note: score for note, (_, score) in best.items()}
            chunks = {note: chunk for note, (chunk, _) in best.items()}
            lists = Lists(scores, {}, {}, chunks, lambda wanted: cosines_of(db, middle, wanted))
            return hits_of(db, lists, weigh_terms(db, ""), _WEIGHTS[Mode.DENSE], k)

        return self._steadily(find)

    def _lists(
        self,
        db: sqlite3.Connection,
        query: Query,
        asked: Asked | None,
        weights: TermWeights,
        pool: int,
        mode: Mode,
        allowed: Allowed,
    ) -> Lists:
        """Search both lists for the notes that they have among their first `pool`."""
        terms, retriever = {}, self._retriever(db)
        nearest = retriever.nearest(db, asked, pool, allowed) if asked else None
        if mode is not Mode.DENSE:
            terms = dict(retriever.terms(db, weights, pool, allowed))
        if asked is None or nearest is None:
            return Lists({}, terms, {}, {}, None)
        is_both, language = mode is Mode.HYBRID, language_of(query.words)
        # Until the nearest are found, what the terms brought is read.
        nearness, chunks = Nearness(db, asked), chunks_of_each(db, terms)
        nearness.read(some[0] for some in chunks.values() if len(some) == 1)
        across = in_other_languages(db, language, list(terms)) if is_both else frozenset[int]()
        near = [chunk for chunk, _ in nearest()]
        note_of = notes_of(db, near)
        found = set(note_of.values())
        rest = {note: some for note, some in chunks.items() if note not in found}
        by_terms = nearest_of_each(db, asked(), rest)
        scores = nearness.of([*near, *by_terms.values()])
        dense = best_chunks(note_of, zip(near, scores, strict=False))
        if is_both:
            fresh = [note for note in dense if note not in terms]
            across |= in_other_languages(db, language, fresh)
        return Lists(
            {note: score for note, (_, score) in dense.items()},
            terms,
            dict(zip(by_terms, scores[len(near) :], strict=True)),
            {note: chunk for note, (chunk, _) in dense.items()} | by_terms,
            nearness.of,
            across,
            common_share(terms) if is_both else 0.0,
        )

    def _rerank(self, query: Query, fused: tuple[Hit, ...]) -> tuple[tuple[Hit, ...], float | None]:
        """Return the hits to show, and the reranker's time limit if it was too short."""
        if self.reranker is None or not fused or not query.words.strip():
            return fused, None
        texts = [self._embedded(hit) for hit in fused[:DEPTH]]
        scores = self.reranker.rerank(query.words, texts)
        if scores is None:
            return fused, self.reranker.seconds
        return reorder(fused, scores), None

    def _embedded(self, hit: Hit) -> str:
        """Return the hit's passage as it was embedded: headings and metadata before the text."""
        if hit.passage == hit.note.body:
            return cut_into_chunks(hit.note, sys.maxsize, self.embedder.count_tokens)[0].embedded
        header = header_of(hit.note)
        return f"{header}\n{hit.passage_text}" if header else hit.passage_text

    def _check(self, db: sqlite3.Connection) -> None:
        if not generation(db):
            raise NotesError(
                f"The index {self.store.folder} was begun and not completed.",
                f"Complete it: notes index --index {self.store.folder}",
            )
        made_with, here = get_meta(db, "recipe"), recipe_of(self.embedder)
        if made_with and made_with != here:
            raise NotesError(
                f"The index {self.store.folder} was made with another model or recipe:\n"
                f"  there: {made_with}\n  now:   {here}",
                "Leave --model out to use the index's own, or make the index again with: "
                f"notes index --rebuild --index {self.store.folder}",
            )

    def _retriever(self, db: sqlite3.Connection) -> Retriever:
        """Return what searches the transaction's generation."""
        at = token(db)
        if self._checked != at:
            self._check(db)
            self._checked = at
        kept = kept_in(db)
        if kept.address is None:
            return self._local
        server = self._servers.setdefault(kept.address.text, Milvus(kept.address))
        return MilvusRetriever(kept, server, self._values)

    def vector_index(self, db: sqlite3.Connection) -> vectors.VectorIndex:
        """Return the vector index of the transaction's generation."""
        return self._local.vector_index(db)
