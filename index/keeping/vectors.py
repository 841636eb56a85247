"""The FAISS side: derived from the store, stamped with the generation it belongs to.

File: the 8 bytes `NOTESVEC`, a little-endian uint32 length, a JSON stamp of that length
(generation, recipe, dimension, count, crc32 of the rest), then FAISS's own serialisation.
"""

import importlib
import json
import os
import sqlite3
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding.embedder import Vectors
from index.keeping.vector_rows import Ids, unpack

_MAGIC = b"NOTESVEC"


class VectorIndex:
    """Exact inner-product search over unit vectors, by chunk id."""

    def __init__(self, dimension: int, faiss_index: Any = None) -> None:
        import faiss

        self.dimension = dimension
        self._index: Any = faiss_index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add `vectors`, (n, dimension) float32 of norm 1, under chunk `ids`."""
        if len(ids):
            self._index.add_with_ids(vectors, ids)

    def remove(self, ids: Ids) -> None:
        """Remove the chunks `ids`; unknown ones are ignored."""
        if len(ids):
            self._index.remove_ids(ids)

    def search(
        self, query: Vectors, k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the `k` nearest (chunk id, cosine) to `query` (dimension,), best first."""
        k = min(k, len(self))
        if k == 0 or (allowed is not None and not allowed):
            return []
        parameters = None if allowed is None else _selecting(allowed)
        scores, ids = self._index.search(query[None, :], k, params=parameters)
        pairs = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
        return [(chunk, score) for chunk, score in pairs if chunk >= 0]

    def vectors(self, ids: Sequence[int]) -> Vectors:
        """Return (len(ids), dimension): the vectors of chunks that are here."""
        found: Vectors = self._index.reconstruct_batch(np.array(ids, np.int64))
        return found

    def cosines(self, query: Vectors, ids: Sequence[int]) -> list[float]:
        """Return the cosine of `query` (dimension,) with each of the chunks `ids`."""
        return [float(cosine) for cosine in self.vectors(ids) @ query] if ids else []

    def save(self, file: Path, generation: int, recipe: str) -> Path:
        """Write to a temporary file beside `file`, fsync it and return it, to be renamed."""
        import faiss

        body = faiss.serialize_index(self._index).tobytes()
        stamp = json.dumps(
            {
                "generation": generation,
                "recipe": recipe,
                "dimension": self.dimension,
                "count": len(self),
                "crc32": zlib.crc32(body),
            }
        ).encode()
        temporary = file.with_suffix(".tmp")
        with temporary.open("wb") as out:
            out.write(_MAGIC + struct.pack("<I", len(stamp)) + stamp)
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        return temporary


def _selecting(allowed: Sequence[int]) -> Any:
    faiss: Any = importlib.import_module("faiss")
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.array(allowed, np.int64)))


def load(file: Path, generation: int, recipe: str) -> VectorIndex | None:
    """Read the index back; None if the file is missing, torn or of another generation."""
    import faiss

    try:
        data = file.read_bytes()
        if data[:8] != _MAGIC:
            return None
        (length,) = struct.unpack("<I", data[8:12])
        stamp = json.loads(data[12 : 12 + length])
        body = memoryview(data)[12 + length :]
        if stamp["generation"] != generation or stamp["recipe"] != recipe:
            return None
        if zlib.crc32(body) != stamp["crc32"]:
            return None
        index = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
    except (OSError, ValueError, KeyError, struct.error, RuntimeError):
        return None
    return VectorIndex(stamp["dimension"], index)


def from_store(db: sqlite3.Connection, dimension: int) -> VectorIndex:
    """Build the index from the stored vectors, embedding nothing."""
    index = VectorIndex(dimension)
    rows = db.execute(
        "SELECT chunks.id, value FROM chunks JOIN vectors ON key = vector ORDER BY chunks.id"
    )
    while batch := rows.fetchmany(20_000):
        index.add(np.array([row[0] for row in batch], np.int64), unpack(row[1] for row in batch))
    return index
