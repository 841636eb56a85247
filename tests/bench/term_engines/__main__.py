"""Compare engines for the terms list on a million real chunks, Chinese and English.

python -m tests.bench.term_engines --cache DIR [--chunks N] [--vault DIR ...]

Needs tantivy (pip install tantivy) and the shared data (NOTES_SHARED). DIR keeps the cut terms
(1.3 GB at a million) and the indexes (about 6 GB); what is there is not made again.
"""

import argparse
import json
import os
import platform
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.bench.term_engines import steps
from tests.bench.term_engines.chunks import make_corpus
from tests.bench.term_engines.engines import ENGINES, WAYS

SETS = ("xquad-zh-zh", "xquad-en-en", "cmrc2018-dev", "til-en-title", "scifact")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--chunks", type=int, default=1_000_000)
    parser.add_argument("--vault", type=Path, action="append", default=[])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES))
    parser.add_argument("--short", type=int, default=40, help="questions of each short kind")
    parser.add_argument("--long", type=int, default=10, help="questions of each long kind")
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--steps", nargs="+", help="only these, of what there is already")
    given = parser.parse_args()
    shared = Path(os.environ.get("NOTES_SHARED", Path(__file__).parents[3].parent / "shared"))
    if not (shared / "train").is_dir():
        raise SystemExit(f"The shared data is missing: {shared}. Set NOTES_SHARED.")
    corpus = make_corpus(shared, given.vault, given.chunks, given.cache)
    print(corpus.made, flush=True)
    work = steps.Work(shared, corpus, given.cache / corpus.file.stem, given.short, given.long)
    figures: dict[str, Any] = {"corpus": corpus.made, "machine": _machine()}
    plan: dict[str, tuple[steps.Step, Sequence[str]]] = {
        "build": (steps.build, given.engines),
        "ask": (steps.ask_way, [n for n, way in WAYS.items() if way.built in given.engines]),
        "agreement": (steps.agree, ["all"]),
        "update": (steps.update, given.engines),
        "options": (steps.options, list(steps.OPTIONS)),
        "sets": (steps.measure_set, given.sets),
        "killed": (steps.kill, list(steps.KILLS)),
    }
    for name in given.steps or plan:
        figures[name] = _each(plan[name][0], work, plan[name][1])
        if name == "ask":
            _print_table(figures[name])
    print(json.dumps(figures, ensure_ascii=False))


def _each(step: steps.Step, work: steps.Work, names: Sequence[str]) -> dict[str, Any]:
    """Run a step for each name, each in a process of its own, and print what it returns."""
    done: dict[str, Any] = {}
    for name in names:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            done[name] = pool.submit(step, work, name).result()
        print(f"{step.__name__} · {name}: {json.dumps(done[name], ensure_ascii=False)}", flush=True)
    return done


def _print_table(asked: Mapping[str, Mapping[str, Any]]) -> None:
    """Print p50 / p95 in ms by the clock, then the processor's p50, for each kind of question."""
    kinds = [k for k in next(iter(asked.values()), {}) if k != "peak MB"]
    print(f"| ms | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    for way, told in asked.items():
        cells = (
            f"{t['p50']:.0f} / {t['p95']:.0f} ({t['CPU p50']:.0f})"
            for t in map(told.get, kinds)
            if t
        )
        print(f"| {way} | {' | '.join(cells)} |", flush=True)


def _machine() -> dict[str, object]:
    return {"cpu": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}


if __name__ == "__main__":
    main()
