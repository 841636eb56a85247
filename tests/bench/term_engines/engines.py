"""Which engines are compared, and in which ways each is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.term_engines.arrays_engine import Arrays
from tests.bench.term_engines.engine import Engine, idf_lucene
from tests.bench.term_engines.fts5_engine import Counting, FilteredAfter, Fts5, Pruning
from tests.bench.term_engines.tantivy_engine import THREE_FIELDS, Tantivy

EXACT = "arrays"
"""The engine that the others' rankings are held against."""

ENGINES: dict[str, Callable[[Path], Engine]] = {
    "FTS5": Fts5,
    "arrays": Arrays,
    "tantivy": Tantivy,
    "tantivy three fields": partial(Tantivy, fields=THREE_FIELDS),
}
"""What can be built; `FTS5 contentless` cannot delete before SQLite 3.43, so it only tells a size."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of asking what the engine `built` has built; `filtered`: 1 % of the chunks allowed."""

    built: str
    opened: Callable[[Path], Engine]
    k: int = 100
    filtered: bool = False

    def open(self, folder: Path) -> Engine:
        return self.opened(place(folder, self.built))


def _pruned(**pruning: float) -> Way:
    return Way("FTS5", partial(Fts5, pruning=Pruning(**pruning)))  # type: ignore[arg-type]


WAYS = {
    "FTS5": Way("FTS5", Fts5),
    "FTS5, counting the terms alone": Way("FTS5", Counting),
    "FTS5, terms in <= 20 %": _pruned(share=0.2),
    "FTS5, terms in <= 10 %": _pruned(share=0.1),
    "FTS5, terms in <= 5 %": _pruned(share=0.05),
    "FTS5, <= 5 %, 200 rescored": _pruned(share=0.05, rescored=200),
    "FTS5, 100k postings, 200 rescored": _pruned(budget=100_000, rescored=200),
    "FTS5, 1 % allowed, in SQL": Way("FTS5", Fts5, filtered=True),
    "FTS5, 1 % allowed, after ranking": Way("FTS5", FilteredAfter, filtered=True),
    "tantivy": Way("tantivy", Tantivy),
    "tantivy, k = 10": Way("tantivy", Tantivy, k=10),
    "tantivy, 1 % allowed": Way("tantivy", Tantivy, filtered=True),
    "tantivy three fields": Way("tantivy three fields", ENGINES["tantivy three fields"]),
    "arrays": Way("arrays", Arrays),
    "arrays, tantivy's idf": Way("arrays", partial(Arrays, idf=idf_lucene)),
    "arrays, 1 % allowed": Way("arrays", Arrays, filtered=True),
}


def place(folder: Path, name: str) -> Path:
    """Return the folder of an engine's index."""
    return folder / name.replace(" ", "-")
