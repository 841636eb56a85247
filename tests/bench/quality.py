"""Measure search on every collection in a folder, in each mode: a table and one JSON line.

python -m tests.bench.quality ../shared/bench [SET ...]
"""

import json
import sys
from pathlib import Path

from index.evaluate import evaluate
from index.hit import Mode
from index.models import load_embedder


def main() -> None:
    bench = Path(sys.argv[1])
    names = sys.argv[2:] or sorted(f.parent.name for f in bench.glob("*/qrels.tsv"))
    embedder = load_embedder()
    figures: dict[str, dict[str, float]] = {}
    print(f"{'nDCG@10 x100':16}" + "".join(f"{mode.value:>8}" for mode in Mode), flush=True)
    for name in names:
        measured = evaluate(bench / name, embedder, list(Mode))
        figures[name] = {
            mode.value: round(100 * part["ndcg@10"], 1) for mode, part in measured.items()
        }
        row = "".join(f"{figures[name][mode.value]:8.1f}" for mode in Mode)
        print(f"{name:16}{row}", flush=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
