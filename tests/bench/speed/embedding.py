"""Texts a second of vault text: this project, Sentence Transformers, and onnxruntime at its best.

    python -m tests.bench.speed.embedding INDEX CHECKPOINT [--texts N]

The texts are chunks of INDEX as they were embedded, drawn at random. Sentence Transformers has the
same model in float32 on torch. "Ideal batches" is onnxruntime alone, with the same session, on
batches that are made before the clock starts: every text of a batch has the same length, cut or
repeated to the mean of its batch, so that there is no padding, no tokenising and no copying.
Prints one line of JSON.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from corpus.chunk import header_of
from index.embedding.onnx_embedder import BATCH_TOKENS, OnnxEmbedder, batches
from index.keeping.notes import read_notes
from index.keeping.store import Store

ROUNDS = 3


def texts_of(folder: Path, count: int) -> list[str]:
    with Store(folder).reading() as db:
        rows = db.execute("SELECT note, span_start, span_end FROM chunks").fetchall()
        rows = random.Random(1).sample(rows, min(count, len(rows)))
        found = []
        for note, start, end in rows:
            one = read_notes(db, [note])[note].note
            text = one.text[start - one.span.start : end - one.span.start]
            header = header_of(one)
            found.append(f"{header}\n{text}" if header else text)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("checkpoint")
    parser.add_argument("--texts", type=int, default=1_500)
    given = parser.parse_args()
    texts = texts_of(given.index, given.texts)
    ours = OnnxEmbedder()
    peer = SentenceTransformer(
        given.checkpoint, model_kwargs={"dtype": torch.float32}, device="cpu"
    )
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.embed_documents(texts),
        "sentence-transformers": lambda: peer.encode(texts, batch_size=32),
        "ideal batches": _ideal(ours, texts),
    }
    ways["ours"](), peer.encode(texts[:64])
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):  # in turn, so that what else happens on the machine meets all
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            best[name] = min(best[name], time.perf_counter() - begin)
    rates = {name: len(texts) / seconds for name, seconds in best.items()}
    told = {
        **{f"{name}, texts/s": rate for name, rate in rates.items()},
        "ours / sentence-transformers": rates["ours"] / rates["sentence-transformers"],
        "ours / ideal batches": rates["ours"] / rates["ideal batches"],
    }
    print(json.dumps(told))


def _ideal(ours: OnnxEmbedder, texts: list[str]) -> Callable[[], object]:
    rows = ours._token_ids(texts)  # the same tokens
    made = []
    for batch in batches([len(row) for row in rows], BATCH_TOKENS):
        length = max(1, round(sum(len(rows[i]) for i in batch) / len(batch)))
        ids = np.stack([np.resize(rows[i], length) for i in batch]).astype(np.int64)
        made.append({"input_ids": ids, "attention_mask": np.ones_like(ids)})
    session, pool = ours._session, ThreadPoolExecutor(ours.threads)

    def run() -> object:
        return list(pool.map(lambda given: session.run(["sentence_embedding"], given), made))

    return run


if __name__ == "__main__":
    main()
