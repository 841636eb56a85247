"""Codes in the place of vectors: small enough to look at all of them for each question.

A graph or inverted lists would look at fewer, and would have to be kept true to what changes. On
one machine there is no need: a million codes of half a bit a number are looked at in 6 ms
(tests/bench/LOG.md).
"""

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.keeping.vector_rows import Ids

Places = npt.NDArray[np.int64]

EXACT_BELOW = 4_096
"""Vectors that are kept as the store has them, in 16 bits a component; more of them in 8 bits."""

SCANNED_FROM = 20_000
"""Vectors from which on 2 bits a component are looked at first (two components make a code of 4
bits: product quantisation with FAISS's fast scan, https://github.com/facebookresearch/faiss/wiki/
Fast-accumulation-of-PQ-and-AQ-codes-(FastScan)), and the 8 bits of the nearest of them."""

_LOOKED_AT = 1_200
"""Of these so many, and eight times as many as are wanted."""

_MORE = 1.5
"""Times as many as hold the wanted ones if these lie evenly among all; in vain if they do not."""

_SAMPLE = 50_000
"""Vectors from which the codes are learnt."""

_SEED = 1


class Codes:
    """The codes of (n, dimension) unit vectors, by their places 0 to n - 1."""

    def __init__(self, index: Any, body: npt.NDArray[np.uint8] | None = None) -> None:
        faiss: Any = _faiss()
        self._body = body  # which the index may lie in
        is_refined = isinstance(index, faiss.IndexRefine)
        self._index: Any = index
        self._all: Any = faiss.downcast_index(index.refine_index) if is_refined else index

    def __len__(self) -> int:
        return int(self._all.ntotal)

    @property
    def dimension(self) -> int:
        """The width of a vector."""
        return int(self._all.d)

    def search(self, query: Vectors, k: int) -> tuple[Places, Vectors]:
        """Return about the `k` nearest places to `query` (dimension,), best first, and cosines."""
        faiss: Any = _faiss()
        parameters = None
        if self._index is not self._all:
            looked_at = _LOOKED_AT + 8 * k
            parameters = faiss.IndexRefineSearchParameters(k_factor=looked_at / k)
        return _found(self._index, query, min(k, len(self)), parameters)

    def search_among(self, query: Vectors, k: int, places: Places) -> tuple[Places, Vectors]:
        """As `search`, of these places alone, which are ascending."""
        faiss: Any = _faiss()
        if len(places) < max(EXACT_BELOW, len(self) // 64):
            vectors = self._all.reconstruct_batch(places) if len(places) else self._nothing()
            scores = vectors @ query
            order = np.argsort(-scores, kind="stable")[:k]
            return places[order], scores[order]
        bits = np.zeros(len(self), np.bool_)
        bits[places] = True
        several = int(_MORE * k * len(self) / len(places))
        if self._index is not self._all and several < len(self) // 64:  # else that takes longer
            found, scores = self.search(query, several)
            among = np.flatnonzero(bits[found])[:k]
            if len(among) == k:  # the rest is further away than these
                return found[among], scores[among]
        bitmap = np.packbits(bits, bitorder="little")
        selector = faiss.IDSelectorBitmap(bitmap)
        parameters = faiss.SearchParameters(sel=selector)
        return _found(self._all, query, min(k, len(places)), parameters)

    def match(self, places: Places, vectors: Vectors) -> bool:
        """Whether these places have the codes of `vectors`, (len(places), dimension)."""
        faiss: Any = _faiss()
        size = self._all.code_size
        codes = faiss.rev_swig_ptr(self._all.codes.data(), len(self) * size)
        there = codes.reshape(len(self), size)[places]
        return bool(np.array_equal(there, self._all.sa_encode(np.ascontiguousarray(vectors))))

    def serialised(self) -> bytes:
        """Return FAISS's own form."""
        whole: bytes = _faiss().serialize_index(self._index).tobytes()
        return whole

    def _nothing(self) -> Vectors:
        return np.empty((0, self.dimension), np.float32)


def make_codes(ids: Ids, vectors: Callable[[Ids], Iterator[Vectors]], dimension: int) -> Codes:
    """Learn codes from a sample, and code all; `vectors` yields those of ids, some at a time.

    By one thread: on a busy machine several wait for each other, fifty times as long as they work.
    """
    faiss: Any = _faiss()
    faiss.omp_set_num_threads(1)
    quantizer = faiss.ScalarQuantizer
    bits = quantizer.QT_fp16 if len(ids) < EXACT_BELOW else quantizer.QT_8bit
    index = faiss.IndexScalarQuantizer(dimension, bits, faiss.METRIC_INNER_PRODUCT)
    first = None
    if len(ids) >= SCANNED_FROM and dimension % 2 == 0:
        first = faiss.IndexPQFastScan(dimension, dimension // 2, 4, faiss.METRIC_INNER_PRODUCT)
    if len(ids) >= EXACT_BELOW:
        some = np.random.default_rng(_SEED).permutation(len(ids))[:_SAMPLE]
        sample = np.concatenate(list(vectors(ids[np.sort(some)])))
        for one in filter(None, (index, first)):
            one.train(sample)
        del sample
    for rows in vectors(ids):
        for one in filter(None, (index, first)):
            one.add(rows)
    return Codes(faiss.IndexRefine(first, index) if first else index)


def read_codes(body: npt.NDArray[np.uint8]) -> Codes | None:
    """Read FAISS's own form; None if it is of another version of FAISS."""
    faiss: Any = _faiss()
    try:
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(body), body.size)
        index = faiss.read_index(reader, faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError:
        return None
    return Codes(index, body)


def _found(index: Any, query: Vectors, k: int, parameters: Any) -> tuple[Places, Vectors]:
    if k <= 0:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    _faiss().omp_set_num_threads(1)  # of a single question no more are used
    scores, places = index.search(query[None, :], k, params=parameters)
    there = places[0] >= 0
    return places[0][there], scores[0][there]


def _faiss() -> Any:
    return importlib.import_module("faiss")
