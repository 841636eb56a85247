"""How near does a question come to the nearest few words of a passage? Windows of token vectors.

A mean over a whole passage blurs what one clause of it says. So the tokens, embedded in their
passage's context, are averaged over short windows as well, and a passage is as near to a question
as its nearest window ("late chunking", Günther et al. 2024, arXiv:2409.04701).

What is stored are blocks of about four tokens; a window is two neighbouring blocks, or the only
one. A block takes 4 + dimension / 2 bytes: as little-endian float16 the scale of its components and
the length of the window that begins with it (0 where none does), then 4 bits for each component,
the even one in the lower half: component = (code - 8) * scale.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors

BLOCK_TOKENS = 4
WINDOWS = f"windows of 2 blocks of {BLOCK_TOKENS} tokens in 4 bits"
"""Names what is stored, for the recipe."""

WHOLE_SHARE = 0.3
"""What a passage's whole vector weighs beside its nearest window in how near the passage is; chosen
on the public test sets with the weight of the lists (tests/bench/LOG.md)."""

_AT_ONCE = 512
"""Blocks whose numbers stay in a processor's second cache while they are worked on."""

_MOST = 7  # codes reach from -7 to 7
_ZERO = 8
_TINY = float(np.finfo(np.float16).tiny)


def pack_blocks(tokens: Vectors) -> bytes:
    """Return the blocks of a passage's tokens, (tokens, dimension) float32, as stored."""
    count = max(1, len(tokens) // BLOCK_TOKENS)
    edges = np.round(np.linspace(0, len(tokens), count + 1)).astype(int)
    blocks = np.add.reduceat(_even(tokens), edges[:-1], axis=0) / np.diff(edges)[:, None]
    scales = np.maximum(np.abs(blocks).max(axis=1) / _MOST, _TINY).astype("<f2")[:, None]
    codes = np.clip(np.rint(blocks / scales), -_MOST, _MOST).astype(np.int8)
    kept = codes * scales.astype(np.float32)
    stored = np.zeros(count, _block(blocks.shape[1]))
    stored["scale"] = scales[:, 0]
    windows = kept[:-1] + kept[1:] if count > 1 else kept
    stored["length"][: len(windows)] = np.maximum(np.linalg.norm(windows, axis=1), _TINY)
    above = (codes + _ZERO).astype(np.uint8)
    stored["codes"] = above[:, 0::2] | above[:, 1::2] << 4
    return stored.tobytes()


def nearest_windows(query: Vectors, packed: Sequence[bytes]) -> list[float]:
    """Return for each passage the cosine of its nearest window with `query` (dimension,)."""
    if not packed:
        return []
    query = _even(query[None, :])[0]
    stored = np.frombuffer(b"".join(packed), _block(len(query)))
    first = np.cumsum([0, *map(len, packed)])[:-1] // stored.dtype.itemsize
    products = _products(stored, query)
    following = np.append(products[1:], 0.0)
    following[np.append(first[1:], len(stored)) - 1] = 0.0  # a passage's last block has none
    lengths = stored["length"].astype(np.float32)
    cosines = np.where(lengths > 0, (products + following) / np.maximum(lengths, _TINY), -1.0)
    return [float(cosine) for cosine in np.maximum.reduceat(cosines, first)]


def _products(stored: npt.NDArray[np.void], query: Vectors) -> npt.NDArray[np.float32]:
    """Return the inner product of each block with `query`.

    With a byte b = 16 h + l, l a + h c = b (c / 16) + l (a - c / 16): one shift less for each.
    """
    by_byte = query[1::2] / 16
    by_low = query[0::2] - by_byte
    codes = stored["codes"]
    products = np.empty(len(codes), np.float32)
    numbers = np.empty((min(len(codes), _AT_ONCE), codes.shape[1]), np.float32)
    low = np.empty(numbers.shape, np.uint8)
    for start in range(0, len(codes), _AT_ONCE):
        some = codes[start : start + _AT_ONCE]
        read, halves = numbers[: len(some)], low[: len(some)]
        read[:] = some
        found = read @ by_byte
        np.bitwise_and(some, 15, out=halves)
        read[:] = halves
        products[start : start + len(some)] = found + read @ by_low
    scaled: npt.NDArray[np.float32] = (products - _ZERO * query.sum()) * stored["scale"].astype(
        np.float32
    )
    return scaled


def _even(vectors: Vectors) -> Vectors:
    """Add a component of 0 where their number is odd."""
    return np.pad(vectors, ((0, 0), (0, vectors.shape[1] % 2)))


def _block(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("scale", "<f2"), ("length", "<f2"), ("codes", "u1", (dimension // 2,))])
