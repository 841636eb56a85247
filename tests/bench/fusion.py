"""Compare ways to make one ranking of two lists, on every collection in a folder.

    python -m tests.bench.fusion ../shared/bench KEPT [SET ...]

Every way ranks the same notes, those that either list has among its first 200 chunks. nDCG@10
x100, the mean over sets, and p of Fisher's randomization test against what the product does, over
all questions. Indexes are kept in the folder KEPT.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean

import numpy as np

from index.embedding.models import load_embedder
from index.embedding.windows import WHOLE_SHARE
from index.finding.fusion import ACROSS_WEIGHT, DENSE_WEIGHT, TELLING
from index.measuring.collection import read_collection
from index.measuring.comparison import paired_p
from index.measuring.metrics import ndcg
from tests.bench.candidates import Candidates, Floats, collection_candidates

Way = Callable[[Candidates], Floats]


def fixed(weight: float) -> Way:
    """Cosine of the nearest window, and BM25 as a share of what it could be."""
    return lambda found: weight * found.nearest + (1 - weight) * found.terms


def stretched(weight: float) -> Way:
    """Min-max cosine over the list, BM25 divided by the list's best."""

    def scores(found: Candidates) -> Floats:
        listed = found.nearest[found.near_rank > 0]
        low, high = listed.min(initial=1.0), listed.max(initial=0.0)
        near = np.clip((found.nearest - low) / max(high - low, 1e-9), 0, 1)
        return weight * near + (1 - weight) * found.terms / max(found.terms.max(initial=0), 1e-9)

    return scores


def trusting(weight: float, passage: float = 0.0) -> Way:
    """BM25 divided by the list's best, as much of it as the root of the best one's share."""

    def scores(found: Candidates) -> Floats:
        best = max(found.terms.max(initial=0), 1e-9)
        near = passage * found.passage + (1 - passage) * found.nearest
        return weight * near + (1 - weight) * found.terms / best**0.5

    return scores


def by_language(within: float, across: float, telling: int | None = TELLING) -> Way:
    """What the product does: by language, and without the words that many notes hold."""

    def scores(found: Candidates) -> Floats:
        weight = np.where(found.same_language > 0, within, across)
        near = WHOLE_SHARE * found.passage + (1 - WHOLE_SHARE) * found.nearest
        shares = np.sort(found.terms)[::-1]
        common = shares[telling] if telling is not None and len(shares) > telling else 0.0
        return weight * near + (1 - within) * np.maximum(found.terms - common, 0.0)

    return scores


def passage_vectors(weight: float) -> Way:
    """Fixed scales, with the cosine of the whole passage."""
    return lambda found: weight * found.passage + (1 - weight) * found.terms


def both_cosines(weight: float, passage: float) -> Way:
    """Fixed scales, with a share of the passage's cosine in the window's."""
    return lambda found: (
        weight * (passage * found.passage + (1 - passage) * found.nearest)
        + (1 - weight) * found.terms
    )


def reciprocal_ranks(found: Candidates) -> Floats:
    """Reciprocal rank fusion with k = 60 (Cormack et al. 2009)."""
    parts = [
        np.where(ranks > 0, 1 / (60 + ranks), 0.0) for ranks in (found.near_rank, found.terms_rank)
    ]
    return np.sum(parts, axis=0)


BY_LANGUAGE = ((0.35, 0.35), (0.35, 0.4), (0.35, 0.45), (0.4, 0.4), (0.4, 0.45), (0.4, 0.6))

WAYS: Mapping[str, Way] = {
    "product": by_language(DENSE_WEIGHT, ACROSS_WEIGHT),
    "windows": fixed(1.0),
    "passages": passage_vectors(1.0),
    "terms": fixed(0.0),
    "reciprocal ranks": reciprocal_ranks,
    **{f"stretched {w}": stretched(w) for w in (0.5, 0.6, 0.7)},
    **{f"trusting {w}": trusting(w) for w in (0.5, 0.6, 0.7)},
    **{f"passages {w}": passage_vectors(w) for w in (0.35, 0.4)},
    **{f"shared {p} {w}": both_cosines(w, p) for p in (0.2, 0.3) for w in (0.35, 0.4, 0.45, 0.5)},
    **{f"trusting shared 0.2 {w}": trusting(w, 0.2) for w in (0.55, 0.6, 0.65)},
    **{f"fixed {w}": fixed(w) for w in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)},
    **{f"by language {w} {a}": by_language(w, a, None) for w, a in BY_LANGUAGE},
    **{f"telling {k} {w} {a}": by_language(w, a, k) for k in (5, 10, 20) for w, a in BY_LANGUAGE},
}


def main() -> None:
    bench, kept = Path(sys.argv[1]), Path(sys.argv[2])
    names = sys.argv[3:] or sorted(f.parent.name for f in bench.glob("*/qrels.tsv"))
    figures = {name: measure(bench / name, kept / name) for name in names}
    every = {way: [x for name in names for x in figures[name][way]] for way in WAYS}
    table = {way: [round(100 * fmean(figures[name][way]), 2) for name in names] for way in WAYS}
    print(f"{'':22}" + "".join(f"{_short(name):>7}" for name in names) + "   mean      p")
    for way, values in table.items():
        p = paired_p(every["product"], every[way])
        row = "".join(f"{value:7.2f}" for value in values)
        print(f"{way:22}{row}{fmean(values):7.2f}{p:7.4f}")
    print(json.dumps({"sets": names, "ndcg@10": table}))


def measure(folder: Path, kept: Path) -> dict[str, list[float]]:
    """Return each way's nDCG@10 of each question of one collection."""
    collection, embedder = read_collection(folder), load_embedder()
    scores: dict[str, list[float]] = {way: [] for way in WAYS}
    for found, documents in collection_candidates(kept, collection, embedder):
        for way, rank in WAYS.items():
            order = np.argsort(-rank(found), kind="stable")[:10]
            ranking = [documents[found.notes[place]] for place in order]
            scores[way].append(ndcg(ranking, collection.qrels[found.query]))
    print(folder.name, len(scores["product"]), "questions", file=sys.stderr)
    return scores


def _short(name: str) -> str:
    return "-".join(part[:2] for part in name.split("-"))[:6]


if __name__ == "__main__":
    main()
