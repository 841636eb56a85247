"""Which notes are like a note?"""

import numpy as np
import pytest

from index.finding.fusion import DENSE, TERMS
from index.finding.hit import Hit
from index.finding.order import Order
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import Update
from index.keeping.vector_rows import vectors_of
from tests.bag_of_terms import BagOfTerms


@pytest.fixture
def searcher(updated: Update, store: Store, embedder: BagOfTerms) -> Searcher:
    return Searcher(store, embedder)


def every(searcher: Searcher) -> list[Hit]:
    return list(searcher.search("", 100, order=Order.FILE).hits)


def test_a_note_is_like_all_others_and_not_like_itself(searcher: Searcher) -> None:
    keys = {hit.key for hit in every(searcher)}
    for key in keys:
        hits = searcher.like(key, 100)
        assert {hit.key for hit in hits} == keys - {key}
        assert [hit.rank for hit in hits] == list(range(1, len(keys)))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert searcher.like(key, 2) == hits[:2]
    assert searcher.like("no such key") == ()


def test_the_scores_are_cosines_of_the_notes_vectors(searcher: Searcher, store: Store) -> None:
    with store.reading() as db:
        chunks = dict(db.execute("SELECT key, chunks.id FROM chunks JOIN notes ON notes.id = note"))
        vectors = {key: vectors_of(db, [chunk])[0] for key, chunk in chunks.items()}
    for key, vector in vectors.items():
        cosines = {other: float(vector @ vectors[other]) for other in vectors if other != key}
        found = {hit.key: hit.trace[DENSE].score for hit in searcher.like(key, 100)}
        assert found == pytest.approx(cosines, abs=1e-3)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


def test_words_do_not_count(searcher: Searcher) -> None:
    for hit in searcher.like(every(searcher)[0].key, 100):
        assert hit.trace[TERMS].contribution == 0
        assert hit.score == hit.trace[DENSE].contribution
