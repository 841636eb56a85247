"""What was found for the notes of one update, kept in a file beside the database.

File: a NumPy archive (`.npz`) with the arrays and, as bytes, a JSON text of what they are of. The
archive's comment is the crc32 of all that comes before it.
"""

import json
import logging
import os
import struct
import tempfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.mapping.note_vectors import Keys

_LOG = logging.getLogger(__name__)
_SEAL = struct.Struct("<HI")
"""The archive's last field, the length of its comment, and the comment."""

_NOT_OURS = (OSError, ValueError, KeyError, TypeError, struct.error)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Values for the notes of the update `token`, made by `recipe`.

    `values` (n, ...) belong to `keys`. The map was made anew of `made_of` notes; `settled` (n,)
    bool are those of them that are still here, the others were placed among them later. `names`
    are the clusters', if values are clusters.
    """

    token: str
    recipe: str
    made_of: int
    keys: Keys
    settled: npt.NDArray[np.bool_]
    values: npt.NDArray[Any]
    names: tuple[tuple[str, ...], ...] = ()

    def is_of(self, token: str, keys: Keys) -> bool:
        """Whether it is of the update `token`, whose notes have these keys."""
        return self.token == token and np.array_equal(self.keys, keys)


def file_of(folder: Path, name: str) -> Path:
    """Return where the snapshot `name` of an index lies."""
    return folder / f"map-{name}.npz"


def read_snapshot(file: Path) -> Snapshot | None:
    """Read a snapshot; None if there is none, or not as it was written."""
    try:
        raw = file.read_bytes()
        size, crc = _SEAL.unpack(raw[-_SEAL.size :])
        if size != _SEAL.size - 2 or zlib.crc32(raw[:-4]) != crc:
            return None
        with np.load(BytesIO(raw), allow_pickle=False) as arrays:
            told = json.loads(arrays["told"].tobytes())
            names = tuple(tuple(map(str, name)) for name in told.pop("names"))
            return Snapshot(
                **told,
                names=names,
                keys=arrays["keys"],
                settled=arrays["settled"],
                values=arrays["values"],
            )
    except _NOT_OURS:
        return None


def write_snapshot(file: Path, snapshot: Snapshot) -> None:
    """Write a snapshot, whole or not at all; where that cannot be, it is made again next time."""
    told = {name: getattr(snapshot, name) for name in ("token", "recipe", "made_of", "names")}
    out = BytesIO()
    np.savez(
        out,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        keys=snapshot.keys,
        settled=snapshot.settled,
        values=snapshot.values,
    )
    body = out.getvalue()[:-2] + struct.pack("<H", _SEAL.size - 2)
    try:
        _replace(file, body + struct.pack("<I", zlib.crc32(body)))
    except OSError as error:
        _LOG.info("the map is not kept: %s", error)


def _replace(file: Path, content: bytes) -> None:
    """Write aside, under a name of its own, then rename: others may be at it too."""
    handle, name = tempfile.mkstemp(".tmp", file.stem, file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
