"""How well models find notes by their vectors alone: nDCG@10 × 100 on collections in BEIR form.

`python -m index.distill.evaluation MODEL... --bench FOLDER [--sets NAME...]` prints one table with
a column for each model, exact search over whole texts. A folder that the export wrote is run as
`OnnxEmbedder` runs it, folding included; any other through Sentence Transformers in float32.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import numpy as np

from index.distill.command import run
from index.embedding.embedder import Embedder
from index.embedding.model_files import DIGESTS
from index.measuring.collection import Collection, read_collection
from index.measuring.metrics import ndcg

SETS = ("xquad-zh-zh", "xquad-en-en", "xquad-en-zh", "xquad-zh-en", "til-en-title", "scifact")
_DEPTH = 10


def score(embedder: Embedder, collection: Collection) -> float:
    """Mean nDCG@10 of the judged queries, from 0 to 1."""
    names = list(collection.documents)
    documents = embedder.embed_documents(
        [f"{title}\n{text}".strip() for title, text in collection.documents.values()]
    )
    asked = [query for query in collection.queries if query in collection.qrels]
    queries = embedder.embed_queries([collection.queries[query] for query in asked])
    best = np.argsort(-(queries @ documents.T), axis=1, kind="stable")[:, :_DEPTH]
    return fmean(
        ndcg([names[place] for place in places], collection.qrels[query])
        for query, places in zip(asked, best, strict=True)
    )


def _open(model: str, threads: int) -> Embedder:
    if (Path(model) / DIGESTS).exists():
        from index.embedding.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(Path(model), threads)
    import torch

    from index.embedding.sentence_transformers_embedder import SentenceTransformersEmbedder

    if threads:
        torch.set_num_threads(threads)
    return SentenceTransformersEmbedder(model)


def _report(models: Sequence[str], bench: Path, sets: Sequence[str], threads: int) -> None:
    embedders = {model: _open(model, threads) for model in models}
    print(f"| nDCG@10 × 100 | {' | '.join(models)} |\n|---|{'---|' * len(models)}", flush=True)
    figures: dict[str, dict[str, float]] = {}
    for name in sets:
        collection = read_collection(bench / name)
        figures[name] = {
            model: round(100 * score(embedder, collection), 2)
            for model, embedder in embedders.items()
        }
        cells = " | ".join(f"{value:.2f}" for value in figures[name].values())
        print(f"| {name} | {cells} |", flush=True)
    print(json.dumps({"benchmark": "embedding models", "ndcg@10": figures}))


def main() -> int:
    """Compare models as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "models", nargs="+", help="folders, or names that Sentence Transformers has"
    )
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--threads", type=int, default=0, help="0 = every core")
    given = parser.parse_args()
    return run(lambda: _report(given.models, given.bench, given.sets, given.threads))


if __name__ == "__main__":
    raise SystemExit(main())
