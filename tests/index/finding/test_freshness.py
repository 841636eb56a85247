"""What is shown is what the file says now, or it is marked."""

import os
from pathlib import Path

import pytest

from index.finding.freshness import freshen
from index.finding.hit import Freshness, Hit
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import Update
from tests.bag_of_terms import BagOfTerms


@pytest.fixture
def hit(updated: Update, store: Store, embedder: BagOfTerms) -> Hit:
    (found,) = Searcher(store, embedder).search("rayon 并行计算库", 1).hits
    assert found.note.title == "rayon"
    return found


def test_a_touched_file_says_the_same(store: Store, vault: Path, hit: Hit) -> None:
    os.utime(vault / "memo.md", (5, 5))
    assert freshen(store, [hit])[0].freshness is Freshness.CURRENT


def test_a_note_that_moved_in_its_file_is_shown_at_its_place(
    store: Store, vault: Path, hit: Hit
) -> None:
    file = vault / "memo.md"
    file.write_text("# Tools\n\nSome words before.\n\n" + file.read_text())
    (moved,) = freshen(store, [hit])
    assert moved.freshness is Freshness.CURRENT
    assert moved.note.lines.first == hit.note.lines.first + 4
    text = file.read_text()
    assert moved.note.span.of(text) == hit.note.text
    assert moved.note.body.of(text) == hit.note.body_text
    assert moved.passage.of(text) == hit.passage_text == moved.passage_text


def test_an_edited_note_is_marked(store: Store, vault: Path, hit: Hit) -> None:
    file = vault / "memo.md"
    file.write_text(file.read_text().replace("rayon", "crossbeam"))
    assert freshen(store, [hit])[0].freshness is Freshness.CHANGED
    file.write_bytes(bytes(range(256)) * 8)
    assert freshen(store, [hit])[0].freshness is Freshness.CHANGED


def test_a_deleted_note_is_not_shown(
    store: Store, vault: Path, hit: Hit, embedder: BagOfTerms
) -> None:
    hits = Searcher(store, embedder).search("rayon 并行计算库 kettle", 6).hits
    (vault / "memo.md").unlink()
    kept = freshen(store, hits)
    assert {one.note.path for one in kept} == {"net/dns.md", "home.txt"}
    assert [one.rank for one in kept] == list(range(1, len(kept) + 1))


def test_notes_of_a_vault_that_is_away_are_marked(store: Store, vault: Path, hit: Hit) -> None:
    vault.rename(vault.with_name("away"))
    assert freshen(store, [hit])[0].freshness is Freshness.UNREACHABLE
