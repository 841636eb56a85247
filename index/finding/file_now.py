"""A file of the index as it is on disk now, with its notes in their places."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from corpus.decode import NotText, decode
from corpus.document import read_document
from corpus.errors import NotesError
from corpus.note import Kind, Lines
from corpus.roles import Roles
from index.finding.hit import Freshness
from index.keeping.difference import content_hash
from index.keeping.vaults import all_vaults


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file of a vault, both 1-based and included."""

    vault: str
    path: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class NotePlace:
    """Where a note stands in its file. `key` is the note's id, "" if the index lacks the note."""

    key: str
    title: str
    kind: Kind
    lines: Lines


@dataclass(frozen=True, slots=True)
class FileNow:
    """`text` is the file's; where it cannot be read, what the index has of its notes.

    `notes` are in the order of their lines. `freshness` tells the file from the index's: CHANGED
    since it was indexed, or UNREACHABLE.
    """

    vault: str
    path: str
    file: Path
    text: str
    notes: tuple[NotePlace, ...]
    freshness: Freshness = Freshness.CURRENT


class NoSuchFileError(NotesError):
    """The index has no such file, or it is gone from its folder."""

    def __init__(self, vault: str, path: str) -> None:
        super().__init__(
            f"There is no {path} among the notes of {vault}.",
            "It may have been moved or deleted; search for what it says.",
        )


def read_file(db: sqlite3.Connection, vault: str, path: str, roles: Roles) -> FileNow:
    """Read a file that the index holds; no other one can be read, and no link is followed out.

    Raises NoSuchFileError.
    """
    row = db.execute(
        "SELECT files.id, hash FROM files JOIN vaults ON vaults.id = vault"
        " WHERE name = ? AND path = ?",
        (vault, path),
    ).fetchone()
    if row is None:
        raise NoSuchFileError(vault, path)
    folder = next(known.folder for known in all_vaults(db) if known.name == vault)
    file = folder / path
    places = _places(db, row["id"])
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise NoSuchFileError(vault, path)
        data = file.read_bytes()
        text = decode(data).text
    except (FileNotFoundError, NotADirectoryError) as error:
        if os.path.isdir(folder):  # noqa: PTH112 - Path's raises where a mount is dead
            raise NoSuchFileError(vault, path) from error
        return _as_indexed(db, row["id"], vault, path, file)
    except (OSError, NotText):
        return _as_indexed(db, row["id"], vault, path, file)
    if content_hash(data) == row["hash"]:
        return FileNow(vault, path, file, text, places)
    known = {place.title: place.key for place in places}
    now = tuple(
        NotePlace(known.get(note.title, ""), note.title, note.kind, note.lines)
        for note in read_document(path, data, roles).notes
    )
    return FileNow(vault, path, file, text, now, Freshness.CHANGED)


def place_of(db: sqlite3.Connection, key: str) -> Place | None:
    """Return where the note with id `key` stands as of the index, None if it has no such note."""
    row = db.execute(
        "SELECT name, path, line_first, line_last FROM notes JOIN files ON files.id = file"
        " JOIN vaults ON vaults.id = vault WHERE key = ?",
        (key,),
    ).fetchone()
    return Place(row[0], row[1], Lines(row[2], row[3])) if row else None


def _places(db: sqlite3.Connection, file: int) -> tuple[NotePlace, ...]:
    rows = db.execute(
        "SELECT key, title, kind, line_first, line_last FROM notes WHERE file = ?"
        " ORDER BY span_start, id",
        (file,),
    )
    return tuple(NotePlace(row[0], row[1], Kind(row[2]), Lines(row[3], row[4])) for row in rows)


def _as_indexed(db: sqlite3.Connection, number: int, vault: str, path: str, file: Path) -> FileNow:
    """Put the notes that the index has where their lines were."""
    rows = db.execute(
        "SELECT line_first, text FROM notes WHERE file = ? ORDER BY span_start, id", (number,)
    ).fetchall()
    lines: list[str] = []
    for first, text in rows:
        lines += [""] * (first - 1 - len(lines))
        lines += text.splitlines()
    return FileNow(vault, path, file, "\n".join(lines), _places(db, number), Freshness.UNREACHABLE)
