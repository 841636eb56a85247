"""Place notes among those whose places are known, by their nearest neighbours there."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.mapping.note_vectors import Keys

_NEIGHBOURS = 10
_FALL = 0.05
"""A neighbour whose squared distance is so much larger than the nearest one's weighs 1/e."""

_NEAR = 0.1
"""How far apart, on the map, neighbours are that are taken to be in one place."""

_JITTER = 0.006

Floats = npt.NDArray[np.float32]


def place_among(known: Vectors, places: Floats, new: Vectors, keys: Keys) -> Floats:
    """Return places for the vectors `new`, (m, 2), near those of their neighbours in `known`.

    `places` are those of `known`, which is not empty; `keys` are those of `new`.
    """
    if not len(new):
        return np.zeros((0, 2), np.float32)
    nearest, weights = _nearest(known, new)
    found: Floats = np.clip(densest(places[nearest], weights) + jitter(keys), -1, 1)
    return found


def group_among(
    known: Vectors, groups: npt.NDArray[np.int16], new: Vectors, _keys: Keys
) -> npt.NDArray[np.int16]:
    """Return for each of the vectors `new` the group that most of its neighbours are in."""
    if not len(new):
        return np.zeros(0, np.int16)
    nearest, weights = _nearest(known, new)
    votes = np.zeros((len(new), int(groups.max()) + 1), np.float32)
    for column, weight in zip(groups[nearest].T, weights.T, strict=True):
        votes[np.arange(len(new)), column] += weight
    most: npt.NDArray[np.int16] = votes.argmax(axis=1).astype(np.int16)
    return most


def densest(places: Floats, weights: Floats) -> Floats:
    """Return the weighted mean of the points around the one that has most weight near it.

    `places` (m, k, 2) and `weights` (m, k); the answer is (m, 2). Of two groups far apart it is in
    the heavier one, where the mean of all would be between them.
    """
    steps = places[:, :, None, :] - places[:, None, :, :]
    near = np.exp(-(steps**2).sum(axis=-1) / (2 * _NEAR**2)) * weights[:, None, :]
    around = near[np.arange(len(near)), near.sum(axis=2).argmax(axis=1)]
    around /= np.maximum(around.sum(axis=1, keepdims=True), 1e-30)
    mean: Floats = (places * around[:, :, None]).sum(axis=1)
    return mean


def jitter(keys: Keys) -> Floats:
    """Return a small step for each key, (n, 2), the same whenever it is asked for."""
    digests = b"".join(blake2b(key, digest_size=8).digest() for key in keys.tolist())
    steps = np.frombuffer(digests, "<u4").reshape(-1, 2) / 2**31 - 1
    return (steps * _JITTER).astype(np.float32)


def _nearest(known: Vectors, new: Vectors) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the neighbours of each of `new`, (m, k) rows of `known`, and their weights."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(known)), algorithm="brute")
    distances, nearest = search.fit(known).kneighbors(new)
    squares = distances**2
    weights = np.exp((squares[:, :1] - squares) / (2 * _FALL))
    return nearest, weights.astype(np.float32)
