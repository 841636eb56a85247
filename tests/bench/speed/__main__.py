"""Speed beside other libraries, in one run: tables, ratios, a line of JSON.

    python -m tests.bench.speed WORK PEERS [--sizes 10000 100000] [--peers NAME ...] [--only STEP]

PEERS is the interpreter of an environment with the other libraries (`make bench-speed` makes it).
WORK keeps the indexes (0.1, 1 and 11 GB at 10 thousand, 100 thousand and a million chunks). Each
measurement is a process of its own; run it when nothing else runs.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.speed.corpus import export, make_index, questions
from tests.conftest import SHARED

PEERS = ("txtai", "lancedb", "chroma", "milvus-lite")
STEPS = ("embedding", "build", "questions", "peers", "start")
MODEL = SHARED / "model"
LARGEST = {"milvus-lite": 20_000}
"""Chunks past which a library is left out: at 10,000 a question takes it two seconds."""

LONGEST = 900
"""Seconds after which a library is stopped."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("peers_python", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--peers", nargs="+", default=PEERS)
    parser.add_argument("--only", nargs="+", default=STEPS, choices=STEPS)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    asked = given.work / "questions.json"
    asked.write_text(json.dumps(questions(SHARED), ensure_ascii=False), encoding="utf-8")
    figures: dict[str, Any] = {"machine": _machine()}
    stores = {size: make_index(SHARED, given.work, size) for size in given.sizes}
    smallest = stores[min(stores)].folder
    here = [sys.executable, "-m"]
    if "embedding" in given.only:
        figures["embedding"] = _run(
            *here, "tests.bench.speed.embedding", stores[max(stores)].folder, MODEL
        )
    if "build" in given.only:
        figures["build"] = _run(*here, "tests.bench.speed.build", SHARED, given.work)
    for size, store in stores.items():
        rows = figures.setdefault(str(size), {})
        if "questions" in given.only:
            rows["ours"] = _run(*here, "tests.bench.speed.ours", store.folder, asked)
        if "peers" in given.only:
            chunks = export(store, given.work / f"chunks-{size}")
            for peer in given.peers:
                if size > LARGEST.get(peer, size):
                    continue
                work = given.work / f"{peer}-{size}"
                shutil.rmtree(work, ignore_errors=True)
                script = Path(__file__).with_name("peers.py")
                rows[peer] = _run(given.peers_python, script, peer, chunks, asked, MODEL, work)
                shutil.rmtree(work, ignore_errors=True)
        _table(size, rows)
    if "start" in given.only:
        figures["start"] = _run(*here, "tests.bench.speed.start", smallest)
    print(json.dumps(figures, ensure_ascii=False))


def _run(*command: object) -> dict[str, Any]:
    """Run a measurement; return what its last line says."""
    quiet = {**os.environ, "RUST_LOG": "error", "LANCE_LOG": "error"}  # a line for each question
    try:
        done = subprocess.run(
            [str(one) for one in command],
            stdout=subprocess.PIPE,
            text=True,
            env=quiet,
            check=False,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        print(f"stopped after {LONGEST} s: {command}", flush=True)
        return {"stopped after s": LONGEST}
    if done.returncode:
        print(f"failed: {command}", flush=True)
        return {"failed": done.returncode}
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    for name, value in told.items():
        print(f"  {name}: {round(value, 3) if isinstance(value, float) else value}", flush=True)
    return told


def _table(size: int, rows: dict[str, dict[str, Any]]) -> None:
    columns = (
        "recall@10",
        "ms p50",
        "ms p95",
        "ms of 16 clients p95",
        "ms of 16 clients that pause p95",
        "questions/s",
        "build s",
    )
    print(f"\n| {size} chunks | {' | '.join(columns)} | p50, times ours |\n|---|" + "---|" * 8)
    ours = rows.get("ours", {}).get("ms p50")
    for name, row in rows.items():
        cells = [f"{row[c]:.3g}" if c in row else "" for c in columns]
        ratio = f"{row['ms p50'] / ours:.1f}" if ours and "ms p50" in row else ""
        print(f"| {name} | {' | '.join(cells)} | {ratio} |", flush=True)
    print()


def _machine() -> dict[str, object]:
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {"cpu": cpu, "cores": os.cpu_count(), "load": os.getloadavg()[0]}


if __name__ == "__main__":
    main()
