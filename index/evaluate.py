"""Measure search on a test collection, through the same code that users run."""

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from corpus.document import Document
from corpus.note import Kind, Lines, Note, Span
from corpus.progress import OnProgress, Progress, silent
from corpus.scan import Found
from index.collection import Collection, read_collection
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
    mode: Mode = Mode.HYBRID,
    on_progress: OnProgress = silent,
) -> dict[str, Any]:
    """Return the three measures (0 to 1), the counts and the seconds of a collection in `folder`.

    Each document is indexed as a note with its title as heading; a query without judgements does
    not count.
    """
    collection = read_collection(folder)
    with tempfile.TemporaryDirectory(prefix="notes-eval-") as place:
        began = time.perf_counter()
        store = Store(Path(place))
        ids = index_collection(store, collection, embedder, on_progress)
        indexed = time.perf_counter()
        rankings = _rank(Searcher(store, embedder), collection, ids, mode, on_progress)
        done = time.perf_counter()
    figures = {
        name: round(fmean(measure(rankings[q], collection.qrels[q], DEPTH) for q in rankings), 4)
        if rankings
        else 0.0
        for name, measure in _MEASURES.items()
    }
    seconds = {"index": round(indexed - began, 2), "search": round(done - indexed, 2)}
    counts = {"queries": len(rankings), "documents": len(collection.documents)}
    return {**figures, **counts, "seconds": seconds}


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
