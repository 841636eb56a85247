"""Kills at every point, of updates and of the server; a server that is not there."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import NotesError
from index.doctor.examine import examine
from index.finding.hit import Mode
from index.finding.search import Searcher
from index.keeping.milvus.pending import count_pending
from index.keeping.status import read_status
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.index.store.conftest import chunks_there, release
from tests.index.store.milvus_server import MilvusServer, want_server

NEARLY = 5e-3
"""Terms in Milvus are weighed by the notes' mean length when the collection was filled."""

KILLED = """
import json, os, signal, sys
from pathlib import Path
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms

index, vector_store, rebuild, at = json.loads(sys.argv[1])
stored = []

def kill(part):
    if part.step == "store":
        stored.append(part.done)
        if len(stored) == at:
            os.kill(os.getpid(), signal.SIGKILL)

update(Store(Path(index)), [], BagOfTerms(), rebuild=rebuild, on_progress=kill,
       vector_store=vector_store)
print(len(stored))
"""


def update_killed(
    store: Store, at: int, rebuild: bool = False, vector_store: str | None = None
) -> int:
    """Update in a process of its own, killed at its n-th step of storing; how many there were."""
    told = json.dumps([str(store.folder), vector_store, rebuild, at])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, told], capture_output=True, text=True, timeout=60
    )
    if done.returncode == -signal.SIGKILL:
        return 0
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def found_in(store: Store, question: str) -> dict[str, float]:
    searcher = Searcher(store, BagOfTerms())
    return {hit.note.text: hit.score for hit in searcher.search(question).hits}


def test_killed_before_milvus_is_told_the_index_answers_and_goes_on(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    before = chunks_there(milvus_store)
    release(tmp_path)  # a file of Milvus is one process's at a time
    (vault / "new.md").write_text("A kettle sings of citric acid, softly.\n")  # as long as others
    (vault / "home.txt").unlink()
    assert update_killed(store, 2) == 0  # 1: the file is stored; 2: before Milvus is told

    twin = Store(tmp_path / "twin")
    update(twin, [vault], embedder)
    with store.reading() as db:
        assert count_pending(db) > 1
    assert read_status(store).waiting > 1
    assert chunks_there(milvus_store) == before
    for question in ("kettle acid", "rayon", "type:paper rpc", "kettle path:new.md"):
        expected = pytest.approx(found_in(twin, question), abs=NEARLY)
        assert found_in(store, question) == expected, question
    assert examine(store).findings == []

    update(store, [], embedder)
    assert read_status(store).waiting == 0
    assert chunks_there(milvus_store) != before
    for question in ("kettle acid", "rayon"):
        expected = pytest.approx(found_in(twin, question), abs=NEARLY)
        assert found_in(store, question) == expected, question
    assert examine(store).findings == []


def test_killed_anywhere_in_a_hand_over_the_old_store_answers(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder)
    expected = found_in(store, "kettle acid")
    assert update_killed(store, 1, vector_store=lite_store) == 0
    assert read_status(store).store == "faiss"
    assert found_in(store, "kettle acid") == expected
    update(store, [], embedder, vector_store=lite_store)
    assert read_status(store).store == lite_store
    assert found_in(store, "kettle acid") == pytest.approx(expected)
    before = chunks_there(lite_store)
    for at in range(1, 10):
        release(tmp_path)
        is_done = update_killed(store, at, rebuild=True)
        assert found_in(store, "kettle acid") == pytest.approx(expected)
        if is_done:
            break
        assert chunks_there(lite_store) == before
    assert is_done == at - 1 > 3
    assert examine(store).findings == []


def test_a_server_killed_and_started_again_has_lost_nothing(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms
) -> None:
    want_server()
    server = MilvusServer(tmp_path / "milvus").start()
    try:
        vector_store = f"milvus://{server.host}/notes"
        update(store, [vault], embedder, vector_store=vector_store)
        (vault / "new.md").write_text("# Kettle\n\nA kettle sings.\n")
        update(store, [], embedder)
        searcher = Searcher(store, embedder)
        expected, there = searcher.search("kettle").hits, chunks_there(vector_store)
        server.kill()

        with pytest.raises(NotesError, match=f"Milvus at {server.host} cannot be reached") as told:
            searcher.search("rayon")
        assert "--store faiss" in told.value.hint
        (vault / "late.md").write_text("# Late\n\nA late kettle.\n")
        done = update(store, [], embedder)
        assert done.added == 1
        assert "What is new is kept in the index" in done.store_problem
        status = read_status(store)
        assert status.waiting == 1
        assert "1 changes wait for Milvus" in status.store_remark

        server.start()
        hits = Searcher(store, embedder).search("kettle").hits
        assert "Late" in [hit.note.title for hit in hits]
        assert {hit.key for hit in expected} <= {hit.key for hit in hits}
        assert chunks_there(vector_store) == there
        embedded = embedder.embedded
        assert update(store, [], embedder).store_problem == ""
        assert embedder.embedded == embedded
        assert len(chunks_there(vector_store)) == len(there) + 1
        assert Searcher(store, embedder).search("kettle").hits == hits
        assert searcher.search("rayon").hits

        os.killpg(server.groups[0], signal.SIGSTOP)  # it is there, and does not answer
        with pytest.raises(NotesError, match=f"Milvus at {server.host} cannot be reached"):
            searcher.search("citric acid")
    finally:
        server.kill()


def test_a_server_that_is_not_there_is_told_before_anything_is_embedded(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    with pytest.raises(NotesError, match=r"127.0.0.1:9 cannot be reached"):
        update(store, [vault], embedder, vector_store="milvus://127.0.0.1:9/notes")
    assert embedder.embedded == 0
    update(store, [vault], embedder)
    assert Searcher(store, embedder).search("kettle", mode=Mode.TERMS).hits
