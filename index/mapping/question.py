"""Where a question lies on the map: among its hits."""

from collections.abc import Sequence

import numpy as np

from index.mapping.map import Map
from index.mapping.neighbours import densest

_HITS = 10


def place_question(map_: Map, hits: Sequence[tuple[str, float]]) -> tuple[float, float] | None:
    """Return the place of a question whose hits have these keys and scores, best first.

    It is the mean of its first hits' places around the densest of them, so that a hit far away
    does not draw it into the empty space between. None where none of the hits is on the map.
    """
    points = map_.find([key for key, _ in hits])
    found = [
        (point, max(score, 0.0))
        for point, (_, score) in zip(points.tolist(), hits, strict=True)
        if point >= 0
    ][:_HITS]
    if not found:
        return None
    best = max(score for _, score in found)
    weights = [(score / best) ** 2 if best else 1.0 for _, score in found]
    places = map_.places[[point for point, _ in found]]
    x, y = densest(places[None], np.array([weights], np.float32))[0].tolist()
    return x, y
