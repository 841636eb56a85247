"""One other library on the same chunks and vectors; run by the interpreter that has it.

    python peers.py NAME CHUNKS QUESTIONS MODEL WORK

CHUNKS is a folder with chunks.jsonl and vectors.npy, QUESTIONS a JSON list of [question, file],
MODEL the float checkpoint that questions are embedded with, by Sentence Transformers. Prints one
line of JSON. Each library is set up as its documentation has it for hybrid search, with the
tokenizer for Chinese that it brings; Chroma has none, and searches by vectors alone.
"""

import json
import os
import random
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

CLIENTS = 16
PAUSE = 1.0
"""Seconds between an answer and the same client's next question, on average, where clients pause."""

PAUSED = 240
"""Questions of clients that pause."""

SECONDS = 60.0
"""For questions one after another; who does not answer all of them in time is asked fewer."""

AT_ONCE = 5_000


class Txtai:
    def __init__(self, chunks, vectors, work):
        from txtai import Embeddings

        self.known = {chunk["text"]: row for chunk, row in zip(chunks, vectors, strict=True)}
        self.asked = threading.local()
        self.embeddings = Embeddings(
            method="external",
            transform=lambda texts: self._vectors(texts),  # it wants a function
            hybrid=True,
            content=False,
        )
        self.embeddings.index((chunk["id"], chunk["text"], None) for chunk in chunks)

    def _vectors(self, texts):
        return np.stack([self.known.get(text, self.asked.__dict__.get("vector")) for text in texts])

    def search(self, question, vector):
        self.asked.vector = vector
        return [found for found, _ in self.embeddings.search(question, 10)]


class LanceDB:
    def __init__(self, chunks, vectors, work):
        import lancedb
        import pyarrow

        width = pyarrow.list_(pyarrow.float32(), vectors.shape[1])
        table = pyarrow.table(
            {
                "id": [chunk["id"] for chunk in chunks],
                "text": [chunk["text"] for chunk in chunks],
                "vector": pyarrow.FixedSizeListArray.from_arrays(
                    pyarrow.array(vectors.ravel()), vectors.shape[1]
                ).cast(width),
            }
        )
        self.table = lancedb.connect(str(work)).create_table("chunks", table, mode="overwrite")
        self.table.create_fts_index(
            "text", base_tokenizer="ngram", ngram_min_length=2, ngram_max_length=3
        )
        if len(chunks) > AT_ONCE * 10:
            self.table.create_index(metric="cosine", vector_column_name="vector")

    def search(self, question, vector):
        asked = self.table.search(query_type="hybrid").vector(vector).text(question)
        return asked.limit(10).select(["id"]).to_arrow()["id"].to_pylist()


class Chroma:
    def __init__(self, chunks, vectors, work):
        import chromadb

        client = chromadb.PersistentClient(str(work))
        self.collection = client.create_collection(
            "chunks", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        for start in range(0, len(chunks), AT_ONCE):
            some = chunks[start : start + AT_ONCE]
            self.collection.add(
                ids=[str(chunk["id"]) for chunk in some],
                embeddings=vectors[start : start + AT_ONCE],
                documents=[chunk["text"] for chunk in some],
            )

    def search(self, question, vector):
        found = self.collection.query(query_embeddings=[vector], n_results=10, include=[])
        return [int(number) for number in found["ids"][0]]


class MilvusLite:
    def __init__(self, chunks, vectors, work):
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        work.mkdir(parents=True, exist_ok=True)
        self.client = MilvusClient(str(work / "chunks.db"))
        schema = self.client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field(
            "text",
            DataType.VARCHAR,
            max_length=65_000,
            enable_analyzer=True,
            analyzer_params={"tokenizer": "jieba"},
        )
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25",
                function_type=FunctionType.BM25,
                input_field_names=["text"],
                output_field_names=["sparse"],
            )
        )
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="FLAT", metric_type="IP")
        index.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        self.client.create_collection("chunks", schema=schema, index_params=index)
        for start in range(0, len(chunks), 1000):
            rows = [
                {"id": chunk["id"], "text": chunk["text"], "vector": vector}
                for chunk, vector in zip(
                    chunks[start : start + 1000],
                    vectors[start : start + 1000].tolist(),
                    strict=True,
                )
            ]
            self.client.insert("chunks", rows)
        self.client.load_collection("chunks")

    def search(self, question, vector):
        from pymilvus import AnnSearchRequest, RRFRanker

        dense = AnnSearchRequest([vector.tolist()], "vector", {"metric_type": "IP"}, limit=100)
        words = AnnSearchRequest([question], "sparse", {"metric_type": "BM25"}, limit=100)
        found = self.client.hybrid_search("chunks", [dense, words], RRFRanker(), limit=10)
        return [hit["id"] for hit in found[0]]


PEERS = {"txtai": Txtai, "lancedb": LanceDB, "chroma": Chroma, "milvus-lite": MilvusLite}


def main() -> None:
    name, chunks_in, questions_in, model, work = sys.argv[1:]
    import torch
    from sentence_transformers import SentenceTransformer

    lines = Path(chunks_in, "chunks.jsonl").read_text(encoding="utf-8").splitlines()
    chunks = [json.loads(line) for line in lines]
    vectors = np.load(Path(chunks_in, "vectors.npy"))
    path_of = {chunk["id"]: chunk["path"] for chunk in chunks}
    questions = json.loads(Path(questions_in).read_text(encoding="utf-8"))
    encoder = SentenceTransformer(model, model_kwargs={"dtype": torch.float32}, device="cpu")
    begin = time.perf_counter()
    peer = PEERS[name](chunks, vectors, Path(work))
    told = {"build s": time.perf_counter() - begin}
    count = len(chunks)
    del chunks, vectors

    def ask(question):
        vector = encoder.encode(question, normalize_embeddings=True)
        middle = time.perf_counter()
        return peer.search(question, vector), time.perf_counter() - middle

    for question, _ in questions[:5]:
        ask(question + "?")
    whole, alone, right = [], [], 0
    end = time.perf_counter() + SECONDS
    for question, expected in questions:
        begin = time.perf_counter()
        if begin > end and len(whole) >= 20:
            break
        found, searching = ask(question)
        whole.append(1000 * (time.perf_counter() - begin))
        alone.append(1000 * searching)
        right += any(path_of[one].split("/")[-1] == expected for one in found)
    questions = questions[: len(whole)]
    told |= {"chunks": count, "questions": len(questions), "recall@10": right / len(questions)}
    told |= quantiles("ms", whole) | quantiles("ms without embedding", alone)
    torch.set_num_threads(1)
    told |= clients(ask, [question for question, _ in questions])
    if told["ms p95"] < 1000:
        told |= pausing_clients(ask, [question + "!" for question, _ in questions])
    told["peak MB"] = peak_mb()
    print(json.dumps({"name": name, **told}))


def clients(ask, questions) -> dict[str, float]:
    """Return what CLIENTS at once see, each asking the next question when it has its answer."""

    def timed(question):
        begin = time.perf_counter()
        ask(question)
        return 1000 * (time.perf_counter() - begin)

    begin = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = list(pool.map(timed, questions))
    rate = len(questions) / (time.perf_counter() - begin)
    return quantiles(f"ms of {CLIENTS} clients", times) | {"questions/s": rate}


def pausing_clients(ask, questions) -> dict[str, float]:
    """Return what CLIENTS at once see, each pausing for PAUSE, by chance half to one and a half."""
    chance = random.Random(1)
    turns = [(question, chance.uniform(0.5, 1.5) * PAUSE) for question in questions[:PAUSED]]

    def timed(turn):
        question, pause = turn
        time.sleep(pause)
        begin = time.perf_counter()
        ask(question)
        return 1000 * (time.perf_counter() - begin)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return quantiles(f"ms of {CLIENTS} clients that pause", list(pool.map(timed, turns)))


def quantiles(name, values) -> dict[str, float]:
    cut = statistics.quantiles(values, n=20)
    return {f"{name} p50": statistics.median(values), f"{name} p95": cut[-1]}


def peak_mb() -> float:
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kb) / 1024


if __name__ == "__main__":
    main()
