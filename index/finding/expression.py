"""A query's filters, as Milvus is told of them.

What it lets pass is at least what passes: who searches looks at the notes found again, as
`index.finding.allowed` has it. Values are resolved against those that the store knows, so that both
have the same rules; a list too long to be sent is left out.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.days import days_of
from index.finding.allowed import FIELD_VALUES, notes_left_out, notes_saying
from index.finding.filters import DATES, Query
from index.finding.matching import fits
from index.keeping.milvus.fields import MANY_TAGS, UNDATED, as_field
from index.keeping.store import token

MOST = 4_000
"""Values or notes of a list that is sent."""

_NEVER = "chunk < 0"
_DATED = f"first > {UNDATED}"


class Values:
    """The values of fields that the notes of a generation have. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token = ""
        self._values: dict[str, list[str]] = {}

    def of(self, db: sqlite3.Connection, name: str) -> list[str]:
        """Return the values of a field, each once."""
        at = token(db)
        with self._lock:
            if self._token == at and name in self._values:
                return self._values[name]
        found = [str(row[0]) for row in db.execute(_sql(name)) if row[0] is not None]
        with self._lock:
            if self._token != at:
                self._token, self._values = at, {}
            self._values[name] = found
        return found


def expression(db: sqlite3.Connection, query: Query, values: Values, most: int = MOST) -> str:
    """Return the condition on a collection's fields; "" for none."""
    conditions = [*_fields(db, query, values)]
    for phrase in query.phrases:
        conditions.append(_Condition("{} in {}", "note", notes_saying(db, phrase), _NEVER))
    for word in query.without:
        conditions.append(_Condition("{} not in {}", "note", notes_left_out(db, word)))
    told = (condition.told(most) for condition in conditions)
    return " and ".join(one for one in told if one)


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition on a field with a list of values; `of_none` is what it is without any."""

    form: str
    name: str = ""
    values: Sequence[str | int] = ()
    of_none: str = ""

    def told(self, most: int) -> str:
        """Return it as Milvus reads it, "" where its list is too long."""
        if not self.name:
            return self.form
        if not self.values:
            return self.of_none
        listed = json.dumps(list(self.values), ensure_ascii=False)
        return self.form.format(self.name, listed) if len(self.values) <= most else ""


def _fields(db: sqlite3.Connection, query: Query, values: Values) -> Iterator[_Condition]:
    for name, texts in query.wanted.items():
        if name in DATES:
            yield _Condition(f"({_DATED} and {_days(name, texts)})")
        elif name == "path":
            yield _Condition("{} in {}", "file", _files(db, texts), _NEVER)
        elif name == "tag":
            tags = [*_fitting(db, name, texts, values), MANY_TAGS]
            yield _Condition("array_contains_any({}, {})", "tags", tags)
        else:
            yield _Condition("{} in {}", name, _fitting(db, name, texts, values), _NEVER)
    for name, every in query.unwanted.items():
        for text in every:
            if name in DATES:
                yield _Condition(f"(first == {UNDATED} or not ({_days(name, [text])}))")
            elif name == "path":
                yield _Condition("{} not in {}", "file", _files(db, [text]))
            elif name == "tag":
                tags = _fitting(db, name, [text], values)
                yield _Condition("not (array_contains_any({}, {}))", "tags", tags)
            else:
                yield _Condition("{} not in {}", name, _fitting(db, name, [text], values))


def _fitting(db: sqlite3.Connection, name: str, texts: Sequence[str], values: Values) -> list[str]:
    fit = fits(name, texts)
    return sorted({as_field(value) for value in values.of(db, name) if fit(value)})


def _files(db: sqlite3.Connection, texts: Sequence[str]) -> list[int]:
    fit = fits("path", texts)
    return [row[0] for row in db.execute("SELECT id, path FROM files ORDER BY id") if fit(row[1])]


def _days(name: str, texts: Iterable[str]) -> str:
    """Return the condition on a dated note; of `after` and `before` all must fit."""
    asked = [
        (days.first.toordinal(), days.last.toordinal())
        for text in texts
        if (days := days_of(text)) is not None
    ]
    if name == "after":
        return " and ".join(f"last >= {first}" for first, _ in asked)
    if name == "before":
        return " and ".join(f"first <= {last}" for _, last in asked)
    return (
        "(" + " or ".join(f"(first <= {last} and last >= {first})" for first, last in asked) + ")"
    )


def _sql(name: str) -> str:
    if name == "tag":
        return "SELECT DISTINCT value FROM notes, json_each(notes.tags)"
    return f"SELECT DISTINCT {FIELD_VALUES[name]} FROM notes"
