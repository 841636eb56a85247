"""Measure search on a test, through the same code that users run."""

import tempfile
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from corpus.document import Document
from corpus.note import Kind, Lines, Note, Span
from corpus.progress import OnProgress, Progress, silent
from corpus.scan import Found
from index.embedding.embedder import Embedder
from index.finding.filters import Query
from index.finding.hit import Hit, Mode
from index.finding.search import Searcher
from index.keeping.plan import Plan, cut_document
from index.keeping.rows import Entry
from index.keeping.store import Store
from index.keeping.updater import Updater
from index.keeping.vaults import add_vault
from index.measuring.collection import Collection, read_collection
from index.measuring.metrics import ndcg, recall, reciprocal_rank

DEPTH = 10
MEASURES: Mapping[str, Callable[..., float]] = {
    "ndcg@10": ndcg,
    "recall@10": recall,
    "mrr@10": reciprocal_rank,
}

Naming = Callable[[Hit], str]
"""A found note → the id of its document."""

Indexing = Callable[[Store, Embedder, OnProgress], Naming]
"""Puts a test's documents into an empty store."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is asked, what is right, and how the documents are indexed.

    `groups` maps a query's id to the group that it is counted in, too; there may be none.
    """

    collection: Collection
    index: Indexing
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What one mode found for every judged query.

    `rankings`: query → up to DEPTH documents, best first. `scores`: measure → a value from 0 to 1
    for each query, in the order of `rankings`.
    """

    mode: Mode
    rankings: Mapping[str, tuple[str, ...]]
    scores: Mapping[str, tuple[float, ...]]
    index_seconds: float
    search_seconds: float

    @property
    def means(self) -> dict[str, float]:
        """Each measure's mean over the queries, 0 where there are none."""
        return {name: fmean(values) if values else 0.0 for name, values in self.scores.items()}

    def among(self, measure: str, queries: Container[str]) -> tuple[float, ...]:
        """Return a measure's values for just these queries, in the run's order."""
        scored = zip(self.rankings, self.scores[measure], strict=True)
        return tuple(value for query, value in scored if query in queries)


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
    trial = trial_of(folder)
    documents = len(trial.collection.documents)
    runs = run_trial(trial, embedder, modes, on_progress)
    return {run.mode: figures(run, documents) for run in runs}


def figures(run: Run, documents: int) -> dict[str, Any]:
    """Return a run's means, counts and seconds by their names in JSON."""
    seconds = {"index": round(run.index_seconds, 2), "search": round(run.search_seconds, 2)}
    return {
        **{name: round(mean, 4) for name, mean in run.means.items()},
        "queries": len(run.rankings),
        "documents": documents,
        "seconds": seconds,
    }


def trial_of(folder: Path) -> Trial:
    """Return the test in a folder in BEIR form; NotesError names what is wrong with it."""
    collection = read_collection(folder)

    def index(store: Store, embedder: Embedder, on_progress: OnProgress) -> Naming:
        ids = index_collection(store, collection, embedder, on_progress)
        return lambda hit: ids[hit.note.path]

    return Trial(collection, index)


def run_trial(
    trial: Trial, embedder: Embedder, modes: Sequence[Mode], on_progress: OnProgress = silent
) -> list[Run]:
    """Index the documents once, into a folder that is deleted, and ask every query in each mode."""
    with tempfile.TemporaryDirectory(prefix="notes-eval-") as place:
        began = time.perf_counter()
        store = Store(Path(place))
        name_of = trial.index(store, embedder, on_progress)
        index_seconds = time.perf_counter() - began
        searcher = Searcher(store, embedder)
        runs = []
        for mode in modes:
            began = time.perf_counter()
            rankings = _rank(searcher, trial.collection, name_of, mode, on_progress)
            search_seconds = time.perf_counter() - began
            scores = _scores(trial.collection, rankings)
            runs.append(Run(mode, rankings, scores, index_seconds, search_seconds))
        return runs


def _scores(
    collection: Collection, rankings: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[float, ...]]:
    qrels = collection.qrels
    return {
        name: tuple(measure(found, qrels[query], DEPTH) for query, found in rankings.items())
        for name, measure in MEASURES.items()
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
    return Entry(
        Found(path, Path(), len(text), 0, 0), b"", document, cut_document(document, embedder)
    )


def _rank(
    searcher: Searcher,
    collection: Collection,
    name_of: Naming,
    mode: Mode,
    on_progress: OnProgress,
) -> dict[str, tuple[str, ...]]:
    judged = [query for query in collection.queries if collection.qrels.get(query)]
    rankings = {}
    for done, query in enumerate(judged, start=1):
        found = searcher.search(Query(collection.queries[query]), DEPTH, mode)
        rankings[query] = tuple(name_of(hit) for hit in found.hits)
        on_progress(Progress("search", done, len(judged)))
    return rankings
