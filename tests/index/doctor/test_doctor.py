"""Damage of every kind is found, named and mended, and never becomes an answer."""

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import NotesError
from index.doctor.examine import examine
from index.doctor.mend import mend
from index.embedding.recipe import recipe_of
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms
from tests.index.keeping.contents import contents

QUESTIONS = ("rpc 论文", "kettle", "rayon", "解析延迟")


def answers(store: Store, embedder: BagOfTerms) -> list[list[tuple[str, str, str]]]:
    searcher = Searcher(store, embedder)
    return [
        [(hit.key, hit.note.text, hit.passage_text) for hit in searcher.search(question).hits]
        for question in QUESTIONS
    ]


def execute(store: Store, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(store.database)) as db, db:
        assert db.execute(sql, values).rowcount


def test_a_whole_index_has_no_findings(updated: Update, store: Store, embedder: BagOfTerms) -> None:
    found = examine(store, recipe_of(embedder))
    assert (found.findings, found.remarks) == ([], [])
    assert found.checked == {"notes": 6, "chunks": 6, "vectors": 6, "in FAISS": 6, "files": 3}


DAMAGE = {
    "1 notes are not as they were written": "UPDATE notes SET text = 'rayon is slow' WHERE id = 1",
    "1 chunks are not as they were written": "UPDATE chunks SET span_end = 1 WHERE id = 2",
    "1 chunks have no vector": "DELETE FROM vectors WHERE rowid = 3",
    "1 vectors are not as they were written": (
        "UPDATE vectors SET value = zeroblob(length(value)) WHERE rowid = 3"
    ),
    "1 files have more or fewer notes": "UPDATE files SET notes = 9 WHERE path = 'memo.md'",
    "1 notes have no chunk": "DELETE FROM chunks WHERE id = 5",
    "The terms of 1 notes are missing": "UPDATE segments SET gone = x'40'",
    "1 lists of terms are not as they were written": (
        "UPDATE postings SET packed = x'0000ff' WHERE term = (SELECT min(term) FROM postings)"
    ),
    "1 files are not what the index says of them: home.txt": (
        "UPDATE files SET hash = zeroblob(16) WHERE path = 'home.txt'"
    ),
    "3 notes are not as they were written": "UPDATE files SET path = 'mem0.md' WHERE path = 'memo.md'",
    "has a name that is not its own": "UPDATE vaults SET name = 'vau1t'",
    "The database holds what cannot be in it": "UPDATE segments SET lengths = 7",
    "its unsaved is 'x', which is no number": "UPDATE meta SET value = 'x' WHERE key = 'unsaved'",
    "rows belong to others that are not there": "DELETE FROM files WHERE path = 'memo.md'",
    "made by another model or recipe": "UPDATE meta SET value = 'x' WHERE key = 'recipe'",
}


@pytest.mark.parametrize("finding", DAMAGE)
def test_damaged_rows_are_named_and_mended(
    updated: Update, store: Store, embedder: BagOfTerms, finding: str
) -> None:
    time.sleep(0.15)  # past the tick of the clock in which the files were written
    update(store, [], embedder)
    before = contents(store)
    execute(store, DAMAGE[finding])
    found = examine(store, recipe_of(embedder))
    assert any(finding in told for told in found.findings), found.findings
    embedder.embedded = 0
    mend(store, found, embedder)
    assert examine(store, recipe_of(embedder)).findings == []
    assert contents(store) == before
    rebuilt = "recipe" in finding
    assert embedder.embedded == (6 if rebuilt else int("vector" in finding))


@pytest.mark.parametrize("damage", ["missing", "torn", "flipped", "another", "lacking"])
def test_a_damaged_vector_file_is_named_and_mended_without_embedding(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms, damage: str
) -> None:
    before, file = answers(store, embedder), store.vectors
    data = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(data[:-1000])
    elif damage == "flipped":
        file.write_bytes(data[:900] + bytes([data[900] ^ 4]) + data[901:])
    elif damage == "another":
        other = Store(store.folder.with_name("other"))
        update(other, [vault], embedder)
        shutil.copy(other.vectors, file)
    else:
        (vault / "new.md").write_text("A new note.\n")
        update(store, [], embedder)
        file.write_bytes(data)
        (vault / "new.md").unlink()
        assert "A new note." in {text for _, text, _ in answers_to(store, embedder, "a new note")}
    found = examine(store)
    assert [told for told in found.findings if "vector file" in told]
    if damage != "lacking":
        assert answers(store, embedder) == before
    embedder.embedded = 0
    mend(store, found, embedder)
    assert (embedder.embedded, examine(store).findings) == (0, [])
    assert answers(store, embedder) == before


def answers_to(store: Store, embedder: BagOfTerms, question: str) -> list[tuple[str, str, str]]:
    return [
        (hit.key, hit.note.text, hit.passage_text)
        for hit in Searcher(store, embedder).search(question).hits
    ]


@pytest.mark.parametrize("seed", range(30))
def test_flipped_and_missing_bytes_are_never_an_answer(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms, seed: int
) -> None:
    """Whatever happens to the database's bytes: the right texts, or an error that says what to do."""
    before, whole = answers(store, embedder), contents(store)
    texts = {hit for found in before for hit in found}
    chosen = random.Random(seed)
    data = bytearray(store.database.read_bytes())
    if seed % 5 == 0:
        del data[chosen.randrange(len(data)) :]
    else:
        for _ in range(chosen.choice((1, 8, 64))):
            data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    store.database.write_bytes(data)
    hints = []
    try:
        for found in answers(store, embedder):
            assert set(found) <= texts
    except NotesError as error:
        hints.append(error.hint)
    try:
        mend(store, examine(store, recipe_of(embedder)), embedder)
    except NotesError as error:
        hints.append(error.hint)
        update(store, [vault], embedder, rebuild=True)
    assert all("notes index" in hint or "notes doctor" in hint for hint in hints)
    assert examine(store, recipe_of(embedder)).findings == []
    assert contents(store) == whole
    assert answers(store, embedder) == before


def test_what_can_be_read_of_a_damaged_database_is_not_embedded_again(
    store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    notes = tmp_path / "many"
    notes.mkdir()
    for number in range(400):
        (notes / f"{number}.md").write_text(f"note number {number}\n")
    update(store, [notes], embedder)
    data = bytearray(store.database.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = bytes(4096)
    store.database.write_bytes(data)
    found = examine(store)
    assert found.is_broken
    embedder.embedded = 0
    done = mend(store, found, embedder)
    assert (done.notes, examine(store).findings) == (400, [])
    assert embedder.embedded < 40


def test_nothing_is_mended_while_the_notes_are_away(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    data = store.database.read_bytes()
    store.database.write_bytes(data[:4096] + bytes(4096) + data[8192:])
    damaged = store.database.read_bytes()
    vault.rename(vault.with_name("away"))
    found = examine(store)
    with pytest.raises(NotesError, match="which is not there; nothing was changed"):
        mend(store, found, embedder)
    assert store.database.read_bytes() == damaged


def test_an_interrupted_first_update_is_no_damage(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    store.create()
    found = examine(store)
    assert found.findings == []
    assert "first update was not completed" in found.remarks[0]


def test_a_note_that_was_tied_to_another_file_is_no_answer(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    execute(store, "UPDATE notes SET file = (SELECT id FROM files WHERE path = 'memo.md')")
    with pytest.raises(NotesError, match="is damaged") as told:
        answers(store, embedder)
    assert "notes doctor --mend" in told.value.hint


def test_a_database_that_is_gone_is_made_again_from_what_the_vector_file_knows(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    before = contents(store)
    store.database.unlink()
    found = examine(store)
    assert found.is_broken
    mend(store, found, embedder)
    assert contents(store) == before
    assert examine(store).findings == []


def test_what_an_interrupted_mending_left_does_no_harm(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    before = contents(store)
    (store.folder / "mending").mkdir()
    shutil.copy(store.database, store.folder / "mending")
    execute(store, "DELETE FROM files WHERE path = 'memo.md'")
    mend(store, examine(store), embedder)
    assert contents(store) == before
    assert not (store.folder / "mending").exists()


def test_a_rebuild_of_a_damaged_database_does_not_forget_a_vault_that_is_away(
    updated: Update, store: Store, vault: Path, other: Path, embedder: BagOfTerms
) -> None:
    update(store, [other], embedder)
    execute(store, "DELETE FROM files WHERE path = 'memo.md'")
    data = store.database.read_bytes()
    store.database.write_bytes(data[:4096] + bytes(4096) + data[8192:])
    vault.rename(vault.with_name("away"))
    with pytest.raises(NotesError, match="is not there; nothing was changed"):
        update(store, [], embedder, rebuild=True)
    vault.with_name("away").rename(vault)
    assert update(store, [], embedder, rebuild=True).files == 4


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_log_costs_the_last_update_at_most(
    updated: Update, store: Store, vault: Path, tmp_path: Path, embedder: BagOfTerms, seed: int
) -> None:
    """As a power cut would leave it: the last commits in the log beside the database, damaged."""
    first = contents(store)
    with store.reading():  # keeps the log from being cleared away
        (vault / "new.md").write_text("A new note.\n")
        update(store, [], embedder)
        second = contents(store)
        other = Store(tmp_path / "cut")
        shutil.copytree(store.folder, other.folder)
    log, chosen = other.database.with_name("notes.sqlite-wal"), random.Random(seed)
    data = bytearray(log.read_bytes())
    assert len(data) > 4096
    if seed % 2:
        del data[chosen.randrange(len(data)) :]
    else:
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    log.write_bytes(data)
    assert contents(other) in (first, second)
    found = examine(other, recipe_of(embedder))
    assert all("vector file" in told for told in found.findings)
    answers(other, embedder)
    mend(other, found, embedder)
    assert examine(other, recipe_of(embedder)).findings == []
    assert contents(other) == second
