"""Notes read back from the store."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.note import Kind, Lines, Note, Span
from index.keeping.checksum import DamagedIndexError, check
from index.keeping.rows import NOTE_COLUMNS, note_checksum
from index.keeping.vaults import all_vaults

NOTES_WITH_PLACES = (
    "SELECT notes.*, path, vault, vaults.name AS vault_name FROM notes"
    " JOIN files ON files.id = file JOIN vaults ON vaults.id = vault"
)


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
    folders = {vault.id: vault.folder for vault in all_vaults(db)}
    marks = ",".join("?" * len(wanted))
    rows = db.execute(
        f"{NOTES_WITH_PLACES} WHERE notes.id IN ({marks})",
        wanted,
    )
    notes = {}
    for row in rows:
        check_note(row)
        file = folders[row["vault"]] / row["path"]
        notes[row["id"]] = StoredNote(row["key"], _note(row), row["vault_name"], file)
    if len(notes) < len(wanted):
        raise DamagedIndexError("notes are missing that its terms or chunks speak of")
    return notes


def check_note(row: sqlite3.Row) -> None:
    """Raise DamagedIndexError unless a row of NOTES_WITH_PLACES is as it was written."""
    told = [row[column.strip()] for column in NOTE_COLUMNS.split(",")]
    actual = note_checksum(str(row["vault_name"]), str(row["path"]), told)
    check(f"note {row['id']} ({row['key']})", row["crc"], actual)


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
