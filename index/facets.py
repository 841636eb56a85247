"""Which values notes have, and how often: what a page offers as filters."""

import sqlite3

_VALUES = {
    "type": "SELECT json_extract(meta, '$.type') AS value FROM notes",
    "source": "SELECT json_extract(meta, '$.source') AS value FROM notes",
    "kind": "SELECT kind AS value FROM notes",
    "lang": "SELECT lang AS value FROM notes",
    "tag": "SELECT each.value AS value FROM notes, json_each(notes.tags) AS each",
}


def facets(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Return each field's values with the number of notes that have them, most frequent first."""
    return {
        name: {
            str(row["value"]): int(row["number"])
            for row in db.execute(
                f"SELECT value, count(*) AS number FROM ({values}) WHERE value IS NOT NULL"
                " GROUP BY value ORDER BY number DESC, value"
            )
        }
        for name, values in _VALUES.items()
    }
