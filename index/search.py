"""Find notes: two lists, fused, with traces."""

import sqlite3
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.chunk import cut_into_chunks, header_of
from corpus.errors import NotesError
from corpus.note import Span
from index import vectors
from index.allowed import allowed_chunks
from index.embedder import Embedder, Vectors
from index.evidence import Evidence, weigh_evidence
from index.filters import Query, parse_query
from index.fusion import DENSE, DENSE_WEIGHT, TERMS, fuse
from index.hit import Hit, ListTrace, Mode
from index.lexical import TermWeights, search_terms, weigh_terms
from index.notes import read_notes
from index.recipe import recipe_of
from index.reranker import DEPTH, Reranker, reorder
from index.store import Store, generation, get_meta
from index.vector_rows import stored_blocks
from index.windows import nearest_windows

POOL = 100
"""Chunks that each list may bring before fusion, or ten times k if that is more."""

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


@dataclass(slots=True)
class _Candidates:
    """One list at note level: each note's best chunk and its score."""

    scores: dict[int, float]
    chunks: dict[int, int]


class Searcher:
    """Answers searches over one index from any thread; follows its updates."""

    def __init__(self, store: Store, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self.store, self.embedder, self.reranker = store, embedder, reranker
        self._lock = threading.Lock()
        self._loaded: tuple[int, vectors.VectorIndex] | None = None
        with store.reading() as db:
            self._check(db)

    def search(self, question: str | Query, k: int = 10, mode: Mode = Mode.HYBRID) -> Found:
        """Return the `k` notes that fit best."""
        query = parse_query(question) if isinstance(question, str) else question
        with self.store.reading() as db:
            at = generation(db)
            allowed = allowed_chunks(db, query) if query.is_filtered else None
            pool = max(POOL, 10 * k)
            weights = weigh_terms(db, query.words)
            dense, terms = _Candidates({}, {}), _Candidates({}, {})
            cosines: dict[int, float] = {}
            if mode is not Mode.DENSE:
                terms = _by_note(db, search_terms(db, weights, pool, allowed))
            if mode is not Mode.TERMS and query.words.strip():
                asked = self.embedder.embed_queries([query.words])[0]
                near = [chunk for chunk, _ in self.vector_index(db).search(asked, pool, allowed)]
                dense = _by_note(db, _nearness(db, asked, near))
                only = {note: c for note, c in terms.chunks.items() if note not in dense.chunks}
                nearness = _nearness(db, asked, list(only.values()))
                cosines = {note: near for note, (_, near) in zip(only, nearness, strict=True)}
            if not dense.scores and not terms.scores and allowed and not query.words.strip():
                dense = _by_note(db, [(chunk, 0.0) for chunk in allowed[:pool]])
            traces = fuse(dense.scores, terms.scores, _WEIGHTS[mode], cosines)
            fused = _hits(db, traces, dense, terms, max(k, DEPTH) if self.reranker else k)
        evidence = weigh_evidence(query.words, fused[:k], weights)  # it is fitted on fused hits
        hits, overdue = self._rerank(query, fused)
        return Found(query, hits[:k], weights, evidence, at, overdue)

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
                "notes index --rebuild",
            )

    def vector_index(self, db: sqlite3.Connection) -> vectors.VectorIndex:
        """Return the vector index of the transaction's generation."""
        at = generation(db)
        with self._lock:
            if self._loaded is None or self._loaded[0] != at:
                self._check(db)
                index = vectors.load(self.store.vectors, at, get_meta(db, "recipe"))
                if index is None:
                    index = vectors.from_store(db, self.embedder.dimension)
                self._loaded = (at, index)
            return self._loaded[1]


def _nearness(
    db: sqlite3.Connection, asked: Vectors, chunks: Sequence[int]
) -> list[tuple[int, float]]:
    """Return each chunk with the cosine of its nearest window."""
    return list(zip(chunks, nearest_windows(asked, stored_blocks(db, chunks)), strict=True))


def _by_note(db: sqlite3.Connection, found: Sequence[tuple[int, float]]) -> _Candidates:
    """Reduce chunks to notes: a note is as good as its best chunk."""
    marks = ",".join("?" * len(found))
    rows = db.execute(
        f"SELECT id, note FROM chunks WHERE id IN ({marks})", [chunk for chunk, _ in found]
    )
    notes = {row["id"]: row["note"] for row in rows}
    best = _Candidates({}, {})
    for chunk, score in found:
        note = notes[chunk]
        if note not in best.scores or score > best.scores[note]:
            best.scores[note], best.chunks[note] = score, chunk
    return best


def _hits(
    db: sqlite3.Connection,
    traces: Mapping[int, Mapping[str, ListTrace]],
    dense: _Candidates,
    terms: _Candidates,
    k: int,
) -> tuple[Hit, ...]:
    totals = {
        note: sum(part.contribution for part in trace.values()) for note, trace in traces.items()
    }
    order = sorted(totals, key=lambda note: (-totals[note], note))[:k]
    notes = read_notes(db, order)
    hits = []
    for rank, note in enumerate(order, start=1):
        trace, stored = traces[note], notes[note]
        lists = {DENSE: dense.chunks, TERMS: terms.chunks}
        ranked = {name: trace[name].contribution for name in lists if note in lists[name]}
        chunk = lists[max(ranked, key=lambda name: ranked[name])][note]
        span = db.execute("SELECT span_start, span_end FROM chunks WHERE id = ?", (chunk,))
        hits.append(
            Hit(
                rank=rank,
                score=totals[note],
                key=stored.key,
                note=stored.note,
                vault=stored.vault,
                file=stored.file,
                passage=Span(*span.fetchone()),
                chunk=chunk,
                trace=trace,
            )
        )
    return tuple(hits)
