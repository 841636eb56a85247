"""Whose is a collection? What others made is left alone, and a copy does not spoil its original."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import NotesError
from corpus.progress import silent
from index.doctor.examine import examine
from index.finding.search import Searcher
from index.keeping.milvus.client import Milvus
from index.keeping.milvus.follower import Follower
from index.keeping.milvus.kept import kept_in, set_kept
from index.keeping.milvus.pending import count_pending
from index.keeping.milvus.trouble import AwayError
from index.keeping.status import read_status
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.index.store.conftest import chunks_there, opened, place


def titles(store: Store, question: str) -> list[str]:
    return [hit.note.title for hit in Searcher(store, BagOfTerms()).search(question, 3).hits]


def collections(vector_store: str) -> set[str]:
    server = opened(vector_store)
    try:
        return {c for c in server.collections() if c.startswith(place(vector_store).collection)}
    finally:
        server.close()


def test_collections_of_others_stay(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    name = place(milvus_store).collection
    others = {f"{name}_20240601", f"{name}_0badf00d_0badf00d"}
    server = opened(milvus_store)
    for other in others:
        server.make(other, 8, 1)
    server.close()
    update(store, [vault], embedder, vector_store=milvus_store)
    update(store, [], embedder, rebuild=True)
    assert len(collections(milvus_store) - others) == 1
    update(store, [], embedder, vector_store="faiss")
    assert collections(milvus_store) == others


def test_a_copy_of_an_index_leaves_the_collection_to_the_original(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    there, before = chunks_there(milvus_store), titles(store, "kettle")
    copy = Store(shutil.copytree(store.folder, tmp_path / "copy"))
    assert titles(copy, "kettle") == before
    (vault / "new.md").write_text("# Fern\n\nWater the fern on Sundays.\n")
    for rebuild in (False, True):
        with pytest.raises(NotesError, match="was copied or moved") as told:
            update(copy, [], embedder, rebuild=rebuild)
        assert f"--rebuild --store {milvus_store}" in told.value.hint
    assert titles(copy, "kettle") == before
    assert chunks_there(milvus_store) == there

    update(copy, [], embedder, vector_store="faiss")
    assert titles(copy, "water fern")[0] == "Fern"
    assert chunks_there(milvus_store) == there
    update(store, [], embedder)
    assert titles(store, "water fern")[0] == "Fern"
    assert examine(store).findings == examine(copy).findings == []


def test_a_moved_index_takes_its_place_again_when_it_is_told_to(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    moved = Store(shutil.copytree(store.folder, tmp_path / "moved"))
    shutil.rmtree(store.folder)
    update(moved, [], embedder, rebuild=True, vector_store=milvus_store)
    assert titles(moved, "kettle")
    assert len(collections(milvus_store)) == 1
    update(moved, [], embedder)
    assert examine(moved).findings == []


def of_another_format(store: Store) -> None:
    with sqlite3.connect(store.database) as db:
        db.execute("PRAGMA user_version = 1")
    db.close()


def test_an_index_that_is_made_anew_keeps_its_place_and_a_copy_does_not(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    copy = Store(shutil.copytree(store.folder, tmp_path / "copy"))
    of_another_format(copy)
    update(copy, [], embedder, rebuild=True)
    assert read_status(copy).store == "faiss"
    assert titles(copy, "kettle") == titles(store, "kettle")
    assert examine(store).findings == []

    of_another_format(store)
    update(store, [], embedder, rebuild=True)
    assert read_status(store).store == milvus_store
    assert titles(store, "kettle")
    assert len(collections(milvus_store)) == 1
    assert update(store, [], embedder).store_problem == ""
    assert examine(store).findings == []


def test_one_place_may_be_written_in_several_ways(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    there = collections(lite_store)
    again = lite_store.replace(f"{tmp_path}/", f"{tmp_path}//")
    assert place(again) == place(lite_store)
    assert update(store, [], embedder, vector_store=again).store_problem == ""
    assert collections(lite_store) == there
    assert place("milvus://Host/notes") == place("milvus://host:19530/notes")


def test_killed_after_it_was_given_up_a_place_can_be_taken_again(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    with store.writing() as db:  # an update that did not come to its `finish`
        Follower(store, "faiss", False, silent).follow(db, embedder.dimension)
    assert read_status(store).store == "faiss"
    assert update(store, [], embedder, vector_store=milvus_store).store_problem == ""
    assert titles(store, "kettle")
    assert len(collections(milvus_store)) == 1
    assert update(store, [], embedder).store_problem == ""
    assert titles(store, "kettle")
    assert examine(store).findings == []


ELSEWHERE = """
import sys
from pathlib import Path
from corpus.errors import NotesError
from index.finding.search import Searcher
from index.keeping.store import Store
from tests.bag_of_terms import BagOfTerms

try:
    Searcher(Store(Path(sys.argv[1])), BagOfTerms()).search("kettle")
except NotesError as error:
    print(error.message, error.hint)
"""


def test_a_file_that_another_program_has_open_is_told(
    store: Store, vault: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    assert titles(store, "kettle")  # from now on this process has it open
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(store.folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert f"Another program has the file of Milvus {place(lite_store).uri} open." in done.stdout
    assert "one program at a time" in done.stdout


class Refusing(Milvus):
    """Makes no collection."""

    def make(self, name: str, dimension: int, rows: int) -> None:
        raise AwayError("It cannot be reached.", "Start it.")


def test_what_cannot_be_weighed_anew_is_searched_as_it_was(
    store: Store, vault: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    address = place(lite_store)
    with store.writing() as db:
        set_kept(db, mean_length="1")
        db.execute("INSERT INTO pending VALUES (1, 1)")
    follower = Follower(store, None, False, silent, _servers={address.text: Refusing(address)})
    with store.writing() as db:
        follower.follow(db, embedder.dimension)
    assert follower.problem is not None
    with store.reading() as db:
        assert kept_in(db).is_whole
        assert count_pending(db) == 1
    assert titles(store, "kettle")


def test_a_server_that_has_become_newer_is_given_the_terms(
    store: Store, vault: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    with store.writing() as db:
        set_kept(db, mean_length="0", store_version="2.3.5")
    assert read_status(store).words_in_index
    (vault / "new.md").write_text("# Fern\n\nWater the fern on Sundays.\n")
    update(store, [], embedder)
    assert not read_status(store).words_in_index
    assert titles(store, "water fern")[0] == "Fern"
