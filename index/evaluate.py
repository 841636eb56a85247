"""Measure search on a test collection, through the same code that users run."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from corpus.document import Document
from corpus.note import Kind, Lines, Note, Span
from corpus.progress import OnProgress, Progress, silent
from corpus.scan import Found
from index.collection import Collection, Qrels, read_collection
from index.embedder import Embedder
from index.filters import Query
from index.hit import Mode
from index.metrics import ndcg, recall, reciprocal_rank
from index.plan import Plan, cut_document
from index.rows import Entry
from index.search import Searcher
from index.store import Store
from index.update import Updater
from index.vaults import add_vault

DEPTH = 10
_MEASURES: Mapping[str, Callable[..., float]] = {
    "ndcg@10": ndcg,
    "recall@10": recall,
    "mrr@10": reciprocal_rank,
}


def evaluate(
    folder: Path,
    embedder: Embedder,
    modes: Sequence[Mode] = (Mode.HYBRID,),
    on_progress: OnProgress = silent,
) -> dict[Mode, dict[str, Any]]:
    """Return for each mode the measures (0 to 1), counts and seconds of the collection in `folder`.

    Each document is indexed as a note with its title as heading; a query without judgements does
    not count.
    """
    collection = read_collection(folder)
    figures: dict[Mode, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="notes-eval-") as place:
        began = time.perf_counter()
        store = Store(Path(place))
        ids = index_collection(store, collection, embedder, on_progress)
        index_seconds = time.perf_counter() - began
        searcher = Searcher(store, embedder)
        for mode in modes:
            began = time.perf_counter()
            rankings = _rank(searcher, collection, ids, mode, on_progress)
            search_seconds = time.perf_counter() - began
            figures[mode] = {
                **_means(rankings, collection.qrels),
                "queries": len(rankings),
                "documents": len(collection.documents),
                "seconds": {"index": round(index_seconds, 2), "search": round(search_seconds, 2)},
            }
    return figures


def _means(rankings: Mapping[str, Sequence[str]], qrels: Qrels) -> dict[str, float]:
    if not rankings:
        return dict.fromkeys(_MEASURES, 0.0)
    return {
        name: round(fmean(measure(rankings[q], qrels[q], DEPTH) for q in rankings), 4)
        for name, measure in _MEASURES.items()
    }


def index_collection(
    store: Store,
    collection: Collection,
    embedder: Embedder,
    on_progress: OnProgress = silent,
) -> dict[str, str]:
    """Index the documents; return the document id behind each note's path."""
    store.create()
    ids, entries = {}, []
    for number, (document, (title, text)) in enumerate(collection.documents.items()):
        path = f"d{number:07}"  # says nothing that a query could match
        ids[path] = document
        if text.strip() or title.strip():
            entries.append(_entry(path, title, text, embedder))
    with store.writing() as db:
        vault = add_vault(db, store.folder)
    plan = Plan(vault=vault, entries=tuple(entries), added=len(entries))
    updater = Updater(store, embedder, "", False, on_progress)
    updater.embed([plan])
    updater.apply([plan])
    return ids


def _entry(path: str, title: str, text: str, embedder: Embedder) -> Entry:
    text = text if text.strip() else title
    span = Span(0, len(text))
    lines = Lines(1, text.count("\n") + 1)
    headings = (title,) if title else ()
    note = Note(path, span, lines, span, Kind.TEXT, text, title, headings)
    document = Document(path, text, (note,))
    return Entry(Found(path, Path(), len(text), 0), b"", document, cut_document(document, embedder))


def _rank(
    searcher: Searcher,
    collection: Collection,
    ids: Mapping[str, str],
    mode: Mode,
    on_progress: OnProgress,
) -> dict[str, list[str]]:
    judged = [query for query in collection.queries if collection.qrels.get(query)]
    rankings = {}
    for done, query in enumerate(judged, start=1):
        found = searcher.search(Query(collection.queries[query]), DEPTH, mode)
        rankings[query] = [ids[hit.note.path] for hit in found.hits]
        on_progress(Progress("search", done, len(judged)))
    return rankings
