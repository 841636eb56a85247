"""What the bundled model loses against its float checkpoint.

    python -m tests.bench.int8_cost CHECKPOINT [--model index/model] [--sets xquad-zh-zh ...]

Float is the checkpoint as Sentence Transformers runs it in float32; int8 is the bundled folder as
`OnnxEmbedder` runs it, folding and mended tokenizer included. nDCG@10 x 100, exact search.
"""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from index.embedder import Embedder
from index.model_files import BUNDLED
from index.onnx_embedder import OnnxEmbedder
from index.sentence_transformers_embedder import SentenceTransformersEmbedder

SHARED = Path(os.environ.get("NOTES_SHARED", "../shared"))
SETS = ("xquad-zh-zh", "xquad-en-en", "xquad-en-zh", "xquad-zh-en", "til-en-title", "scifact")


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def qrels(file: Path) -> dict[str, dict[str, float]]:
    relevant: dict[str, dict[str, float]] = {}
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        relevant.setdefault(query, {})[document] = float(grade)
    return relevant


def ndcg(ranked: list[str], relevant: Mapping[str, float], k: int = 10) -> float:
    """Linear gain, log2 discount, as trec_eval's ndcg_cut."""
    discounts = 1 / np.log2(np.arange(2, k + 2))
    gains = np.array([relevant.get(document, 0.0) for document in ranked[:k]])
    ideal = np.array(sorted(relevant.values(), reverse=True)[:k])
    return float(gains @ discounts[: len(gains)] / (ideal @ discounts[: len(ideal)]))


def score(embedder: Embedder, folder: Path) -> float:
    corpus, queries = lines(folder / "corpus.jsonl"), lines(folder / "queries.jsonl")
    relevant = qrels(folder / "qrels.tsv")
    queries = [query for query in queries if query["id"] in relevant]
    texts = [f"{entry.get('title') or ''}\n{entry['text']}".strip() for entry in corpus]
    documents = embedder.embed_documents(texts)
    scores = embedder.embed_queries([query["text"] for query in queries]) @ documents.T
    best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    found = [
        ndcg([corpus[i]["id"] for i in row], relevant[query["id"]])
        for query, row in zip(queries, best, strict=True)
    ]
    return 100 * float(np.mean(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("--model", type=Path, default=BUNDLED)
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--threads", type=int, default=0, help="0 = every core")
    given = parser.parse_args()
    if given.threads:
        import torch

        torch.set_num_threads(given.threads)
    both: dict[str, Embedder] = {
        "float": SentenceTransformersEmbedder(given.checkpoint),
        "int8": OnnxEmbedder(given.model, threads=given.threads),
    }
    figures: dict[str, dict[str, float]] = {}
    print("| nDCG@10 x 100 | float | int8 | difference |\n|---|---|---|---|", flush=True)
    for name in given.sets:
        figures[name] = {kind: score(one, SHARED / "bench" / name) for kind, one in both.items()}
        float_, int8 = figures[name]["float"], figures[name]["int8"]
        print(f"| {name} | {float_:.2f} | {int8:.2f} | {int8 - float_:+.2f} |", flush=True)
    print(json.dumps({"benchmark": "int8_cost", "ndcg@10": figures}))


if __name__ == "__main__":
    main()
