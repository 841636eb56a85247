"""What is worked out once for each update."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.finding.as_of import AsOf
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms


def test_it_is_made_once_and_again_after_an_update(tmp_path: Path, embedder: BagOfTerms) -> None:
    vault = tmp_path / "notes"
    vault.mkdir()
    (vault / "a.md").write_text("# One\n\nfirst\n")
    store = Store(tmp_path / "index")
    update(store, [vault], embedder)
    as_of = AsOf(store)
    made: list[str] = []

    def make() -> int:
        made.append("x")
        time.sleep(0.05)
        return len(made)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: as_of.get("n", make), range(16))) == {1}
    assert as_of.get("other", lambda: as_of.get("n", make) + 10) == 11
    (vault / "b.md").write_text("# Two\n\nsecond\n")
    update(store, [], embedder)
    assert as_of.get("n", make) == 2
