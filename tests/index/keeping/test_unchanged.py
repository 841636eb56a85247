"""What an update of an unchanged vault costs; `make bench-keeping` asks it of forty thousand files."""

import time
from pathlib import Path
from statistics import median

from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.bench.keeping import walk


def test_an_unchanged_vault_costs_little_more_than_to_list_it(tmp_path: Path) -> None:
    vault, store, embedder = tmp_path / "vault", Store(tmp_path / "index"), BagOfTerms(dimension=16)
    for number in range(5_000):
        file = vault / str(number % 50) / f"{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"note {number}\n")
    update(store, [vault], embedder)
    time.sleep(0.15)
    update(store, [], embedder)  # looks again at what was written just before
    embedder.embedded = 0
    ratios = []
    for _ in range(9):
        began = time.perf_counter()
        walk(str(vault))
        listed = time.perf_counter()
        assert update(store, [], embedder).unchanged == 5_000
        ratios.append((time.perf_counter() - listed) / (listed - began))
    assert embedder.embedded == 0
    assert median(ratios) < 5  # what an update costs at any size weighs more in a small vault
