"""BM25's numbers: k1 = 1.2, b = 0.75, as SQLite's FTS5 has them.

https://www.sqlite.org/fts5.html#the_bm25_function
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

_K1, _B = 1.2, 0.75

Length = TypeVar("Length", float, npt.NDArray[np.float64])


def norm(length: Length, mean_length: float) -> Length:
    """Return what a term that a note of `length` terms holds n times is weighed by: n / (n + norm)."""
    return _K1 * (1 - _B + _B * length / mean_length)
