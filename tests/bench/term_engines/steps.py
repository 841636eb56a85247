"""The steps of the comparison; what a step makes lies in the work's folder for the next."""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from index.measuring.collection import read_collection
from index.measuring.metrics import ndcg
from index.terms import analyze, analyze_query
from tests.bench.term_engines.arrays_engine import Arrays
from tests.bench.term_engines.chunks import Corpus
from tests.bench.term_engines.engine import bytes_in
from tests.bench.term_engines.engines import ENGINES, EXACT, WAYS, place
from tests.bench.term_engines.fts5_engine import Fts5
from tests.bench.term_engines.killed import kill_between
from tests.bench.term_engines.measure import (
    Asked,
    agreement,
    ask,
    memory,
    summary,
    timed_build,
    timed_updates,
)
from tests.bench.term_engines.questions import Question, make_questions

FILTER_STEP = 100
OPTIONS = {"FTS5": "", "FTS5 contentless": "content='',", "FTS5 detail=column": "detail=column,"}
OPTIONS |= {"FTS5 detail=none": "detail=none,"}
FEW = 10_000
KILLS = {
    "FTS5": ("before the commit", "after the commit"),
    "tantivy": ("notes first", "terms first"),
}
SET_WAYS = (
    "FTS5",
    "FTS5, terms in <= 10 %",
    "FTS5, <= 5 %, 200 rescored",
    "tantivy",
    "tantivy three fields",
    "arrays",
    "arrays, tantivy's idf",
)


@dataclass(frozen=True, slots=True)
class Work:
    """What all steps share."""

    shared: Path
    corpus: Corpus
    folder: Path
    short: int
    long: int

    def questions(self) -> list[Question]:
        """Return the questions, the same for every engine."""
        return make_questions(self.shared / "bench", self.corpus, self.short, self.long)

    def asked(self, way: str) -> Path:
        """Return the file that keeps what a way of asking found."""
        return self.folder / f"asked {way.replace('/', ' ')} {self.short} {self.long}.json"


Step = Callable[[Work, str], Any]


def build(work: Work, name: str) -> dict[str, float]:
    """Index all chunks, unless it was done before; return its figures."""
    told = work.folder / f"built {name}.json"
    if not told.exists():
        folder = place(work.folder, name)
        figures = timed_build(ENGINES[name](folder), work.corpus, folder)
        told.write_text(json.dumps(figures), encoding="utf-8")
    return dict(json.loads(told.read_text(encoding="utf-8")))


def ask_way(work: Work, name: str) -> dict[str, Any]:
    """Ask all questions in one way (every third where it is filtered)."""
    way, questions, allowed = WAYS[name], work.questions(), None
    if way.filtered:
        questions = questions[::3]
        allowed = range(1, int(work.corpus.made["chunks"]) + 1, FILTER_STEP)
    told = work.asked(name)
    if not told.exists():
        asked = ask(name, way.open(work.folder), questions, way.k, allowed)
        told.write_text(json.dumps(asdict(asked) | memory()), encoding="utf-8")
    kept = json.loads(told.read_text(encoding="utf-8"))
    peak = kept.pop("peak MB")
    return summary(Asked(**kept), questions) | {"peak MB": peak}


def agree(work: Work, _: str) -> dict[str, dict[str, float]]:
    """Hold all that was found without a filter against exact BM25."""
    asked = []
    for name, way in WAYS.items():
        if work.asked(name).exists() and not way.filtered and "alone" not in name:
            kept = json.loads(work.asked(name).read_text(encoding="utf-8"))
            kept.pop("peak MB")
            asked.append(Asked(**kept))
    return agreement(asked, work.questions(), Arrays(place(work.folder, EXACT)))


def update(work: Work, name: str) -> dict[str, float]:
    """Change 100 chunks of the million, five times; the index differs afterwards."""
    return timed_updates(ENGINES[name](place(work.folder, name)), work.corpus)


def options(work: Work, name: str) -> dict[str, float]:
    """Index the first of the chunks with other options of FTS5, and ask a tenth of the questions."""
    with tempfile.TemporaryDirectory() as place_:
        folder = Path(place_)
        engine = Fts5(folder, OPTIONS[name])
        figures = timed_build(engine, islice(work.corpus, 50_000, 50_000 + FEW), folder)
        figures["MB"] = round(bytes_in(folder) / 1e6, 1)
        questions = work.questions()[::10]
        asked = ask(name, engine, questions, 100)
        figures["mean ms"] = round(1000 * float(np.mean(asked.seconds)), 1)
        best = [score for q in questions for _, score in engine.search(q.terms, 1)]
        return figures | {"mean best score": round(float(np.mean(best)), 2)}


def measure_set(work: Work, name: str) -> Mapping[str, float]:
    """Return nDCG@10 of each way on a test set with its corpus alone."""
    collection = read_collection(work.shared / "bench" / name)
    keys = list(collection.documents)
    parts = [
        (" ".join(analyze(title)), "", " ".join(analyze(text)))
        for title, text in collection.documents.values()
    ]
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for engine, make in ENGINES.items():
            make(place(Path(folder), engine)).build(parts)
        for way in SET_WAYS:
            engine_ = WAYS[way].open(Path(folder))
            gains = []
            for key, text in collection.queries.items():
                if key in collection.qrels:
                    hits = engine_.search(analyze_query(text), 10)
                    gains.append(ndcg([keys[i - 1] for i, _ in hits], collection.qrels[key]))
            figures[way] = round(100 * float(np.mean(gains)), 1)
    return figures


def kill(work: Work, name: str) -> dict[str, dict[str, int]]:
    """Return for each point of a kill how many chunks the notes and the terms have."""
    told = {}
    for point in KILLS[name]:
        with tempfile.TemporaryDirectory() as folder:
            told[f"killed: {point}"] = kill_between(Path(folder), name, point)
    return told
