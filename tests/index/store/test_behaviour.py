"""What an index does, wherever its vectors are searched: FAISS's file, a file or server of Milvus."""

import os
from pathlib import Path

import pytest

from index.doctor.examine import examine
from index.finding.hit import Hit, Mode
from index.finding.search import Searcher
from index.keeping.status import read_status
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms

NEARLY = 2e-2
"""Terms in Milvus are weighed by the notes' mean length when the collection was filled."""

QUESTIONS = (
    "water fern",
    "kettle",
    "解析延迟",
    "type:paper rpc",
    "-type:paper rayon",
    "path:net/ cache",
    'cache "cache of names"',
    "lang:en -kettle cache",
)


def found(store: Store, question: str, mode: Mode = Mode.HYBRID) -> list[Hit]:
    return list(Searcher(store, BagOfTerms()).search(question, 20, mode).hits)


def titles(store: Store, question: str) -> list[str]:
    return [hit.note.title for hit in found(store, question)]


def assert_true(store: Store, vault: Path, folder: Path) -> None:
    """Every note is found by meaning, none that is no more, and all is as in an index made anew."""
    anew = Store(folder)
    update(anew, [vault], BagOfTerms())
    with store.reading() as db:
        notes = {row[0] for row in db.execute("SELECT key FROM notes")}
    assert {hit.key for hit in found(store, "kettle", Mode.DENSE)} == notes
    for question in QUESTIONS:
        for mode in Mode:
            expected = {hit.note.text: hit.score for hit in found(anew, question, mode)}
            scores = {hit.note.text: hit.score for hit in found(store, question, mode)}
            assert scores == pytest.approx(expected, abs=NEARLY), (question, mode)
    assert examine(store).findings == []


def test_it_follows_what_is_added_changed_moved_and_deleted(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, any_store: str
) -> None:
    update(store, [vault], embedder, vector_store=any_store)
    assert read_status(store).store == any_store
    assert_true(store, vault, tmp_path / "1")

    (vault / "new.md").write_text("# Fern\n\nWater the fern on Sundays.\n")
    embedded = embedder.embedded
    assert update(store, [], embedder).added == 1
    assert embedder.embedded == embedded + 1
    assert titles(store, "water fern")[0] == "Fern"
    assert_true(store, vault, tmp_path / "2")

    (vault / "home.txt").write_text("Descale the kettle with vinegar.\n")
    assert update(store, [], embedder).changed == 1
    assert [hit.note.text for hit in found(store, '"citric acid"')] == []
    assert_true(store, vault, tmp_path / "3")

    os.renames(vault / "net" / "dns.md", vault / "web" / "names.md")
    embedded = embedder.embedded
    update(store, [], embedder)
    assert embedder.embedded == embedded
    assert "Cache" in titles(store, "cache names path:web/")
    assert titles(store, "cache names path:net/") == []
    assert_true(store, vault, tmp_path / "4")

    (vault / "new.md").unlink()
    assert update(store, [], embedder).removed == 1
    assert "Fern" not in titles(store, "water fern")
    assert_true(store, vault, tmp_path / "5")


def test_a_rebuild_is_followed_by_who_searches(
    store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, any_store: str
) -> None:
    update(store, [vault], embedder, vector_store=any_store)
    searcher = Searcher(store, embedder)
    before = searcher.search("kettle").hits
    update(store, [], embedder, rebuild=True)
    after = searcher.search("kettle").hits
    assert [(hit.key, hit.score) for hit in after] == [(hit.key, hit.score) for hit in before]
    assert_true(store, vault, tmp_path / "1")


def test_an_emptied_index_finds_nothing(
    store: Store, vault: Path, embedder: BagOfTerms, any_store: str
) -> None:
    update(store, [vault], embedder, vector_store=any_store)
    for file in [file for file in vault.rglob("*") if file.is_file()]:
        file.unlink()
    (vault / "last.md").write_text("A last note.\n")
    update(store, [], embedder)
    assert titles(store, "kettle cache") == titles(store, "last note") != []
