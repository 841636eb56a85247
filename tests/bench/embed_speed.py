"""Texts a second: the bundled model by onnxruntime and Sentence Transformers, on the same cores.

    python -m tests.bench.embed_speed [--checkpoint DIR] [--threads N] [--budgets 1024 2048 4096]

Paragraphs and questions are those of xquad (Chinese and English). The peers in the same run: the
bundled folder in Sentence Transformers and, with --checkpoint, its float32 original.
"""

import argparse
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer

from index.embedding.model_files import BUNDLED
from index.embedding.onnx_embedder import BATCH_TOKENS, OnnxEmbedder
from tests.conftest import SHARED


def texts(kind: str, limit: int) -> list[str]:
    names = ("xquad-zh-zh", "xquad-en-en")
    return [
        json.loads(line)["text"]
        for name in names
        for line in (SHARED / "bench" / name / f"{kind}.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()[: limit // 2]
    ]


def rate(embed: Callable[[list[str]], object], given: Sequence[str], rounds: int) -> float:
    """The best of several rounds, the first thrown away: other work on the machine only slows."""
    embed(list(given[:32]))
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        embed(list(given))
        best = min(best, time.perf_counter() - begin)
    return len(given) / best


def commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=BUNDLED)
    parser.add_argument("--checkpoint")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--budgets", type=int, nargs="+", default=[BATCH_TOKENS])
    parser.add_argument("--limit", type=int, default=240, help="paragraphs, and questions")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    embeds: dict[str, Callable[[list[str]], object]] = {}
    for budget in given.budgets:
        ours = OnnxEmbedder(given.model, threads=given.threads, batch_tokens=budget)
        embeds[f"ours, {budget} tokens a batch"] = ours.embed_documents
    embeds["sentence-transformers, same folder"] = SentenceTransformer(str(given.model)).encode
    if given.checkpoint:
        kwargs = {"dtype": torch.float32}
        peer = SentenceTransformer(given.checkpoint, model_kwargs=kwargs)
        embeds["sentence-transformers, float32 checkpoint"] = peer.encode
    samples = {kind: texts(kind, given.limit) for kind in ("corpus", "queries")}
    figures: dict[str, dict[str, float]] = {}
    print("| | paragraphs/s | questions/s |\n|---|---|---|", flush=True)
    for name, embed in embeds.items():
        rates = {kind: rate(embed, sample, given.rounds) for kind, sample in samples.items()}
        figures[name] = rates
        print(f"| {name} | {rates['corpus']:.1f} | {rates['queries']:.0f} |", flush=True)
    machine = {"cpu": platform.processor() or platform.machine(), "threads": given.threads}
    print(
        json.dumps(
            {"benchmark": "embed_speed", "per_second": figures, **machine, "commit": commit()}
        )
    )


if __name__ == "__main__":
    main()
