"""The terms list, against BM25 worked out note by note."""

import math
import random
from collections import Counter
from pathlib import Path

import pytest

from index.finding import lexical
from index.finding.lexical import search_terms, weigh_terms
from index.keeping import term_writer
from index.keeping.store import Store
from index.keeping.term_writer import TermWriter, forget_notes

K1, B = 1.2, 0.75
WORDS = [f"word{n}" for n in range(30)]


def by_hand(notes: dict[int, list[str]], question: list[str]) -> dict[int, float]:
    mean = sum(map(len, notes.values())) / len(notes)
    idf = {}
    for term in dict.fromkeys(question):
        held = sum(term in words for words in notes.values())
        idf[term] = max(math.log((len(notes) - held + 0.5) / (held + 0.5)), 1e-6)
    scores = {}
    for number, words in notes.items():
        counts = Counter(words)
        score = sum(
            idf[term] * counts[term] / (counts[term] + K1 * (1 - B + B * len(words) / mean))
            for term in idf
        )
        if score:
            scores[number] = score / sum(idf.values())
    return scores


@pytest.mark.parametrize("few", [0, 4096])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_are_those_of_bm25(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    """With `few` 0 the terms that cannot decide are looked up for candidates only."""
    monkeypatch.setattr(term_writer, "MOST", 70)
    monkeypatch.setattr(lexical, "_FEW", few)
    chance = random.Random(seed)
    weights = [1 / (n + 1) for n in range(len(WORDS))]
    notes = {n: chance.choices(WORDS, weights, k=chance.randrange(3, 40)) for n in range(1, 301)}
    store = Store(tmp_path)
    store.create()
    with store.writing() as db:
        writer = TermWriter(db)
        for number, words in notes.items():
            writer.add(number, ((words, 1),))
        writer.finish()
        gone = chance.sample(sorted(notes), 40)
        forget_notes(db, gone)
    for number in gone:
        del notes[number]
    with store.reading() as db:
        for _ in range(20):
            question = chance.sample(WORDS, chance.randrange(1, 9))
            expected = by_hand(notes, question)
            weighed = weigh_terms(db, " ".join(question))
            allowed = sorted(chance.sample(sorted(notes), 60))
            for among in (None, allowed):
                possible = {n: s for n, s in expected.items() if among is None or n in among}
                order = sorted(possible, key=lambda n: -possible[n])[:10]
                found = search_terms(db, weighed, 10, among)
                assert [s for _, s in found] == pytest.approx(
                    [possible[n] for n in order], abs=2e-5
                )
                for number, score in found:
                    assert score == pytest.approx(possible[number], abs=2e-5)


def test_a_question_of_unknown_terms_finds_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.create()
    with store.writing() as db:
        writer = TermWriter(db)
        writer.add(1, ((["alpha"], 1),))
        writer.finish()
    with store.reading() as db:
        assert search_terms(db, weigh_terms(db, "beta gamma"), 5) == []
        assert search_terms(db, weigh_terms(db, ""), 5) == []
        assert [n for n, _ in search_terms(db, weigh_terms(db, "alpha beta"), 5)] == [1]
