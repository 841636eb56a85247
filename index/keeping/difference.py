"""What of a vault has changed since the index last saw it?"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.note import Skip
from corpus.scan import Found, Scan


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as the index knows it."""

    id: int
    size: int
    mtime_ns: int
    hash: bytes
    problem: str
    has_notes: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """`read` must be read: new, or other than its row says. `gone` are rows without a file.

    `same` counts the unchanged files that hold notes.
    """

    read: tuple[tuple[Found, FileRow | None], ...]
    gone: tuple[FileRow, ...]
    same: int
    known_problems: tuple[Skip, ...]


def known_files(db: sqlite3.Connection, vault: int) -> dict[str, FileRow]:
    """Return the index's files of a vault by path."""
    rows = db.execute(
        "SELECT id, size, mtime_ns, hash, problem,"
        " EXISTS (SELECT 1 FROM notes WHERE file = files.id) AS has_notes, path"
        " FROM files WHERE vault = ?",
        (vault,),
    )
    return {
        row["path"]: FileRow(
            row["id"],
            row["size"],
            row["mtime_ns"],
            row["hash"],
            row["problem"],
            bool(row["has_notes"]),
        )
        for row in rows
    }


def difference(scanned: Scan, known: Mapping[str, FileRow]) -> Difference:
    """Compare by size and modification time; contents are compared when a file is read."""
    read: list[tuple[Found, FileRow | None]] = []
    problems: list[Skip] = []
    same = 0
    for found in scanned.found:
        row = known.get(found.path)
        if row is None or (row.size, row.mtime_ns) != (found.size, found.mtime_ns):
            read.append((found, row))
            continue
        same += row.has_notes
        if row.problem:
            problems.append(Skip(found.path, row.problem))
    paths = {found.path for found in scanned.found}
    gone = tuple(row for path, row in known.items() if path not in paths)
    return Difference(tuple(read), gone, same, tuple(problems))


def read_files(wanted: Difference) -> Iterator[tuple[Found, FileRow | None, bytes | Skip]]:
    """Yield each file to be read with its bytes, or why they could not be had."""
    for found, row in wanted.read:
        try:
            yield found, row, found.file.read_bytes()
        except OSError as error:
            yield found, row, Skip(found.path, f"cannot be read: {error.strerror}")


def content_hash(data: bytes) -> bytes:
    """Return the hash by which unchanged contents are known: blake2b, 128 bits."""
    return hashlib.blake2b(data, digest_size=16).digest()
