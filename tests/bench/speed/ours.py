"""This project's search on an index: times, recall, memory. Prints one line of JSON.

python -m tests.bench.speed.ours INDEX QUESTIONS
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.crew import Crew, members
from index.embedding.models import load_embedder
from index.finding.filters import Query
from index.finding.hit import Mode
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.vector_rows import vectors_of
from index.keeping.vectors import chunks_in
from tests.bench.speed.peers import clients, pausing_clients, quantiles


def main() -> None:
    folder = Path(sys.argv[1])
    asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    store, embedder = Store(folder, is_kept_open=True), load_embedder()
    searcher = Searcher(store, embedder)

    def ask(question: str) -> list[str]:
        return [hit.note.path for hit in searcher.search(Query(question)).hits]

    begin = time.perf_counter()
    ask("warm")
    told: dict[str, object] = {"name": "ours", "first ms": 1000 * (time.perf_counter() - begin)}
    first, whole, embedding, right = [], [], [], 0
    for question, _ in asked:  # what they need is read from the disk
        begin = time.perf_counter()
        ask(question + "?")
        first.append(1000 * (time.perf_counter() - begin))
    for question, expected in asked:
        begin = time.perf_counter()
        found = ask(question)
        whole.append(1000 * (time.perf_counter() - begin))
        right += any(path.split("/")[-1] == expected for path in found)
    told |= {"recall@10": right / len(asked), **quantiles("ms", whole)}
    told |= quantiles("ms the first time", first)
    told |= _by_meaning(searcher, asked)
    for question, _ in asked:
        begin = time.perf_counter()
        embedder.embed_queries([question])
        embedding.append(1000 * (time.perf_counter() - begin))
    told |= quantiles("ms of embedding", embedding)
    told |= {f"{name} (threads)": x for name, x in clients(_anew(ask), _words(asked)).items()}
    told["RSS MB"] = _rss()
    told |= _recall_of_codes(store, searcher, [question for question, _ in asked[:100]])
    crew = Crew(folder, members=members())
    try:
        crew.warm_up()
        told |= clients(lambda question: crew.call(_search, question + "!!"), _words(asked))
        told |= pausing_clients(lambda q: crew.call(_search, q + "!?"), _words(asked))
    finally:
        crew.close()
    print(json.dumps(told))


def _by_meaning(searcher: Searcher, asked: list[list[str]]) -> dict[str, float]:
    """Return recall and times of the vectors alone, as Chroma searches."""
    times, right = [], 0
    for question, expected in asked:
        begin = time.perf_counter()
        hits = searcher.search(Query(question), mode=Mode.DENSE).hits
        times.append(1000 * (time.perf_counter() - begin))
        right += any(hit.note.path.split("/")[-1] == expected for hit in hits)
    return {"recall@10, by meaning": right / len(asked), **quantiles("ms, by meaning", times)}


def _search(assistant: object, question: str) -> int:
    return len(assistant.searcher.search(Query(question)).hits)  # type: ignore[attr-defined]


def _words(asked: list[list[str]]) -> list[str]:
    return [question for question, _ in asked]


def _anew(ask: Callable[[str], object]) -> Callable[[str], object]:
    """Ask what was not asked before, since answers are kept."""
    return lambda question: ask(question + " !")


def _rss() -> float:
    status = Path(f"/proc/{os.getpid()}/status").read_text()
    kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kb) / 1024


def _recall_of_codes(store: Store, searcher: Searcher, asked: list[str]) -> dict[str, float]:
    """Compare the nearest by codes with those by the vectors themselves, filtered too."""
    queries = searcher.embedder.embed_queries(asked)
    with store.reading() as db:
        index, chunks = searcher._local.vector_index(db), chunks_in(db)
        best: list[list[tuple[float, int]]] = [[] for _ in asked]
        shares = {"all": chunks, "a tenth": chunks[::10], "1 in 1000": chunks[::1000]}
        exact = {name: [list(one) for one in best] for name in shares}
        member = {name: set(some.tolist()) for name, some in shares.items()}
        for start in range(0, len(chunks), 20_000):
            some = chunks[start : start + 20_000]
            products = queries @ vectors_of(db, some.tolist()).T
            for name in shares:
                kept = np.array([i for i, c in enumerate(some.tolist()) if c in member[name]])
                if not len(kept):
                    continue
                for place, row in enumerate(products[:, kept]):
                    top = np.argsort(-row)[:10]
                    pairs = zip(row[top].tolist(), some[kept[top]].tolist(), strict=True)
                    exact[name][place] = sorted(exact[name][place] + list(pairs))[-10:]
        told = {}
        for name, wanted in shares.items():
            hits, times = 0, []
            for query, right in zip(queries, exact[name], strict=True):
                begin = time.perf_counter()
                allowed = None if name == "all" else wanted.tolist()
                near = [chunk for chunk, _ in index.search(query, 100, allowed)]
                times.append(1000 * (time.perf_counter() - begin))
                scores = vectors_of(db, near) @ query
                first = [near[place] for place in np.argsort(-scores)[:10]]
                hits += len(set(first) & {chunk for _, chunk in right})
            told[f"recall@10 of codes, {name}"] = hits / (10 * len(asked))
            told[f"ms of codes p50, {name}"] = float(np.median(times))
        return told


if __name__ == "__main__":
    main()
