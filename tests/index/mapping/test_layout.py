import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.manifold import trustworthiness

from index.mapping.clusters import by_size, cluster
from index.mapping.layout import Layout, fitted, lay_out, reduced
from index.mapping.neighbours import densest, group_among, place_among
from index.mapping.note_vectors import Keys

Array = npt.NDArray[np.float32]
FEW = settings(max_examples=25)


def keys_of(count: int) -> Keys:
    return np.array([f"{number * 2654435761 % 2**64:016x}".encode() for number in range(count)])


def groups_of_vectors(count: int, groups: int = 5) -> tuple[Array, npt.NDArray[np.int64]]:
    """Unit vectors (count, 32) around `groups` centres, and which centre each is around."""
    seed = np.random.default_rng(0)
    of = np.arange(count) % groups
    vectors = seed.normal(size=(groups, 32))[of] + seed.normal(size=(count, 32)) * 0.4
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), of


@FEW
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(0, 14), st.integers(2, 6)),
        elements=st.floats(-1, 1, width=32),
    ),
    st.sampled_from(Layout),
)
def test_places_are_within_the_square_and_the_same_every_time(
    vectors: Array, layout: Layout
) -> None:
    places = lay_out(reduced(vectors), keys_of(len(vectors)), layout)
    assert (places.shape, places.dtype) == ((len(vectors), 2), np.float32)
    assert (np.abs(places) <= 1).all()
    again = lay_out(reduced(vectors), keys_of(len(vectors)), layout)
    assert places.tolist() == again.tolist()


def test_points_keep_their_aspect() -> None:
    flat = np.array([[0, 0], [8, 0], [4, 2]], np.float32)
    assert fitted(flat).tolist() == [[-1, -0.25], [1, -0.25], [0, 0.25]]


def test_notes_placed_among_a_sample_are_nearly_as_true_as_if_all_were_laid_out() -> None:
    vectors, _ = groups_of_vectors(300)
    components, keys = reduced(vectors), keys_of(300)
    whole = lay_out(components, keys, Layout.TSNE)
    placed = lay_out(components, keys, Layout.TSNE, sample=150)
    truth = [trustworthiness(vectors, places, n_neighbors=10) for places in (whole, placed)]
    assert truth[1] > truth[0] - 0.05


def test_a_point_with_neighbours_in_two_places_lies_in_the_heavier_one() -> None:
    places = np.array([[[0.8, 0], [0.82, 0], [-0.8, 0], [-0.8, 0.02], [-0.8, -0.02]]], np.float32)
    weights = np.array([[0.9, 0.9, 1, 0.5, 0.5]], np.float32)
    x, y = densest(places, weights)[0]
    assert (round(float(x), 2), round(float(y), 2)) == (-0.8, 0)


def test_a_new_note_joins_the_group_of_its_neighbours() -> None:
    vectors, of = groups_of_vectors(200)
    known, new = slice(0, 150), slice(150, 200)
    joined = group_among(vectors[known], of[known].astype(np.int16), vectors[new], keys_of(50))
    assert joined.tolist() == of[new].tolist()


def test_a_single_known_note_draws_all_others() -> None:
    vectors, _ = groups_of_vectors(4)
    places = np.array([[0.5, 0.5]], np.float32)
    found = place_among(vectors[:1], places, vectors[1:], keys_of(3))
    assert 0 < np.abs(found - 0.5).max() < 0.01


def test_clusters_are_what_lies_together_the_largest_first() -> None:
    vectors, of = groups_of_vectors(140, 7)
    kept = (of < 3) & ((of != 1) | (np.arange(140) < 70))
    found = cluster(reduced(vectors[kept]))
    assert np.bincount(found).tolist() == [20, 20, 10]
    assert len(set(zip(of[kept].tolist(), found.tolist(), strict=True))) == 3


@given(st.lists(st.integers(0, 9), min_size=1))
def test_numbering_by_size_keeps_groups_together(groups: list[int]) -> None:
    numbers = by_size(np.array(groups, np.int32))
    sizes = np.bincount(numbers).tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(zip(groups, numbers.tolist(), strict=True))) == len(set(groups))


@pytest.mark.parametrize(("notes", "clusters"), [(0, 0), (1, 1), (7, 1), (8, 2), (40, 3), (400, 7)])
def test_more_notes_have_more_clusters(notes: int, clusters: int) -> None:
    vectors, _ = groups_of_vectors(notes)
    assert len(set(cluster(reduced(vectors)).tolist())) == clusters
