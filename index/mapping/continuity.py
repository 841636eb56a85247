"""A map stays as it is where only some notes have changed: people remember where things are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.mapping.note_vectors import Keys, Notes
from index.mapping.snapshot import Snapshot

SHARE = 0.7
"""Where less of a map is left, or less of the notes were there when it was made, it is made anew."""

PlaceNew = Callable[[Vectors, npt.NDArray[Any], Vectors, Keys], npt.NDArray[Any]]
"""From notes' vectors and values to values of the vectors, with keys, of others."""


def carried(
    earlier: Snapshot | None, notes: Notes, token: str, place_new: PlaceNew
) -> Snapshot | None:
    """Return an earlier snapshot brought up to `notes` of the update `token`.

    Notes that were in it keep their values, the others are placed among them; None where too little
    of it is left.
    """
    if earlier is None or earlier.is_of(token, notes.keys):
        return earlier
    there = positions(earlier.keys, notes.keys)
    kept = there >= 0
    settled = kept.copy()
    settled[kept] = earlier.settled[there[kept]]
    if settled.sum() < SHARE * max(len(notes.keys), earlier.made_of):
        return None
    values = np.empty((len(kept), *earlier.values.shape[1:]), earlier.values.dtype)
    values[kept] = earlier.values[there[kept]]
    if not kept.all():
        known, new = notes.vectors[kept], notes.vectors[~kept]
        values[~kept] = place_new(known, values[kept], new, notes.keys[~kept])
    return replace(earlier, token=token, keys=notes.keys, settled=settled, values=values)


def positions(keys: Keys, wanted: Keys) -> npt.NDArray[np.int64]:
    """Return where each of `wanted` is in `keys`, which are ascending; -1 where it is not."""
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)
