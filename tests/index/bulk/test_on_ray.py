"""A cluster of four nodes builds the index that this process would build alone."""

import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import NotesError
from corpus.progress import OnProgress, Progress, silent
from corpus.roles import ROLES
from index.bulk.cluster import Cluster
from index.bulk.node import Work
from index.bulk.on_ray import OnRay
from index.embedding.recipe import recipe_of
from index.finding.search import Searcher
from index.keeping.status import read_status
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.assistant.test_cli_ray import notes, told
from tests.bag_of_terms import BagOfTerms
from tests.index.bulk.logging_bag import Load, LoadDeadly
from tests.index.keeping.contents import contents
from tests.index.store.conftest import chunks_there, lite, release

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
FILES = 240
COUNTS = ("files", "notes", "chunks", "added", "changed", "removed", "unchanged", "skipped")


def here() -> BagOfTerms:
    return BagOfTerms(dimension=16)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    for number in range(FILES):
        file = folder / f"f{number % 7}" / f"{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        long = "a word " * 60 if number % 4 == 0 else ""  # whose tokens must be counted
        text = f"# Note {number}\n\nnumber {number} 并行计算 {number * 7}\n\n## Same\n\nthe same\n"
        text += f"\n## Long\n\n{number} {long}\n" if long else ""
        file.write_text(text, encoding="utf-8")
    (folder / "torn.md").write_bytes(b"\x00\x01\x02" * 100)
    (folder / "empty.md").write_bytes(b"")
    return folder


@pytest.fixture
def load(tmp_path: Path) -> Load:
    log = tmp_path / "log"
    log.mkdir()
    return Load(log)


def update_on(
    address: str, store: Store, vault: Path, load: Any, on_progress: OnProgress = silent
) -> Update:
    with Cluster(address) as cluster:
        bulk = OnRay(cluster, Work(load, recipe_of(here()), ROLES), block=500)
        return update(store, [vault], here(), on_progress=on_progress, bulk=bulk)


def assert_equal(one: tuple[Store, Update], other: tuple[Store, Update]) -> None:
    for name in (*COUNTS, "embedded"):
        assert getattr(one[1], name) == getattr(other[1], name), name
    assert contents(one[0]) == contents(other[0])


def test_a_node_lost_at_work_costs_nothing_and_updates_go_on(
    machines: Any, vault: Path, load: Load, tmp_path: Path
) -> None:
    ray, alone = Store(tmp_path / "ray"), Store(tmp_path / "alone")
    lost, seen = [], []

    def kill_one(progress: Progress) -> None:
        seen.append(progress)
        if progress.step == "embed" and progress.done > progress.total / 4 and not lost:
            begun = load.embedded()
            while not (busy := load.embedded().items() - begun.items()):
                time.sleep(0.01)
            worker = next(iter(busy))[0]
            lost.append(next(node for node in machines.worker_nodes if node.node_id == worker))
            machines.remove_node(lost[0], allow_graceful=False)

    done = update_on(machines.address, ray, vault, Load(load.log, 0.3), kill_one)
    assert_equal((ray, done), (alone, update(alone, [vault], here())))
    assert {skip.path for skip in done.skipped} == {"torn.md", "empty.md"}
    assert seen[-1] == Progress("store", FILES + 2, FILES + 2)
    embedded = load.embedded()
    assert embedded[lost[0].node_id] < done.embedded / 2  # and the others did its part
    assert len(embedded) == len(load.readers()) == 3
    before = sum(embedded.values())
    assert before > done.embedded  # what was lost in the middle was embedded again, stored once

    (vault / "f1" / "1.md").write_text("# Note 1\n\nsaid anew\n\n## Same\n\nthe same\n")
    (vault / "f2" / "2.md").unlink()
    (vault / "new.md").write_text("a new one\n")
    done = update_on(machines.address, ray, vault, load)  # by the nodes that are left
    assert_equal((ray, done), (alone, update(alone, [vault], here())))
    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    assert done.embedded == sum(load.embedded().values()) - before == 2


def test_it_goes_on_from_what_a_stopped_update_had_stored(
    machines: Any, vault: Path, load: Load, tmp_path: Path
) -> None:
    ray, alone = Store(tmp_path / "ray"), Store(tmp_path / "alone")

    def stop(progress: Progress) -> None:
        if progress.step == "embed" and progress.done > progress.total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_on(machines.address, ray, vault, load, stop)
    done = update_on(machines.address, ray, vault, load)
    update(alone, [vault], here())
    assert contents(ray) == contents(alone)
    assert 0 < done.embedded < done.chunks / 2


def test_a_client_from_outside_has_the_same_done(
    machines: Any, vault: Path, load: Load, tmp_path: Path
) -> None:
    ray, alone = Store(tmp_path / "ray"), Store(tmp_path / "alone")
    address = f"ray://127.0.0.1:{machines.head_node._ray_params.ray_client_server_port}"
    done = update_on(address, ray, vault, load)
    assert_equal((ray, done), (alone, update(alone, [vault], here())))


def test_what_nodes_made_is_searched_in_milvus(
    machines: Any, vault: Path, load: Load, tmp_path: Path
) -> None:
    ray, alone, where = Store(tmp_path / "ray"), Store(tmp_path / "alone"), lite(tmp_path)
    update(alone, [vault], here())
    try:
        with Cluster(machines.address) as cluster:
            bulk = OnRay(cluster, Work(load, recipe_of(here()), ROLES), block=500)
            done = update(ray, [vault], here(), bulk=bulk, vector_store=where)
        assert (done.store_problem, read_status(ray).store) == ("", where)
        there, expected = (Searcher(one, here()).search("number 77").hits for one in (ray, alone))
        assert there[0].note.text == expected[0].note.text
        assert len(chunks_there(where)) == done.chunks
    finally:
        release(tmp_path)


def test_the_command_has_a_cluster_do_it(machines: Any, tmp_path: Path) -> None:
    vault, index = tmp_path / "few", tmp_path / "index"
    vault.mkdir()
    (vault / "a.md").write_text("# Kettle\n\nDescale the kettle with citric acid.\n")
    done = notes("index", vault, "--index", index, "--ray", machines.address, "--json")
    counts = told(done)
    assert (counts["notes"], counts["embedded"], counts["skipped"]) == (1, 1, [])
    found = notes("search", "how to clean a kettle", "--index", index, "--json")
    assert json.loads(found.stdout)[0]["title"] == "Kettle"


def test_what_kills_each_worker_is_given_up(machines: Any, vault: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "ray")
    with pytest.raises(NotesError, match=r"The Ray cluster .* failed") as raised:
        update_on(machines.address, store, vault, LoadDeadly("number 77 "))
    assert "what was stored so far is kept" in raised.value.hint


def test_a_node_with_another_model_refuses(machines: Any, vault: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "ray")
    with pytest.raises(NotesError, match="has another model or version") as raised:
        update_on(machines.address, store, vault, partial(BagOfTerms, 16, 256, "another bag"))
    assert "there: another bag" in raised.value.message
    assert "every node" in raised.value.hint
