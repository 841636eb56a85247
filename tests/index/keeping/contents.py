"""What an index holds, to be compared with what another holds."""

import sqlite3

from index.keeping.segments import posting_lists, read_segments
from index.keeping.store import Store


def contents(store: Store) -> list[tuple[object, ...]]:
    """All that an index says of its notes, without row numbers."""
    with store.reading() as db:
        terms = terms_of_notes(db)
        rows = db.execute(
            "SELECT notes.id, path, notes.key, kind, notes.lang, title, notes.text, meta,"
            " chunks.span_start, hex(value), hex(blocks)"
            " FROM notes JOIN files ON files.id = file JOIN chunks ON note = notes.id"
            " JOIN vectors ON vectors.key = vector ORDER BY path, notes.span_start,"
            " chunks.span_start"
        ).fetchall()
        assert terms.keys() == {row[0] for row in rows}
        return [(*tuple(row)[1:], terms[row[0]]) for row in rows]


def terms_of_notes(db: sqlite3.Connection) -> dict[int, tuple[int, dict[str, int]]]:
    """For each note how many terms it has, and the weighted count of each."""
    terms = [row[0] for row in db.execute("SELECT DISTINCT term FROM postings")]
    lists = posting_lists(db, terms)
    found: dict[int, tuple[int, dict[str, int]]] = {}
    for segment in read_segments(db).parts:
        held: list[dict[str, int]] = [{} for _ in segment.notes]
        for term, (places, counts) in lists[segment.id].items():
            for place, count in zip(places.tolist(), counts.tolist(), strict=True):
                held[place][term] = count
        for place, note in enumerate(segment.notes.tolist()):
            if segment.live is None or segment.live[place]:
                assert note not in found
                found[note] = int(segment.lengths[place]), held[place]
    return found
