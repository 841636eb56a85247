"""The FAISS side: derived from the store, and brought up to any generation of it.

File: the 8 bytes `NOTESVEC`, a little-endian uint32 length, a JSON stamp of that length (`Stamp`
and the crc32 and length of the rest), then the chunks' ids (int64, ascending) and FAISS's own
serialisation. It holds codes (`index.keeping.codes`): the vectors themselves are in the store
alone. Chunk ids are never used twice and a chunk's vector never changes, so a file of any
generation of the same database and recipe is right but for chunks that have gone or come since;
those are found by their ids. "The same database" is told by the name of the update that the file
was made after.
"""

import json
import os
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from index.embedding.embedder import Vectors
from index.keeping.codes import Codes, make_codes, read_codes
from index.keeping.store import get_meta, token, updates
from index.keeping.vaults import all_vaults
from index.keeping.vector_rows import Ids, stored_vectors

_MAGIC = b"NOTESVEC"
_LARGE = 32_000_000
_NOT_OURS = (OSError, ValueError, KeyError, TypeError, struct.error)

_FEW, _SHARE = 1_000, 0.1
"""Chunks that may have gone or come since the codes were made, or as a share of them; past that
they are made anew."""


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Search by inner product over unit vectors, by chunk id.

    `ids` are those of `codes`, ascending; `gone` says which of them are no more; `late` are the
    chunks that have come since, with their vectors (n, dimension) as they are.
    """

    ids: Ids
    codes: Codes
    gone: npt.NDArray[np.bool_] | None
    late: Ids
    late_vectors: Vectors

    def __len__(self) -> int:
        gone = 0 if self.gone is None else int(self.gone.sum())
        return len(self.ids) - gone + len(self.late)

    def search(
        self, query: Vectors, k: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return about the `k` nearest (chunk id, cosine) to `query` (dimension,), best first.

        `allowed` are ids of chunks, ascending; None for all.

        The cosines are those of the codes, up to 0.01 off: who wants them exactly reads the vectors.
        """
        among = None if allowed is None else np.asarray(allowed, np.int64)
        places, scores = self._of_codes(query, k, among)
        late = np.arange(len(self.late))
        if among is not None:
            late = late[np.isin(self.late, among)]
        ids = np.concatenate([self.ids[places], self.late[late]])
        scores = np.concatenate([scores, self.late_vectors[late] @ query])
        order = np.lexsort((ids, -scores))[:k]
        return list(zip(ids[order].tolist(), scores[order].tolist(), strict=True))

    def _of_codes(
        self, query: Vectors, k: int, among: Ids | None
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        if among is not None:
            places = np.searchsorted(self.ids, among)
            there = places < len(self.ids)
            there[there] = self.ids[places[there]] == among[there]
            places = places[there]
            if self.gone is not None:
                places = places[~self.gone[places]]
            return self.codes.search_among(query, k, places)
        if self.gone is None:
            return self.codes.search(query, k)
        wanted = k
        while True:  # those that have gone make room
            wanted = min(2 * wanted, len(self.ids))
            places, scores = self.codes.search(query, wanted)
            left = ~self.gone[places]
            if left.sum() >= k or wanted == len(self.ids):
                return places[left], scores[left]

    def is_coded(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether the chunks `ids`, all of which have codes, have those of `vectors`."""
        return self.codes.match(np.searchsorted(self.ids, ids), vectors)

    def save(self, file: Path, stamp: "Stamp") -> None:
        """Write the file anew, whole or not at all: aside, synced, then renamed.

        Only codes are written: chunks that are late or gone are so for who reads it, too.
        """
        body = self.ids.astype("<i8").tobytes() + self.codes.serialised()
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
    """Return the stamp of an index that was made from the store as it is."""
    return Stamp(
        token(db),
        get_meta(db, "recipe"),
        index.codes.dimension,
        len(index.ids),
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
    read = _read(file)
    if read is None:
        return None
    stamp, body = read
    if stamp.token not in updates(db) or stamp.recipe != get_meta(db, "recipe"):
        return None
    ids = body[: 8 * stamp.count].view("<i8")
    codes = read_codes(body[8 * stamp.count :])
    if codes is None or len(codes) != len(ids) or codes.dimension != stamp.dimension:
        return None
    return _whole(ids, codes)


def _whole(ids: Ids, codes: Codes) -> VectorIndex:
    none = np.empty((0, codes.dimension), np.float32)
    return VectorIndex(ids, codes, None, np.empty(0, np.int64), none)


def _read(file: Path) -> tuple[Stamp, npt.NDArray[np.uint8]] | None:
    try:
        with file.open("rb") as data:
            stamp, crc, _ = _read_stamp(data)
            body = np.fromfile(data, np.uint8)
    except _NOT_OURS:
        return None
    return (stamp, body) if zlib.crc32(body.data) == crc else None


def brought_up(db: sqlite3.Connection, index: VectorIndex | None, dimension: int) -> VectorIndex:
    """Return an index of the store's generation.

    `index` may be of another generation of this database and recipe; it is left as it is, and its
    codes are used again unless much has changed.
    """
    there = chunks_in(db)
    if index is None:
        return made(db, there, dimension)
    gone = ~np.isin(index.ids, there, assume_unique=True)
    late = np.setdiff1d(there, index.ids, assume_unique=True)
    if int(gone.sum()) + len(late) > max(_FEW, _SHARE * len(there)):
        return made(db, there, dimension)
    known = np.isin(index.late, late, assume_unique=True)
    fresh = np.setdiff1d(late, index.late, assume_unique=True)
    vectors = [index.late_vectors[known], *(rows for _, rows in stored_vectors(db, fresh.tolist()))]
    return VectorIndex(
        index.ids,
        index.codes,
        gone if gone.any() else None,
        np.concatenate([index.late[known], fresh]),
        np.concatenate(vectors),
    )


def chunks_in(db: sqlite3.Connection) -> Ids:
    """Return the ids of all chunks, ascending."""
    rows = db.execute("SELECT id FROM chunks ORDER BY id")
    rows.row_factory = None
    return np.fromiter((row[0] for row in rows), np.int64)


def made(db: sqlite3.Connection, chunks: Ids, dimension: int) -> VectorIndex:
    """Return an index with codes for all of the store's `chunks`, ascending."""

    def vectors(ids: Ids) -> Iterator[Vectors]:
        for _, rows in stored_vectors(db, ids.tolist()):
            yield rows

    return _whole(chunks, make_codes(chunks, vectors, dimension))
