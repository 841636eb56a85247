"""Measure search on every collection in a folder, in each mode: a table, kept as JSON.

python -m tests.bench.quality ../shared/bench [SET ...] [--kept FOLDER]

Sets are measured side by side, one on each core. With all sets the figures go to tests/bench/results/quality.json, with commit and recipe.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import Manager
from pathlib import Path
from queue import Queue
from typing import Any

from corpus.progress import OnProgress
from index.embedding.embedder import Embedder
from index.embedding.models import load_embedder
from index.embedding.recipe import recipe_of
from index.finding.hit import Mode
from index.keeping.store import Store
from index.measuring.collection import Collection
from index.measuring.comparison import interval
from index.measuring.evaluate import Naming, run_trial, trial_of
from tests.bench.kept_indexes import open_index

RESULTS = Path(__file__).parent / "results" / "quality.json"

BARS = {
    "xquad-zh-zh": 97.8,
    "xquad-en-en": 98.2,
    "xquad-en-zh": 84.0,
    "xquad-zh-en": 80.0,
    "cmrc2018-dev": 98.4,
    "drcd-test-s2t": 96.0,
    "til-en-title": 92.5,
    "scifact": 71.0,
    "chroma-chunks": 80.0,
}
"""nDCG@10 x100 that the hybrid search is to reach."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--kept", type=Path, help="folder of indexes to use again, or to make")
    given = parser.parse_args()
    names = given.sets or sorted(f.parent.name for f in given.bench.glob("*/qrels.tsv"))
    figures: dict[str, Any] = {}
    heads = "".join(f"{mode.value:>8}" for mode in Mode)
    print(f"{'nDCG@10 x100':16}{heads}  95 % of hybrid      bar", flush=True)
    cores: Queue[int] = Manager().Queue()
    for core in sorted(os.sched_getaffinity(0)):
        cores.put(core)
    with ProcessPoolExecutor(cores.qsize(), initializer=_take_core, initargs=(cores,)) as pool:
        tasks = [pool.submit(measure, given.bench / name, given.kept) for name in names]
        for name, task in zip(names, tasks, strict=True):
            figures[name] = task.result()
            print(_row(name, figures[name]), flush=True)
    record = {
        "commit": _commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}",
        "recipe": recipe_of(load_embedder()),
        "figures": figures,
    }
    print(json.dumps(record))
    if not given.sets:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def measure(folder: Path, kept: Path | None) -> dict[str, Any]:
    """Return nDCG@10 x100 of each mode, the hybrid's interval, and milliseconds a search."""
    trial, embedder = trial_of(folder), load_embedder()
    if kept is not None:
        trial = replace(trial, index=partial(_copy, kept / folder.name, trial.collection))
    runs = {run.mode: run for run in run_trial(trial, embedder, list(Mode))}
    hybrid = runs[Mode.HYBRID]
    queries = len(hybrid.rankings)
    return {
        **{mode.value: round(100 * run.means["ndcg@10"], 2) for mode, run in runs.items()},
        "interval": [round(100 * end, 2) for end in interval(hybrid.scores["ndcg@10"])],
        "queries": queries,
        "ms a search": round(1e3 * hybrid.search_seconds / queries, 1),
    }


def _copy(
    kept: Path, collection: Collection, store: Store, embedder: Embedder, _: OnProgress
) -> Naming:
    """Take a kept index for the one that is to be made."""
    _, documents = open_index(kept, collection, embedder)
    shutil.copytree(kept, store.folder, dirs_exist_ok=True)
    return lambda hit: documents[hit.note.path]


def _take_core(cores: "Queue[int]") -> None:
    """One core for each process: threads that wait for each other are slower than one."""
    os.sched_setaffinity(0, {cores.get()})


def _row(name: str, figures: dict[str, Any]) -> str:
    means = "".join(f"{figures[mode.value]:8.2f}" for mode in Mode)
    low, high = figures["interval"]
    bar = BARS.get(name)
    told = "" if bar is None else f"{bar:6.1f} {'' if _reaches(figures, bar) else 'BELOW'}"
    return f"{name:16}{means}   {low:5.1f} - {high:5.1f}   {told}".rstrip()


def _reaches(figures: dict[str, Any], bar: float) -> bool:
    return bool(round(figures["hybrid"], 1) >= bar)


def _commit() -> str:
    """The commit that is measured; "+" after it means that files differ from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
