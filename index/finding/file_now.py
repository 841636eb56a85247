"""A file of the index as it is on disk now, with its notes in their places."""

import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.decode import NotText, decode
from corpus.errors import NotesError
from corpus.lines import LINE_END
from corpus.note import Kind, Lines
from corpus.roles import Roles
from corpus.scan import MAX_BYTES
from index.finding.hit import Freshness
from index.keeping.difference import content_hash
from index.keeping.vaults import all_vaults, is_away


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


def read_file(
    db: sqlite3.Connection, vault: str, path: str, roles: Roles, max_bytes: int = MAX_BYTES
) -> FileNow:
    """Read a file that the index holds; no other one can be read, and no link is followed.

    Raises NoSuchFileError.
    """
    row = db.execute(
        "SELECT files.id, hash FROM files JOIN vaults ON vaults.id = vault"
        " WHERE name = ? AND path = ?",
        (vault, path),
    ).fetchone()
    if row is None:
        raise NoSuchFileError(vault, path)
    root = next(known.root for known in all_vaults(db) if known.name == vault)
    indexed = FileNow(
        vault, path, _file(root, path), "", _places(db, row["id"]), Freshness.UNREACHABLE
    )
    try:
        data = _bytes(indexed, root, max_bytes)
        text = decode(data).text
    except (OSError, NotText):
        return replace(indexed, text=_indexed_text(db, row["id"]))
    if content_hash(data) == row["hash"]:
        return replace(indexed, text=text, freshness=Freshness.CURRENT)
    notes = _notes_now(path, data, roles, indexed.notes)
    return replace(indexed, text=text, notes=notes, freshness=Freshness.CHANGED)


def _file(root: Path, path: str) -> Path:
    return root if path == root.name and not os.path.isdir(root) else root / path  # noqa: PTH112


def _bytes(file: FileNow, root: Path, max_bytes: int) -> bytes:
    """Read what is in a file's place. Raises OSError where that cannot be known at the moment."""
    real = os.path.realpath(root)
    inside = "" if file.file == root else f"/{file.path}"
    try:
        if is_away(root):
            raise OSError(f"{root} is away")
        status = file.file.lstat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoSuchFileError(file.vault, file.path) from error
    is_itself = os.path.realpath(file.file) == real + inside
    if not stat.S_ISREG(status.st_mode) or not is_itself:
        raise NoSuchFileError(file.vault, file.path)
    if status.st_size > max_bytes:
        raise OSError(f"{file.file} is too large")
    return file.file.read_bytes()


def _notes_now(
    path: str, data: bytes, roles: Roles, places: Sequence[NotePlace]
) -> tuple[NotePlace, ...]:
    """Return the notes of a changed file; one keeps its id if only it has its title."""
    from corpus.document import read_document  # slow to import, and no search needs it

    notes = read_document(path, data, roles).notes
    before, now = (Counter(note.title for note in some) for some in (places, notes))
    keys = {place.title: place.key for place in places if before[place.title] == 1}
    return tuple(
        NotePlace(
            keys.get(note.title, "") if now[note.title] == 1 else "",
            note.title,
            note.kind,
            note.lines,
        )
        for note in notes
    )


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


def _indexed_text(db: sqlite3.Connection, number: int) -> str:
    """Put the notes that the index has where their lines were."""
    rows = db.execute(
        "SELECT line_first, text FROM notes WHERE file = ? ORDER BY span_start, id", (number,)
    ).fetchall()
    lines: list[str] = []
    for first, text in rows:
        lines += [""] * (first - 1 - len(lines))
        lines += LINE_END.split(text)
    return "\n".join(lines)
