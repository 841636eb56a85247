"""What a program names: a note by its id, a file by its path."""

import sqlite3

from index.keeping.notes import StoredNote, read_notes


def note_named(db: sqlite3.Connection, key: str) -> StoredNote | None:
    """Return the note with id `key` as the index has it, None if it has no such note."""
    row = db.execute("SELECT id FROM notes WHERE key = ?", (key,)).fetchone()
    return read_notes(db, [row[0]])[row[0]] if row else None


def vaults_with(db: sqlite3.Connection, path: str) -> tuple[str, ...]:
    """Return the names of the vaults that have a file at `path`."""
    rows = db.execute(
        "SELECT name FROM vaults JOIN files ON files.vault = vaults.id WHERE path = ? ORDER BY name",
        (path,),
    )
    return tuple(row[0] for row in rows)
