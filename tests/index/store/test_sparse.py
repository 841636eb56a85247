"""Sparse vectors whose inner product is the share of BM25."""

from pathlib import Path

import pytest

from index.finding.lexical import search_terms, weigh_terms
from index.keeping.milvus.rows import rows_of
from index.keeping.milvus.sparse import NOTHING, note_weights, question_weights
from index.keeping.segments import segments_of
from index.keeping.store import Store
from index.keeping.update import Update
from index.keeping.vectors import chunks_in


def test_a_product_is_the_share_of_the_posting_lists(
    store: Store, updated: Update, vault: Path
) -> None:
    with store.reading() as db:
        mean = segments_of(db).mean_length
        rows = [row for part in rows_of(db, chunks_in(db).tolist(), mean) for row in part]
        for question in ("DNS cache", "并行计算 rayon", "kettle acid names", "rpc 解析延迟"):
            weights = weigh_terms(db, question)
            asked = question_weights(weights.idf)
            found = {
                row["note"]: sum(weight * row["terms"].get(at, 0.0) for at, weight in asked.items())
                for row in rows
            }
            expected = dict(search_terms(db, weights, 100))
            assert {note: s for note, s in found.items() if s} == pytest.approx(expected, abs=1e-6)


def test_a_note_says_its_terms_once_though_it_has_several_chunks(
    store: Store, vault: Path, embedder: object
) -> None:
    from index.keeping.update import update
    from tests.bag_of_terms import BagOfTerms

    (vault / "long.md").write_text("A kettle of tea is a good thing to have. " * 60)
    update(store, [vault], BagOfTerms(max_tokens=64))
    with store.reading() as db:
        chunks = [
            row[0]
            for row in db.execute(
                "SELECT chunks.id FROM chunks JOIN notes ON notes.id = note JOIN files"
                " ON files.id = file WHERE path = 'long.md' ORDER BY 1"
            )
        ]
        assert len(chunks) > 3
        first, *others = [row["terms"] for part in rows_of(db, chunks, 20.0) for row in part]
    assert set(first) & set(question_weights({"kettl": 1.0}))
    assert others == [NOTHING] * len(others)
    assert not set(NOTHING) & set(first)


def test_a_note_without_terms_has_the_dimension_of_none() -> None:
    assert note_weights([([], 1)], 10.0) == NOTHING
