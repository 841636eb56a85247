"""Codes find what the vectors themselves find, at every size and with filters."""

from collections.abc import Iterator

import numpy as np
import pytest

from index.embedding.embedder import Vectors
from index.keeping import codes as coding
from index.keeping.codes import Codes, make_codes, read_codes
from index.keeping.vector_rows import Ids

COUNT, WIDTH, K = 6_000, 64, 10


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    chance = np.random.default_rng(3)
    middles = chance.normal(size=(60, WIDTH))
    made = middles[chance.integers(60, size=COUNT)] + 0.7 * chance.normal(size=(COUNT, WIDTH))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(params=["16 bits", "8 bits", "2 bits first"])
def codes(
    request: pytest.FixtureRequest, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> Codes:
    exact, scanned = {"16 bits": (9999, 9999), "8 bits": (100, 9999)}.get(request.param, (100, 100))
    monkeypatch.setattr(coding, "EXACT_BELOW", exact)
    monkeypatch.setattr(coding, "SCANNED_FROM", scanned)

    def some(ids: Ids) -> Iterator[Vectors]:
        for start in range(0, len(ids), 500):
            yield vectors[ids[start : start + 500]]

    return make_codes(np.arange(COUNT), some, WIDTH)


def recall(found: list[set[int]], vectors: Vectors, queries: Vectors, among: Ids) -> float:
    exact = np.argsort(-(queries @ vectors[among].T), axis=1)[:, :K]
    return float(
        np.mean(
            [len(one & set(among[row].tolist())) / K for one, row in zip(found, exact, strict=True)]
        )
    )


def best_of(places: Ids, vectors: Vectors, query: Vectors) -> set[int]:
    """The nearest of candidates by the vectors, as a search rates them."""
    return set(places[np.argsort(-(vectors[places] @ query))][:K].tolist())


@pytest.mark.parametrize("share", [1.0, 0.6, 0.02])
def test_recall_is_that_of_the_vectors(codes: Codes, vectors: Vectors, share: float) -> None:
    chance = np.random.default_rng(4)
    queries = vectors[::97] + 0.05 * chance.normal(size=(len(vectors[::97]), WIDTH))
    queries = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
    among = np.sort(chance.permutation(COUNT)[: int(share * COUNT)])
    found = []
    for query in queries:
        if share == 1.0:
            places, cosines = codes.search(query, 100)
        else:
            places, cosines = codes.search_among(query, 100, among)
            assert set(places.tolist()) <= set(among.tolist())
        assert cosines == pytest.approx(vectors[places] @ query, abs=0.03)
        found.append(best_of(places, vectors, query))
    assert recall(found, vectors, queries, among) >= 0.99


def test_what_is_written_is_read(codes: Codes, vectors: Vectors) -> None:
    again = read_codes(np.frombuffer(codes.serialised(), np.uint8))
    assert again is not None
    assert (len(again), again.dimension) == (COUNT, WIDTH)
    for one, other in zip(codes.search(vectors[5], 20), again.search(vectors[5], 20), strict=True):
        assert one.tolist() == other.tolist()
    places = np.array([3, 1000, 5999])
    assert again.match(places, vectors[places])
    assert not again.match(places, vectors[places[::-1]])
    assert read_codes(np.frombuffer(b"no codes of any version", np.uint8)) is None
