"""Terms as sparse vectors, whose inner product is the share of BM25 (index/finding/lexical.py).

A note has for each term tf / (tf + norm), a question idf / (the sum of its idfs). The norm wants
the mean length of all notes, which is that of the time at which a collection was filled.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from index.bm25 import norm

Sparse = dict[int, float]

NOTHING: Sparse = {0xFFFF_FFFE: 1.0}
"""What a chunk has that stands for no note: a dimension of its own, for none may be empty."""

_DIMENSIONS = 0xFFFF_FFFE
_MOST_COUNTED = 255


def dimension_of(term: str) -> int:
    """Return a term's dimension: a hash of 32 bits, less the two highest numbers."""
    digest = hashlib.blake2b(term.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") % _DIMENSIONS


def note_weights(columns: Iterable[tuple[Sequence[str], int]], mean_length: float) -> Sparse:
    """Return the weights of a note's terms, as posting lists would count them."""
    counts: Counter[str] = Counter()
    length = 0
    for terms, weight in columns:
        length += len(terms)
        for term in terms:
            counts[term] += weight
    scale = norm(float(length), mean_length)
    found: Sparse = {}
    for term, times in counts.items():
        times = min(times, _MOST_COUNTED)
        at = dimension_of(term)
        found[at] = found.get(at, 0.0) + times / (times + scale)
    return found or NOTHING


def question_weights(idf: Mapping[str, float]) -> Sparse:
    """Return the weights of a question's terms; {} if it has none."""
    total = sum(idf.values())
    found: Sparse = {}
    for term, weight in idf.items():
        at = dimension_of(term)
        found[at] = found.get(at, 0.0) + weight / total
    return found
