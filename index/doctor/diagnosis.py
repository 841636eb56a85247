"""What an examination looks at, and what it finds."""

import sqlite3
from dataclasses import dataclass, field

from corpus.progress import OnProgress
from index.keeping.store import Store

_SHOWN = 5


@dataclass(slots=True)
class Diagnosis:
    """What is wrong (`findings`) and what is worth knowing (`remarks`), in plain words.

    The rest is what mending needs: whether the database itself is damaged, files to be read again,
    vectors to be made again, whether the terms, the vector file and the collection in Milvus are to
    be made again.
    """

    findings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    is_broken: bool = False
    is_other_recipe: bool = False
    files: set[int] = field(default_factory=set)
    vectors: set[bytes] = field(default_factory=set)
    terms: bool = False
    vector_file: bool = False
    collection: bool = False


@dataclass(frozen=True, slots=True)
class Patient:
    """An index under examination, in one read transaction; `recipe` is its model's now, if known."""

    store: Store
    db: sqlite3.Connection
    recipe: str
    on_progress: OnProgress

    def count(self, sql: str) -> int:
        """Return the one number that a query gives."""
        return int(self.db.execute(sql).fetchone()[0])


def some(told: list[str]) -> str:
    """Return the first of what was told, and how many more there are."""
    more = len(told) - _SHOWN
    return "; ".join(told[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
