from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.embedder import Vectors
from index.embedding.windows import BLOCK_TOKENS, nearest_windows, pack_blocks


def token_vectors(count: int, dimension: int, seed: int) -> Vectors:
    return np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)


def nearest_by_hand(query: Vectors, tokens: Vectors) -> float:
    """Average runs of about four tokens, add neighbours, take the highest cosine."""
    count = max(1, len(tokens) // BLOCK_TOKENS)
    edges = [round(i * len(tokens) / count) for i in range(count + 1)]
    runs = [tokens[a:b].mean(axis=0) for a, b in pairwise(edges)]
    windows = [a + b for a, b in pairwise(runs)] or runs
    lengths = np.linalg.norm(query)
    return max(float(w @ query / np.linalg.norm(w) / lengths) for w in windows)


@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    dimension=st.sampled_from([33, 384]),
    seed=st.integers(0, 1000),
)
def test_a_passage_is_as_near_as_its_nearest_window(
    sizes: list[int], dimension: int, seed: int
) -> None:
    query = token_vectors(1, dimension, seed + 1)[0]
    query /= np.linalg.norm(query)
    passages = [token_vectors(size, dimension, seed + 2 + i) for i, size in enumerate(sizes)]
    found = nearest_windows(query, [pack_blocks(tokens) for tokens in passages])
    assert found == pytest.approx([nearest_by_hand(query, t) for t in passages], abs=0.08)  # 4 bits


def test_what_is_said_in_a_few_words_of_a_long_passage_is_near() -> None:
    said, other = np.eye(8, dtype=np.float32)[:2]
    passage = np.vstack([np.tile(other, (60, 1)), np.tile(said, (8, 1)), np.tile(other, (60, 1))])
    assert nearest_windows(said, [pack_blocks(passage)]) == pytest.approx([1.0], abs=1e-3)
    assert float(passage.mean(axis=0) @ said / np.linalg.norm(passage.mean(axis=0))) < 0.1


def test_windows_do_not_reach_into_the_next_passage() -> None:
    left, right = np.eye(8, dtype=np.float32)[:2]
    packed = [pack_blocks(np.tile(side, (8, 1))) for side in (left, right)]
    between = (left + right) / np.sqrt(2)
    assert nearest_windows(between, packed) == pytest.approx([np.sqrt(0.5)] * 2, abs=1e-3)


def test_nothing_is_near_to_no_passages() -> None:
    assert nearest_windows(np.ones(8, np.float32), []) == []


def test_zero_vectors_are_near_to_nothing() -> None:
    zero = pack_blocks(np.zeros((5, 8), np.float32))
    assert nearest_windows(np.eye(8, dtype=np.float32)[0], [zero]) == [0.0]


def test_the_stored_form_is_this_one() -> None:
    tokens = np.array([[7, -7, 1, 0], [7, -7, 1, 0]], np.float32)
    scale, length = np.float16(1).tobytes(), np.float16(np.sqrt(99)).tobytes()
    assert pack_blocks(tokens) == scale + length + bytes([15 | 1 << 4, 9 | 8 << 4])


def test_a_block_of_the_bundled_width_takes_196_bytes() -> None:
    packed = pack_blocks(token_vectors(256, 384, 0))
    assert (len(packed), len(packed) // 64) == (64 * 196, 196)
