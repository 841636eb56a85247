"""Which notes lie together."""

import math

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors

Clusters = npt.NDArray[np.int16]
"""(n,): 0..k-1, the largest cluster first."""

_MOST = 14
_FEWEST = 3
_SAMPLE = 20_000


def cluster(components: Vectors) -> Clusters:
    """Divide notes by their principal components, whose first rows are notes at random.

    k-means, since clusters need a centre to be named and a size to be seen; MiniBatchKMeans was
    no faster at these sizes and 2 % worse.
    """
    k = _number(components)
    if k < 2:
        return np.zeros(len(components), np.int16)
    from sklearn.cluster import KMeans

    made = KMeans(k, n_init=3, random_state=0).fit(components[:_SAMPLE])
    return by_size(made.predict(components))


def by_size(groups: npt.NDArray[np.int32]) -> Clusters:
    """Number groups anew, the largest 0, without gaps."""
    sizes = np.bincount(groups)
    order = np.argsort(-sizes, kind="stable")
    numbers = np.empty(len(sizes), np.int16)
    numbers[order] = np.arange(len(sizes))
    return numbers[groups]


def _number(components: Vectors) -> int:
    """Return how many clusters there should be: more for more notes, none of a note or two."""
    n = len(components)
    distinct = len(np.unique(components[:_SAMPLE, :2].round(3), axis=0))
    wanted = min(max(round(math.sqrt(n / 8)), _FEWEST), _MOST)
    return min(wanted, n // 4, distinct // 2)
