"""Measure search on every collection in a folder, in each mode: a table, kept as JSON.

python -m tests.bench.quality ../shared/bench [SET ...]

With all sets the figures go to tests/bench/results/quality.json, with commit and recipe.
"""

import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.comparison import interval
from index.evaluate import run_trial, trial_of
from index.hit import Mode
from index.models import load_embedder
from index.recipe import recipe_of

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
    bench = Path(sys.argv[1])
    names = sys.argv[2:] or sorted(f.parent.name for f in bench.glob("*/qrels.tsv"))
    embedder = load_embedder()
    figures: dict[str, Any] = {}
    heads = "".join(f"{mode.value:>8}" for mode in Mode)
    print(f"{'nDCG@10 x100':16}{heads}  95 % of hybrid      bar", flush=True)
    for name in names:
        runs = {run.mode: run for run in run_trial(trial_of(bench / name), embedder, list(Mode))}
        figures[name] = {m.value: round(100 * run.means["ndcg@10"], 2) for m, run in runs.items()}
        low, high = interval(runs[Mode.HYBRID].scores["ndcg@10"])
        figures[name]["interval"] = [round(100 * low, 2), round(100 * high, 2)]
        figures[name]["queries"] = len(runs[Mode.HYBRID].rankings)
        figures[name]["index seconds"] = round(runs[Mode.HYBRID].index_seconds)
        figures[name]["ms a search"] = round(
            1e3 * runs[Mode.HYBRID].search_seconds / figures[name]["queries"], 1
        )
        row = "".join(f"{figures[name][mode.value]:8.2f}" for mode in Mode)
        bar = BARS.get(name)
        told = (
            "" if bar is None else f"{bar:6.1f} {'' if _reaches(figures[name], bar) else 'BELOW'}"
        )
        print(f"{name:16}{row}   {100 * low:5.1f} - {100 * high:5.1f}   {told}", flush=True)
    record = {
        "commit": _commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {platform.python_version()}",
        "recipe": recipe_of(embedder),
        "figures": figures,
    }
    print(json.dumps(record))
    if not sys.argv[2:]:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


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
