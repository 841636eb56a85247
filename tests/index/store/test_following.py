"""Milvus follows the index: what comes, goes and moves, rebuilds, other stores."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import NotesError
from index.doctor.examine import examine
from index.doctor.mend import mend
from index.finding.hit import Mode
from index.finding.retriever import Retriever
from index.finding.search import Searcher
from index.keeping.milvus.kept import kept_in
from index.keeping.milvus.pending import count_pending
from index.keeping.portable import make_portable
from index.keeping.status import read_status
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.index.store.conftest import SERVER, chunks_there, opened, place


def titles(store: Store, question: str, mode: Mode = Mode.HYBRID) -> list[str]:
    return [hit.note.title for hit in Searcher(store, BagOfTerms()).search(question, 3, mode).hits]


def chunks_of(store: Store) -> list[int]:
    with store.reading() as db:
        assert count_pending(db) == 0
        return [row[0] for row in db.execute("SELECT id FROM chunks ORDER BY id")]


def collection_of(store: Store) -> str:
    with store.reading() as db:
        return kept_in(db).collection


def test_what_is_added_changed_moved_and_deleted_is_so_in_milvus(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    before = chunks_of(store)
    assert chunks_there(milvus_store) == before
    assert not store.vectors.exists()

    (vault / "new.md").write_text("# Fern\n\nWater the fern on Sundays.\n")
    update(store, [], embedder)
    after = chunks_of(store)
    assert set(before) < set(after)
    assert chunks_there(milvus_store) == after
    assert titles(store, "water fern")[0] == "Fern"

    (vault / "home.txt").write_text("Descale the kettle with vinegar.\n")
    update(store, [], embedder)
    assert "vinegar" in titles(store, "kettle vinegar", Mode.TERMS)[0]
    assert not set(before) <= set(chunks_there(milvus_store))

    os.renames(vault / "net" / "dns.md", vault / "web" / "names.md")
    update(store, [], embedder)
    assert "Cache" in titles(store, "cache names path:web/")
    assert titles(store, "cache names path:net/") == []

    (vault / "new.md").unlink()
    done = update(store, [], embedder)
    assert done.removed == 1
    assert "Fern" not in titles(store, "water fern")
    assert chunks_there(milvus_store) == chunks_of(store)
    assert examine(store).findings == []


def test_a_rebuild_fills_another_collection_and_drops_the_old(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    searcher = Searcher(store, embedder)
    assert searcher.search("kettle").hits
    first = collection_of(store)
    server = opened(milvus_store)
    with store.reading() as db:
        mine = f"{place(milvus_store).collection}_{kept_in(db).owner}"
    server.make(f"{mine}_0badf00d", 8, 1)  # of a run that was killed
    others = f"{place(milvus_store).collection}_20240601"
    server.make(others, 8, 1)
    update(store, [], embedder, rebuild=True)
    second = collection_of(store)
    assert second != first
    assert server.behind_alias() == second
    own = [c for c in server.collections() if c.startswith(place(milvus_store).collection)]
    assert sorted(own) == sorted([others, second])
    server.close()
    assert searcher.search("kettle").hits  # though what it searched is gone
    assert chunks_there(milvus_store) == chunks_of(store)


class Meanwhile(Searcher):
    """Has the index change in the middle of its searches, after their generation is chosen."""

    def __init__(self, store: Store, changes: list[Callable[[], object]]) -> None:
        super().__init__(store, BagOfTerms())
        self.changes = changes

    def _retriever(self, db: sqlite3.Connection) -> Retriever:
        found = super()._retriever(db)
        if self.changes:
            self.changes.pop()()
        return found


def test_a_search_during_updates_answers_one_generation(
    store: Store, vault: Path, milvus_store: str
) -> None:
    update(store, [vault], BagOfTerms(), vector_store=milvus_store)

    def rebuild() -> None:
        update(store, [], BagOfTerms(), rebuild=True)

    def change() -> None:
        (vault / "home.txt").unlink()
        (vault / "new.md").write_text("Kettle: a kettle sings, a kettle boils.\n")
        update(store, [], BagOfTerms())

    searcher = Meanwhile(store, [change, rebuild])
    hits = searcher.search("kettle").hits
    assert searcher.changes == []
    assert hits == Searcher(store, BagOfTerms()).search("kettle").hits
    assert hits[0].note.path == "new.md"


def test_stores_are_handed_over_and_back(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder)
    embedded, expected = embedder.embedded, titles(store, "kettle")
    searcher = Searcher(store, embedder)
    searcher.search("kettle")
    update(store, [], embedder, vector_store=milvus_store)
    assert embedder.embedded == embedded
    assert not store.vectors.exists()
    assert read_status(store).store == milvus_store
    assert [hit.note.title for hit in searcher.search("kettle", 3).hits] == expected
    update(store, [], embedder, vector_store="faiss")
    assert store.vectors.exists()
    assert read_status(store).store == "faiss"
    assert titles(store, "kettle") == expected
    server = opened(milvus_store)
    assert [c for c in server.collections() if c.startswith(place(milvus_store).collection)] == []
    server.close()
    assert examine(store).findings == []


def test_a_collection_of_another_index_is_not_taken(
    store: Store, vault: Path, other: Path, tmp_path: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    second = Store(tmp_path / "second")
    with pytest.raises(NotesError, match="not this index's"):
        update(second, [other], embedder, vector_store=lite_store)
    assert titles(store, "kettle")
    update(second, [other], embedder, vector_store=lite_store, rebuild=True)
    assert chunks_there(lite_store) == chunks_of(second)


def test_what_milvus_lost_is_found_and_mended(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    server = opened(milvus_store)
    server.delete(collection_of(store), chunks_of(store)[:2])
    server.close()
    found = examine(store)
    assert found.findings == ["Milvus lacks 2 chunks and has 0 that are no more."]
    mend(store, found, embedder)
    assert examine(store).findings == []
    assert chunks_there(milvus_store) == chunks_of(store)


def test_a_collection_that_is_gone_is_told_and_mended(
    store: Store, vault: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    server = opened(lite_store)
    server.drop(collection_of(store))
    server.close()
    with pytest.raises(NotesError, match=r"does not have the index's collection") as raised:
        Searcher(store, embedder).search("kettle")
    assert "doctor --mend" in raised.value.hint
    found = examine(store)
    assert found.collection
    mend(store, found, embedder)
    assert titles(store, "kettle")


def test_terms_are_weighed_anew_when_notes_have_become_longer(
    store: Store, vault: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    first = collection_of(store)
    (vault / "long.md").write_text("kettle " + " ".join(f"word{n}" for n in range(300)))
    update(store, [], embedder)
    assert collection_of(store) != first
    twin = Store(store.folder.parent / "twin")
    update(twin, [vault], embedder)
    found, expected = (
        [hit.score for hit in Searcher(one, embedder).search("kettle", mode=Mode.TERMS).hits]
        for one in (store, twin)
    )
    assert found == pytest.approx(expected, abs=1e-5)


def test_a_portable_index_names_no_server(
    store: Store, vault: Path, embedder: BagOfTerms, lite_store: str
) -> None:
    update(store, [vault], embedder, vector_store=lite_store)
    expected = titles(store, "kettle")
    make_portable(store)
    assert store.vectors.exists()
    assert lite_store.encode() not in store.database.read_bytes()
    assert b"milvus" not in store.database.read_bytes().replace(b"milvus/pending.py", b"")
    assert titles(store, "kettle") == expected


def test_status_says_what_the_old_server_lacks(
    store: Store, vault: Path, embedder: BagOfTerms, milvus_store: str
) -> None:
    update(store, [vault], embedder, vector_store=milvus_store)
    status = read_status(store)
    assert status.store == milvus_store
    is_old = "127.0.0.1" in milvus_store
    assert status.words_in_index == is_old
    assert status.store_remark == (
        "Milvus 2.3.5 has no sparse vectors: it searches by meaning, words are searched in the "
        "index itself."
        if is_old
        else ""
    ), SERVER
