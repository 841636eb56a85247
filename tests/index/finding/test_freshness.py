"""What is shown is what the file says now, or it is marked."""

import os
from pathlib import Path

import pytest

from index.finding.freshness import freshen
from index.finding.hit import Freshness, Hit
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms


@pytest.fixture
def hit(updated: Update, store: Store, embedder: BagOfTerms) -> Hit:
    (found,) = Searcher(store, embedder).search("rayon 并行计算库", 1).hits
    assert found.note.title == "rayon"
    return found


def test_a_touched_file_says_the_same(store: Store, vault: Path, hit: Hit) -> None:
    os.utime(vault / "memo.md", (5, 5))
    assert freshen(store, [hit], 1)[0].freshness is Freshness.CURRENT


def test_a_note_that_moved_in_its_file_is_shown_at_its_place(
    store: Store, vault: Path, hit: Hit
) -> None:
    file = vault / "memo.md"
    file.write_text("# Tools\n\nSome words before.\n\n" + file.read_text())
    (moved,) = freshen(store, [hit], 1)
    assert moved.freshness is Freshness.CURRENT
    assert moved.note.lines.first == hit.note.lines.first + 4
    text = file.read_text()
    assert moved.note.span.of(text) == hit.note.text
    assert moved.note.body.of(text) == hit.note.body_text
    assert moved.passage.of(text) == hit.passage_text == moved.passage_text


def test_an_edited_note_is_marked(store: Store, vault: Path, hit: Hit) -> None:
    file = vault / "memo.md"
    file.write_text(file.read_text().replace("rayon", "crossbeam"))
    assert freshen(store, [hit], 1)[0].freshness is Freshness.CHANGED
    file.write_bytes(bytes(range(256)) * 8)
    assert freshen(store, [hit], 1)[0].freshness is Freshness.CHANGED


def test_a_deleted_note_is_not_shown(
    store: Store, vault: Path, hit: Hit, embedder: BagOfTerms
) -> None:
    hits = Searcher(store, embedder).search("rayon 并行计算库 kettle", 6).hits
    (vault / "memo.md").unlink()
    kept = freshen(store, hits, 1)
    assert {one.note.path for one in kept} == {"net/dns.md", "home.txt"}
    assert [one.rank for one in kept] == list(range(1, len(kept) + 1))


def test_notes_of_a_vault_that_is_away_are_marked(store: Store, vault: Path, hit: Hit) -> None:
    vault.rename(vault.with_name("away"))
    assert freshen(store, [hit], 1)[0].freshness is Freshness.UNREACHABLE


def test_a_hit_of_another_generation_is_compared_with_the_file_itself(
    store: Store, vault: Path, hit: Hit, embedder: BagOfTerms
) -> None:
    file = vault / "memo.md"
    file.write_text(file.read_text().replace("rayon", "crossbeam"))
    update(store, [], embedder)
    assert freshen(store, [hit], 1)[0].freshness is Freshness.CHANGED


def test_notes_of_an_empty_mount_point_are_marked(store: Store, vault: Path, hit: Hit) -> None:
    vault.rename(vault.with_name("away"))
    vault.mkdir()
    assert freshen(store, [hit], 1)[0].freshness is Freshness.UNREACHABLE


def test_a_pipe_in_the_place_of_a_note_is_no_note(store: Store, vault: Path, hit: Hit) -> None:
    (vault / "memo.md").unlink()
    os.mkfifo(vault / "memo.md")
    assert freshen(store, [hit], 1) == ()
