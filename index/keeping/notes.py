"""Notes read back from the store."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.note import Kind, Lines, Note, Span
from index.keeping.checksum import check, checksum
from index.keeping.rows import NOTE_COLUMNS
from index.keeping.vaults import all_vaults


@dataclass(frozen=True, slots=True)
class StoredNote:
    """A note with its id, its vault's name and its file on disk."""

    key: str
    note: Note
    vault: str
    file: Path


def read_notes(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, StoredNote]:
    """Return the notes with the store's row ids `ids`.

    Raises DamagedIndexError where one is not as it was written.
    """
    wanted = list(ids)
    places = {vault.id: (vault.name, vault.folder) for vault in all_vaults(db)}
    marks = ",".join("?" * len(wanted))
    rows = db.execute(
        "SELECT notes.*, path, vault FROM notes JOIN files ON files.id = file"
        f" WHERE notes.id IN ({marks})",
        wanted,
    )
    notes = {}
    for row in rows:
        check_note(row)
        name, folder = places[row["vault"]]
        notes[row["id"]] = StoredNote(row["key"], _note(row), name, folder / row["path"])
    return notes


def check_note(row: sqlite3.Row) -> None:
    """Raise DamagedIndexError unless a note's row is as it was written."""
    told = checksum(*(row[column.strip()] for column in NOTE_COLUMNS.split(",")))
    check(f"note {row['id']} ({row['key']})", row["crc"], told)


def _note(row: sqlite3.Row) -> Note:
    return Note(
        path=row["path"],
        span=Span(row["span_start"], row["span_end"]),
        lines=Lines(row["line_first"], row["line_last"]),
        body=Span(row["body_start"], row["body_end"]),
        kind=Kind(row["kind"]),
        text=row["text"],
        title=row["title"],
        headings=tuple(json.loads(row["headings"])),
        meta=json.loads(row["meta"]),
        columns=tuple(json.loads(row["columns"])),
        tags=tuple(json.loads(row["tags"])),
    )
