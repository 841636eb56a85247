"""What of a vault has changed since the index last saw it?"""

import hashlib
import os
import time
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from corpus.scan import LATEST_NS, Found, Scan
from index.keeping.store import Store
from index.keeping.vaults import Vault

READ_AGAIN = -1
"""Stored instead of the time of a change, it makes the next update read the file."""

_TRIES = 3
_TICK_NS = 100_000_000
_COARSE_TICK_NS = 2_000_000_000  # FAT's, the coarsest


class FileRow(NamedTuple):
    """A file as the index knows it; `notes` is how many it holds. Many are read: a tuple."""

    path: str
    id: int
    size: int
    mtime_ns: int
    ctime_ns: int
    notes: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """`read` must be read: new, or other than its row says. `gone` are rows without a file.

    `same` counts the unchanged files that hold notes.
    """

    read: tuple[tuple[Found, FileRow | None], ...]
    gone: tuple[FileRow, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of a vault; without a store, nothing.

    What was read in another way than files are read now (`is_outdated`) is to be read again.
    """

    store: Store | None
    vault: int
    is_outdated: bool = False

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[Any]:
        if self.store is None:
            return []
        with self.store.reading() as db:
            cursor = db.cursor()
            cursor.row_factory = None
            return cursor.execute(sql, values).fetchall()

    def listing(self) -> bytes | None:
        """Return the digest of the last listing, None if files must be compared one by one."""
        rows = self._rows("SELECT listing FROM vaults WHERE id = ?", (self.vault,))
        return rows[0][0] if rows and not self.is_outdated else None

    def with_notes(self) -> int:
        """Return how many files hold notes."""
        sql = "SELECT count(*) FROM files WHERE vault = ? AND notes > 0"
        return int(self._rows(sql, (self.vault,))[0][0])

    def files(self) -> dict[str, FileRow]:
        """Return the files by path."""
        ctime = str(READ_AGAIN) if self.is_outdated else "ctime_ns"
        hashed = "x''" if self.is_outdated else "hash"
        sql = (
            f"SELECT path, id, size, mtime_ns, {ctime}, notes, {hashed} FROM files WHERE vault = ?"
        )
        return {row[0]: FileRow._make(row) for row in self._rows(sql, (self.vault,))}

    def problems(self) -> dict[str, str]:
        """Return by path why files that were read are not, or not wholly, among the notes."""
        sql = "SELECT path, reason FROM skipped JOIN files USING (vault, path) WHERE vault = ?"
        return dict(self._rows(sql, (self.vault,)))


def way_of(store: Store, vault: Vault) -> str:
    """Return the way in which a vault's files were read, "" before they were."""
    with store.reading() as db:
        return str(db.execute("SELECT way FROM vaults WHERE id = ?", (vault.id,)).fetchone()[0])


def listing_of(scanned: Scan) -> bytes:
    """Return the digest of a vault's paths, sizes and times."""
    digest = hashlib.blake2b("\0".join([found[0] for found in scanned.found]).encode())
    numbers = map(itemgetter(2, 3, 4), scanned.found)
    digest.update(array("q", chain.from_iterable(numbers)).tobytes())
    return digest.digest()


def difference(scanned: Scan, known: Mapping[str, FileRow]) -> Difference:
    """Compare by size and times; contents are compared when a file is read."""
    read: list[tuple[Found, FileRow | None]] = []
    same = seen = 0
    for found in scanned.found:
        row = known.get(found.path)
        if row is None:
            read.append((found, None))
            continue
        seen += 1
        if row[2:5] == found[2:5]:
            same += row.notes > 0
        else:
            read.append((found, row))
    gone: tuple[FileRow, ...] = ()
    if seen < len(known):
        paths = {found.path for found in scanned.found}
        gone = tuple(
            row
            for path, row in known.items()
            if path not in paths and not is_unread(path, scanned.unread)
        )
    return Difference(tuple(read), gone, same)


def is_unread(path: str, unread: Sequence[str]) -> bool:
    """Whether a path is, or lies in, something that could not be read."""
    return any(path.startswith(one) if one.endswith("/") else path == one for one in unread)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read: why ("" if it is no longer there), and whether to `keep` what
    is known of it.

    What the user took away goes, be it by its mode; what the machine fails to give stays.
    """

    reason: str
    keep: bool


def read_files(
    wanted: Difference,
) -> Iterator[tuple[Found, Found, FileRow | None, bytes | Unread]]:
    """Yield each file to be read, as it was listed and as it was when read, with its bytes, or why
    they could not be had."""
    for found, row in wanted.read:
        try:
            data, status = _read_whole(found.file)
        except FileNotFoundError:
            yield found, found, row, Unread("", keep=False)
        except PermissionError:
            yield found, found, row, Unread("no permission to read this file", keep=False)
        except OSError as error:
            yield found, found, row, Unread(f"cannot be read: {error.strerror}", keep=True)
        else:
            if data is None:
                reason = "changes while it is read: left for the next update"
                yield found, found, row, Unread(reason, keep=True)
            else:
                yield found, _as_read(found, status), row, data


def _read_whole(file: Path) -> tuple[bytes | None, os.stat_result]:
    """Return a file's bytes and status; None for the bytes if it changes whenever it is read."""
    for _ in range(_TRIES):
        with file.open("rb") as stream:
            before = os.fstat(stream.fileno())
            data = stream.read()
            after = os.fstat(stream.fileno())
        if _stamp(before) == _stamp(after) and len(data) == after.st_size:
            return data, after
    return None, after


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, min(status.st_mtime_ns, LATEST_NS), min(status.st_ctime_ns, LATEST_NS)


def _as_read(found: Found, status: os.stat_result) -> Found:
    """Return `found` with the times that its bytes had.

    A file that is written twice within one tick of its file system's clock has the same times both
    times (git's "racily clean" files), so one that was read just after it was written is read again.
    """
    size, mtime, ctime = _stamp(status)
    now = time.time_ns()
    tick = _TICK_NS if mtime % 1_000_000_000 else _COARSE_TICK_NS
    written = max(ctime, mtime if mtime <= now else 0)  # a user may set any mtime
    settled = not -_COARSE_TICK_NS <= now - written <= tick  # the clock may have been set back
    return Found(found.path, found.folder, size, mtime, ctime if settled else READ_AGAIN)


def content_hash(data: bytes) -> bytes:
    """Return the hash by which unchanged contents are known: blake2b, 128 bits."""
    return hashlib.blake2b(data, digest_size=16).digest()
