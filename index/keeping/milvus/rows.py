"""The rows of chunks, as Milvus holds them: no text of any note among them."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from index.days import days_of_note
from index.keeping.milvus.fields import UNDATED, as_field, tags_field
from index.keeping.milvus.sparse import NOTHING, Sparse, note_weights
from index.keeping.notes import read_notes
from index.keeping.rows import note_terms
from index.keeping.vector_rows import stored_vectors

_AT_ONCE = 500


def rows_of(
    db: sqlite3.Connection, chunks: Sequence[int], mean_length: float | None
) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of chunks, some at a time; without terms if there is no mean length.

    A chunk that is no more has none. Raises DamagedIndexError.
    """
    for start in range(0, len(chunks), _AT_ONCE):
        told = _fields(db, chunks[start : start + _AT_ONCE])
        if not told:
            continue
        terms = _terms(db, told, mean_length) if mean_length else {}
        made = []
        for ids, vectors in stored_vectors(db, sorted(told)):
            for chunk, vector in zip(ids.tolist(), vectors, strict=True):
                row = {"chunk": chunk, "vector": vector, **told[chunk]}
                if mean_length:
                    row["terms"] = terms.get(chunk, NOTHING)
                made.append(row)
        yield made


def _fields(db: sqlite3.Connection, chunks: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = db.execute(
        "SELECT chunks.id, note, file, kind, lang, path, tags,"
        " json_extract(meta, '$.type') AS type, json_extract(meta, '$.source') AS source,"
        " json_extract(meta, '$.date') AS date"
        " FROM chunks JOIN notes ON notes.id = note JOIN files ON files.id = file"
        " WHERE chunks.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(chunks)),),
    )
    found = {}
    for row in rows:
        days = days_of_note(row["date"], row["path"])
        found[int(row["id"])] = {
            "note": row["note"],
            "file": row["file"],
            **{name: as_field(str(row[name] or "")) for name in ("kind", "lang", "type", "source")},
            "first": days.first.toordinal() if days else UNDATED,
            "last": days.last.toordinal() if days else UNDATED,
            "tags": tags_field(json.loads(row["tags"])),
        }
    return found


def _terms(
    db: sqlite3.Connection, told: dict[int, dict[str, Any]], mean_length: float
) -> dict[int, Sparse]:
    """Return the terms of notes by their first chunks, as far as those are among these."""
    wanted = sorted({row["note"] for row in told.values()})
    rows = db.execute(
        "SELECT note, min(id) FROM chunks WHERE note IN (SELECT value FROM json_each(?))"
        " GROUP BY note",
        (json.dumps(wanted),),
    )
    first = {note: chunk for note, chunk in rows if chunk in told}
    notes = read_notes(db, first)
    return {
        chunk: note_weights(note_terms(notes[note].note), mean_length)
        for note, chunk in first.items()
    }
