"""The FAISS side: derived from the store, and brought up to any generation of it.

File: the 8 bytes `NOTESVEC`, a little-endian uint32 length, a JSON stamp of that length (`Stamp`
and the crc32 and length of the rest), then FAISS's own serialisation. Chunk ids are never used twice and a
chunk's vector never changes, so a file of any generation of the same database and recipe is right
but for chunks that have gone or come since; those are found by their ids. "The same database" is
told by the name of the update that the file was made after.
"""

import importlib
import json
import os
import sqlite3
import struct
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.keeping.store import get_meta, token, updates
from index.keeping.vaults import all_vaults
from index.keeping.vector_rows import Ids, stored_vectors

_MAGIC = b"NOTESVEC"
_LARGE = 32_000_000
_WORTH_THREADS = 200_000
"""Vectors from which on several threads search sooner than one: they wait for each other."""
_NOT_OURS = (OSError, ValueError, KeyError, TypeError, struct.error)


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

    @property
    def ids(self) -> Ids:
        """The chunks that are here, (n,) int64, in the order in which they lie."""
        faiss: Any = importlib.import_module("faiss")
        found: Ids = faiss.vector_to_array(self._index.id_map)
        return found

    def copy(self) -> "VectorIndex":
        """Return an index that changes apart from this one."""
        faiss: Any = importlib.import_module("faiss")
        return VectorIndex(self.dimension, faiss.clone_index(self._index))

    def search(
        self, query: Vectors, k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the `k` nearest (chunk id, cosine) to `query` (dimension,), best first."""
        k = min(k, len(self))
        if k == 0 or (allowed is not None and not allowed):
            return []
        faiss: Any = importlib.import_module("faiss")
        faiss.omp_set_num_threads(1 if len(self) < _WORTH_THREADS else os.cpu_count() or 1)
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

    def save(self, file: Path, stamp: "Stamp") -> None:
        """Write the file anew, whole or not at all: aside, synced, then renamed."""
        import faiss

        body = memoryview(faiss.serialize_index(self._index).data)
        seal = {"crc32": zlib.crc32(body), "length": len(body)}
        told = json.dumps({**asdict(stamp), **seal}).encode()
        temporary = file.with_suffix(".tmp")
        try:
            with temporary.open("wb") as out:
                out.write(_MAGIC + struct.pack("<I", len(told)) + told)
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(file)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


def _selecting(allowed: Sequence[int]) -> Any:
    faiss: Any = importlib.import_module("faiss")
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.array(allowed, np.int64)))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file belongs to: the update that it was made after, by its token.

    `vaults` and `model` are there for the day on which the database cannot be read.
    """

    token: str
    recipe: str
    dimension: int
    count: int
    model: str
    vaults: tuple[str, ...]


def stamp_of(db: sqlite3.Connection, index: VectorIndex) -> Stamp:
    """Return the stamp of an index that holds what the store holds."""
    return Stamp(
        token(db),
        get_meta(db, "recipe"),
        index.dimension,
        len(index),
        get_meta(db, "model"),
        tuple(str(vault.root) for vault in all_vaults(db)),
    )


def read_stamp(file: Path) -> Stamp | None:
    """Read a file's stamp, the rest unseen; None if there is none."""
    try:
        with file.open("rb") as data:
            return _read_stamp(data)[0]
    except _NOT_OURS:
        return None


def _read_stamp(data: BinaryIO) -> tuple[Stamp, int, int]:
    """Return the stamp, and the crc32 and length of what follows."""
    if data.read(8) != _MAGIC:
        raise ValueError("not a vector file")
    (length,) = struct.unpack("<I", data.read(4))
    told = json.loads(data.read(length))
    crc, size = int(told.pop("crc32")), int(told.pop("length"))
    return Stamp(**{**told, "vaults": tuple(told["vaults"])}), crc, size


def is_whole(file: Path, glance: bool = False) -> bool:
    """Whether the file is as it was written; at a glance, a large one is judged by its length."""
    try:
        with file.open("rb") as data:
            _, crc, length = _read_stamp(data)
            if data.tell() + length != os.fstat(data.fileno()).st_size:
                return False
            return (glance and length > _LARGE) or zlib.crc32(data.read()) == crc
    except _NOT_OURS:
        return False


def belongs(db: sqlite3.Connection, file: Path) -> bool:
    """Whether the file, at a glance, is whole and of this database and recipe."""
    stamp = read_stamp(file)
    if stamp is None or not is_whole(file, glance=True):
        return False
    return stamp.token in updates(db) and stamp.recipe == get_meta(db, "recipe")


def load(db: sqlite3.Connection, file: Path) -> VectorIndex | None:
    """Read a file of this database and recipe, of whatever generation; None if it is no such file."""
    import faiss

    read = _read(file)
    if read is None:
        return None
    stamp, body = read
    if stamp.token not in updates(db) or stamp.recipe != get_meta(db, "recipe"):
        return None
    try:
        return VectorIndex(stamp.dimension, faiss.deserialize_index(body))
    except RuntimeError:  # of another version of FAISS
        return None


def _read(file: Path) -> tuple[Stamp, npt.NDArray[np.uint8]] | None:
    try:
        with file.open("rb") as data:
            stamp, crc, _ = _read_stamp(data)
            body = np.fromfile(data, np.uint8)
    except _NOT_OURS:
        return None
    return (stamp, body) if zlib.crc32(body.data) == crc else None


def brought_up(
    db: sqlite3.Connection, index: VectorIndex | None, dimension: int
) -> tuple[VectorIndex, int]:
    """Return an index of the store's generation, and how many chunks had gone or come.

    `index` may be of another generation of this database and recipe; it is left as it is.
    """
    if index is None:
        index = VectorIndex(dimension)
    there = np.array([row[0] for row in db.execute("SELECT id FROM chunks ORDER BY id")], np.int64)
    gone, come = np.setdiff1d(index.ids, there), np.setdiff1d(there, index.ids)
    if not len(gone) and not len(come):
        return index, 0
    index = index.copy()
    index.remove(gone)
    for ids, rows in stored_vectors(db, come.tolist()):
        index.add(ids, rows)
    return index, len(gone) + len(come)
