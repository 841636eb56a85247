"""Posting lists: many small updates hold what one large one holds, and nothing of what has gone."""

import random
from collections import Counter
from pathlib import Path

import pytest

from index.keeping import term_writer
from index.keeping.segments import count_notes, damaged_segments, notes_with, read_segments
from index.keeping.store import Store
from index.keeping.term_writer import TermWriter, drop_gone, forget_notes
from tests.index.keeping.contents import terms_of_notes

WORDS = [f"w{n}" for n in range(40)]

Notes = dict[int, tuple[list[str], list[str]]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "index")
    store.create()
    return store


def some_notes(numbers: range, chance: random.Random) -> Notes:
    return {
        n: (chance.choices(WORDS, k=chance.randrange(4)), chance.choices(WORDS, k=12))
        for n in numbers
    }


def write(store: Store, notes: Notes) -> None:
    with store.writing() as db:
        writer = TermWriter(db)
        for number, (headings, body) in notes.items():
            writer.add(number, ((headings, 2), (body, 1)))
        writer.finish()


def forget(store: Store, numbers: list[int]) -> None:
    with store.writing() as db:
        forget_notes(db, numbers)


def expected(notes: Notes) -> dict[int, tuple[int, dict[str, int]]]:
    return {
        number: (len(headings) + len(body), dict(Counter(headings * 2 + body)))
        for number, (headings, body) in notes.items()
    }


def check(store: Store, notes: Notes) -> None:
    with store.reading() as db:
        assert terms_of_notes(db) == expected(notes)
        assert damaged_segments(db) == []
        holding = {
            word: [n for n, (a, b) in sorted(notes.items()) if word in a or word in b]
            for word in WORDS
        }
        assert count_notes(db, WORDS) == {word: len(some) for word, some in holding.items()}
        both = sorted(set(holding["w1"]) & set(holding["w2"]))
        assert notes_with(db, ["w1", "w2"]) == both
        assert notes_with(db, ["w3"]) == holding["w3"]
        assert notes_with(db, ["w3", "no such term"]) == []
        segments = read_segments(db)
        lengths = [len(a) + len(b) for a, b in notes.values()]
        assert segments.count == len(notes)
        assert segments.mean_length == pytest.approx(sum(lengths) / len(lengths))


@pytest.mark.parametrize("most", [1 << 16, 25])
def test_many_small_updates_hold_what_was_written(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(term_writer, "MOST", most)
    chance = random.Random(most)
    notes: Notes = {}
    first = 1
    for turn in range(30):
        new = some_notes(range(first, first + chance.choice([1, 1, 2, 9])), chance)
        first += len(new)
        gone = chance.sample(sorted(notes), len(notes) // 4) if turn % 3 == 2 else []
        forget(store, gone)
        for number in gone:
            del notes[number]
        write(store, new)
        notes |= new
        check(store, notes)


def test_small_segments_become_few(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term_writer, "MOST", 50)
    chance = random.Random(5)
    for number in range(1, 401):
        write(store, some_notes(range(number, number + 1), chance))
    with store.reading() as db:
        sizes = sorted(len(part.notes) for part in read_segments(db).parts)
    assert sum(sizes) == 400
    assert max(sizes) <= 50
    assert len(sizes) <= 2 * 400 / 50 + 14


def test_nothing_is_left_of_what_has_gone(store: Store) -> None:
    write(store, {1: ([], ["secret", "shared"]), 2: ([], ["shared"])})
    forget(store, [1])
    with store.writing() as db:
        drop_gone(db)
        assert [row[0] for row in db.execute("SELECT term FROM postings")] == ["shared"]
        assert read_segments(db).parts[0].notes.tolist() == [2]
    forget(store, [2])
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM segments").fetchone()[0] == 0
        assert db.execute("SELECT count(*) FROM postings").fetchone()[0] == 0
        assert read_segments(db).count == 0


def test_counts_past_a_byte_and_long_notes_are_kept(store: Store) -> None:
    write(store, {7: ([], ["often"] * 300 + ["w1"] * 70_000)})
    with store.reading() as db:
        assert terms_of_notes(db) == {7: (70_300, {"often": 255, "w1": 255})}
