"""What an index holds, to be compared with what another holds."""

from index.keeping.store import Store


def contents(store: Store) -> list[tuple[object, ...]]:
    """All that an index says of its notes, without row numbers."""
    with store.reading() as db:
        rows = db.execute(
            "SELECT path, notes.key, kind, notes.lang, title, notes.text, meta, chunks.span_start,"
            " hex(value), hex(blocks), terms.headings AS h, terms.metadata AS m, terms.body AS b"
            " FROM notes JOIN files ON files.id = file JOIN chunks ON note = notes.id"
            " JOIN vectors ON vectors.key = vector JOIN terms"
            " ON terms.rowid = notes.id ORDER BY path, notes.span_start, chunks.span_start"
        )
        return [tuple(row) for row in rows]
