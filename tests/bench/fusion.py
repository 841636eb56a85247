"""Compare ways to make one ranking of two lists, on every collection in a folder.

    python -m tests.bench.fusion ../shared/bench [SET ...]

Every way ranks the same notes, the first 200 of a hybrid search: nDCG@10 x100.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from index.collection import read_collection
from index.evaluate import index_collection
from index.filters import Query
from index.fusion import DENSE, TERMS
from index.hit import Hit
from index.metrics import ndcg
from index.models import load_embedder
from index.search import Searcher
from index.store import Store

Way = Callable[[Sequence[Hit]], list[float]]
DEPTH = 200


def convex(weight: float) -> Way:
    """Cosine, and BM25 as a share of what it could be: what the product does."""
    return lambda hits: [
        weight * h.trace[DENSE].score + (1 - weight) * h.trace[TERMS].score for h in hits
    ]


def stretched(weight: float) -> Way:
    """Min-max cosine over the list, BM25 divided by the list's best."""

    def scores(hits: Sequence[Hit]) -> list[float]:
        cosines = [h.trace[DENSE].score for h in hits if h.trace[DENSE].rank]
        low, high = min(cosines, default=0.0), max(cosines, default=1.0)
        top = max((h.trace[TERMS].score for h in hits), default=0.0) or 1.0
        return [
            weight * max((h.trace[DENSE].score - low) / (high - low or 1.0), 0.0)
            + (1 - weight) * h.trace[TERMS].score / top
            for h in hits
        ]

    return scores


def reciprocal_ranks(hits: Sequence[Hit]) -> list[float]:
    """Reciprocal rank fusion with k = 60 (Cormack et al. 2009)."""
    return [sum(1 / (60 + part.rank) for part in h.trace.values() if part.rank) for h in hits]


WAYS: Mapping[str, Way] = {
    "dense": convex(1.0),
    "terms": convex(0.0),
    "reciprocal ranks": reciprocal_ranks,
    **{f"stretched {w}": stretched(w) for w in (0.5, 0.6, 0.7)},
    **{f"fixed scales {w}": convex(w) for w in (0.25, 0.3, 0.35, 0.4, 0.5, 0.6)},
}


def main() -> None:
    bench = Path(sys.argv[1])
    names = sys.argv[2:] or sorted(f.parent.name for f in bench.glob("*/qrels.tsv"))
    figures = {name: measure(bench / name) for name in names}
    for way in WAYS:
        values = [figures[name][way] for name in names]
        print(f"{way:18}" + "".join(f"{v:7.1f}" for v in values) + f"  mean {fmean(values):.2f}")
    print(json.dumps(figures))


def measure(folder: Path) -> dict[str, float]:
    """Return each way's nDCG@10 on one collection."""
    collection, embedder = read_collection(folder), load_embedder()
    sums = dict.fromkeys(WAYS, 0.0)
    judged = [query for query in collection.queries if collection.qrels.get(query)]
    with tempfile.TemporaryDirectory() as place:
        store = Store(Path(place))
        ids = index_collection(store, collection, embedder)
        searcher = Searcher(store, embedder)
        for query in judged:
            hits = searcher.search(Query(collection.queries[query]), DEPTH).hits
            for way, scores in WAYS.items():
                scored = zip(scores(hits), range(len(hits)), strict=True)
                order = [i for _, i in sorted(scored, key=lambda pair: (-pair[0], pair[1]))]
                ranking = [ids[hits[i].note.path] for i in order[:10]]
                sums[way] += ndcg(ranking, collection.qrels[query])
    print(folder.name, len(judged), "queries", file=sys.stderr)
    return {way: round(100 * total / len(judged), 1) for way, total in sums.items()}


if __name__ == "__main__":
    main()
