"""Files, notes, chunks and terms as rows of the store."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from corpus.language import language_of
from corpus.note import Chunk, Note
from corpus.roles import NUMBER
from corpus.scan import Found
from index.keeping.checksum import checksum
from index.keeping.term_writer import TermWriter, forget_notes
from index.terms import analyze

if TYPE_CHECKING:
    from corpus.document import Document

Chunks = tuple[tuple[tuple[Chunk, bytes], ...], ...]
"""For each note of a file its chunks, each with its vector's key."""

WEIGHTS = (1, 2, 1)
"""Of a term in headings, metadata and body; chosen by `python -m tests.bench.metadata`."""

NOTE_COLUMNS = (
    "key, kind, lang, title, span_start, span_end, body_start, body_end, line_first, line_last,"
    " headings, meta, columns, tags, text"
)
"""What a note's checksum is of, in this order, after its vault's name and its path."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file read anew, its notes cut into chunks."""

    found: Found
    hash: bytes
    document: "Document"
    chunks: Chunks


def delete_files(db: sqlite3.Connection, files: Iterable[int]) -> list[int]:
    """Delete files with all that hangs on them; return the ids of the chunks that went."""
    gone: list[int] = []
    notes: list[int] = []
    for file in files:
        rows = db.execute(
            "SELECT chunks.id FROM chunks JOIN notes ON notes.id = note WHERE file = ?", (file,)
        )
        gone += [row[0] for row in rows]
        rows = db.execute("SELECT id FROM notes WHERE file = ?", (file,))
        notes += [row[0] for row in rows]
        db.execute("DELETE FROM files WHERE id = ?", (file,))
    forget_notes(db, notes)
    return gone


def insert_entry(
    db: sqlite3.Connection, vault: int, name: str, entry: Entry, writer: TermWriter
) -> list[int]:
    """Insert a file with its notes, chunks and terms; return the new chunks' ids."""
    found, document = entry.found, entry.document
    file = _insert(
        db,
        "INSERT INTO files (vault, path, size, mtime_ns, ctime_ns, hash, notes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            vault,
            found.path,
            found.size,
            found.mtime_ns,
            found.ctime_ns,
            entry.hash,
            len(document.notes),
        ),
    )
    seen: dict[str, int] = {}
    ids: list[int] = []
    for note, chunks in zip(document.notes, entry.chunks, strict=True):
        twin = seen[note.text] = seen.get(note.text, -1) + 1
        row = _insert_note(db, file, name, _key(name, note, twin), note)
        writer.add(row, note_terms(note))
        for chunk, vector in chunks:
            told = (row, chunk.span.start, chunk.span.end, vector)
            ids.append(
                _insert(
                    db,
                    "INSERT INTO chunks (note, span_start, span_end, vector, crc)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (*told, chunk_checksum(*told)),
                )
            )
    return ids


def note_terms(note: Note) -> tuple[tuple[list[str], int], ...]:
    """Return the terms of a note's headings, metadata and body, each with its weight."""
    said = [value for key, value in note.meta.items() if key != NUMBER]
    places = (*note.headings, *PurePosixPath(note.path).with_suffix("").parts)
    texts = ("\n".join(places), "\n".join((*said, *note.tags)), note.body_text)
    return tuple((analyze(text), weight) for text, weight in zip(texts, WEIGHTS, strict=True))


def note_checksum(vault: str, path: str, told: Sequence[str | int]) -> int:
    """Return the checksum of a note's row, and of the names of its vault and file."""
    return checksum(vault, path, *told)


def chunk_checksum(note: int, start: int, end: int, vector: bytes) -> int:
    """Return the checksum of a chunk's row."""
    return checksum(note, start, end, vector.hex())


def _insert(db: sqlite3.Connection, sql: str, values: tuple[object, ...]) -> int:
    row = db.execute(sql, values).lastrowid
    assert row is not None
    return row


def _insert_note(db: sqlite3.Connection, file: int, vault: str, key: str, note: Note) -> int:
    told = (
        key,
        note.kind.value,
        language_of(note.text),
        note.title,
        note.span.start,
        note.span.end,
        note.body.start,
        note.body.end,
        note.lines.first,
        note.lines.last,
        json.dumps(note.headings, ensure_ascii=False),
        json.dumps(dict(note.meta), ensure_ascii=False),
        json.dumps(note.columns, ensure_ascii=False),
        json.dumps(note.tags, ensure_ascii=False),
        note.text,
    )
    marks = ", ".join("?" * (len(told) + 2))
    return _insert(
        db,
        f"INSERT INTO notes (file, {NOTE_COLUMNS}, crc) VALUES ({marks})",
        (file, *told, note_checksum(vault, note.path, told)),
    )


def _key(vault: str, note: Note, twin: int) -> str:
    """Name a note by where it is and what it says: the same after every rebuild."""
    identity = "\0".join((vault, note.path, str(twin), note.text))
    return hashlib.blake2b(identity.encode(errors="surrogatepass"), digest_size=8).hexdigest()
