"""Where the notes lie: two dimensions of their vectors, by PCA or by t-SNE.

t-SNE (van der Maaten & Hinton, JMLR 9, 2008) is made of a sample; what is not in it is placed
among its nearest neighbours there.
"""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.mapping.neighbours import jitter, place_among
from index.mapping.note_vectors import Keys

Places = npt.NDArray[np.float32]
"""(n, 2), within [-1, 1]; the wider direction fills it, the other has the same scale."""

SAMPLE = 4000
"""Notes that t-SNE sees: see tests/bench/map.py."""

_DIMENSIONS = 50
_ITERATIONS = 500
_PERPLEXITY = 30.0
_FEWEST = 10
"""Notes below which t-SNE has no neighbourhoods to keep; they get PCA."""


class Layout(StrEnum):
    """How notes are laid out."""

    PCA = "pca"
    TSNE = "tsne"


def reduced(vectors: Vectors) -> Vectors:
    """Return up to 50 principal components of `vectors`, the widest first; at least two."""
    from sklearn.decomposition import PCA

    n, width = vectors.shape
    if n < 2 or float(np.ptp(vectors, axis=0).max()) < 1e-6:
        return np.zeros((n, 2), np.float32)
    found: Vectors = PCA(min(_DIMENSIONS, n, width), random_state=0).fit_transform(vectors)
    return found.astype(np.float32)


def lay_out(components: Vectors, keys: Keys, layout: Layout, sample: int = SAMPLE) -> Places:
    """Place notes by their principal components, all zero where all notes are alike."""
    spread = float(components[:, 0].std()) if len(components) else 0.0
    if layout is Layout.PCA or len(components) < _FEWEST or not spread:
        return apart(fitted(components[:, :2]), keys)
    known = fitted(_tsne(components[:sample]))
    rest = place_among(components[:sample], known, components[sample:], keys[sample:])
    return apart(np.concatenate([known, rest]), keys)


def _tsne(components: Vectors) -> Places:
    from sklearn.manifold import TSNE

    spread = max(float(components[:, 0].std()), 1e-6)
    made = TSNE(
        perplexity=min(_PERPLEXITY, (len(components) - 1) / 3),
        init=components[:, :2] / spread * 1e-4,
        max_iter=_ITERATIONS,
        random_state=0,
    )
    places: Places = made.fit_transform(components)
    return places


def fitted(places: Places) -> Places:
    """Move and scale points into [-1, 1], as large as they go, in both directions alike."""
    if not len(places):
        return np.zeros((0, 2), np.float32)
    low, high = places.min(axis=0), places.max(axis=0)
    half = max(float((high - low).max()) / 2, 1e-12)
    moved: Places = np.clip((places - (low + high) / 2) / half, -1, 1).astype(np.float32)
    return moved


def apart(places: Places, keys: Keys) -> Places:
    """Move points that lie exactly on another a little, so that each can be clicked."""
    if len(places) < 2:
        return places
    _, group, counts = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    stacked = counts[group] > 1
    moved = places.copy()
    moved[stacked] += jitter(keys[stacked])
    return np.clip(moved, -1, 1)
