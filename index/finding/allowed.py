"""Which notes pass a query's filters?"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from index.days import days_of_note
from index.finding.filters import DATES, Query
from index.finding.matching import fits, fits_dates, folded, says
from index.keeping.segments import notes_with
from index.terms import LONGEST_TERM, analyze_query

FIELD_VALUES = {
    "type": "json_extract(notes.meta, '$.type')",
    "source": "json_extract(notes.meta, '$.source')",
    "kind": "notes.kind",
    "lang": "notes.lang",
}
_PLAIN = re.compile(r"[^\W_]+(?:\+\+|#)?")
"""Terms that every text with the phrase has, however it goes on."""
_WRITTEN = "SELECT id FROM notes WHERE instr(text, ?1) OR instr(headings, ?1) OR instr(meta, ?1)"


class Allowed:
    """The notes that pass a query's filters, of one transaction; each is looked up when wanted.

    `notes` and their `chunks` are ids, in order; None without filters.
    """

    def __init__(self, db: sqlite3.Connection, query: Query) -> None:
        self._db, self.query = db, query

    @cached_property
    def condition(self) -> tuple[str, list[str]]:
        """An SQL condition on `notes`, and its parameters."""
        return passing(self._db, self.query)

    @cached_property
    def notes(self) -> list[int] | None:
        """The ids of the notes."""
        return allowed_notes(self._db, self.query) if self.query.is_filtered else None

    @cached_property
    def chunks(self) -> list[int] | None:
        """The ids of their chunks."""
        return None if self.notes is None else chunks_of(self._db, self.notes)


def allowed_notes(db: sqlite3.Connection, query: Query) -> list[int]:
    """Return the ids of the notes that pass the query's filters, in order."""
    where, values = passing(db, query)
    return _ids(db.execute(f"SELECT notes.id FROM notes WHERE {where} ORDER BY notes.id", values))


def chunks_of(db: sqlite3.Connection, notes: Sequence[int]) -> list[int]:
    """Return the ids of these notes' chunks, in order."""
    among = "SELECT id FROM chunks WHERE note IN (SELECT value FROM json_each(?)) ORDER BY id"
    return _ids(db.execute(among, (json.dumps(list(notes)),)))


def _ids(rows: sqlite3.Cursor) -> list[int]:
    rows.row_factory = None  # plain tuples: half the time
    return [number for (number,) in rows.fetchall()]


def passing(db: sqlite3.Connection, query: Query) -> tuple[str, list[str]]:
    """Return an SQL condition on `notes` for the query's filters, and its parameters.

    What was typed is in parameters or in functions that this adds to the connection.
    """
    conditions = list(_field_conditions(db, query))
    values: list[str] = []
    for sign, texts in (("", query.phrases), ("NOT ", query.without)):
        for text in texts:
            ids = notes_left_out(db, text) if sign else notes_saying(db, text)
            conditions.append(f"notes.id {sign}IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(ids))
    return " AND ".join(conditions) or "1", values


def notes_left_out(db: sqlite3.Connection, text: str) -> list[int]:
    """Return the ids of the notes that a word or phrase after `-` leaves out."""
    return notes_with_word(db, text) if _is_word(text) else notes_saying(db, text)


def notes_with_word(db: sqlite3.Connection, word: str) -> list[int]:
    """Return the ids of the notes with a Latin word, in any of its forms."""
    return notes_with(db, analyze_query(word)[:1])


def notes_saying(db: sqlite3.Connection, phrase: str) -> list[int]:
    """Return the ids of the notes that say `phrase` as it stands, but for case and width.

    The phrase's terms find the notes that are read; one of signs alone (`=>`, `3.14`) has none,
    and is sought as it is written.
    """
    written, phrase = phrase.strip(), folded(phrase)
    if not phrase:
        return []
    terms = [term for term in analyze_query(phrase) if _PLAIN.fullmatch(term)]
    having, value = _WRITTEN, written
    if terms:
        having, value = "SELECT value FROM json_each(?)", json.dumps(notes_with(db, terms))
    rows = db.execute(
        f"SELECT id, text, headings, meta, tags FROM notes WHERE id IN ({having})", (value,)
    )
    return [row["id"] for row in rows if any(says(text, phrase) for text in _said(row))]


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalpha() and len(text) <= LONGEST_TERM


def _said(row: sqlite3.Row) -> Iterator[str]:
    """Yield what a note says, and what is said of it."""
    yield row["text"]
    yield from json.loads(row["headings"])
    yield from json.loads(row["tags"])
    yield from json.loads(row["meta"]).values()


def _field_conditions(db: sqlite3.Connection, query: Query) -> Iterator[str]:
    number = 0
    for sign, fields in (("", query.wanted), ("NOT ", query.unwanted)):
        for name, wanted in fields.items():
            for texts in [wanted] if not sign else [(text,) for text in wanted]:
                yield sign + _condition(db, f"fits_{number}", name, texts)
                number += 1


def _condition(db: sqlite3.Connection, function: str, name: str, texts: Sequence[str]) -> str:
    """Add the test of a field to the connection; return the SQL that calls it, true or false."""
    if name in DATES:
        test = fits_dates(name, texts)

        def is_dated(written: str | None, path: str) -> bool:
            days = days_of_note(written, path)
            return days is not None and test(days)

        _add(db, function, 2, is_dated)
        path = "(SELECT path FROM files WHERE files.id = notes.file)"
        return f"{function}(json_extract(notes.meta, '$.date'), {path})"
    fit = fits(name, texts)
    _add(db, function, 1, lambda value: value is not None and fit(str(value)))
    if name == "path":
        return f"(notes.file IN (SELECT id FROM files WHERE {function}(path)))"
    if name == "tag":
        return f"EXISTS (SELECT 1 FROM json_each(notes.tags) AS tags WHERE {function}(tags.value))"
    return f"{function}({FIELD_VALUES[name]})"


def _add(db: sqlite3.Connection, name: str, count: int, test: Callable[..., bool]) -> None:
    db.create_function(name, count, test, deterministic=True)
