"""Is `-rf` a word to leave out, or an option that the notes write so?"""

import sqlite3

from index.finding.filters import Query, as_option, typed_without
from index.keeping.segments import count_notes
from index.terms import analyze_query

_SHARE = 0.25
"""Of the passages with the word, those that write it as an option: `-rf` 4 of 10 in the pages of
tldr, `-name` 110 of 4074, `-linux` 3 of 12366."""


def settle_options(db: sqlite3.Connection, query: Query) -> Query:
    """Search what was typed as `-word` where notes write it with its hyphen; a notice says so."""
    for word in typed_without(query):
        option, *plain = analyze_query(f"-{word}") or [""]
        if option.startswith("-") and plain:
            written, either = count_notes(db, [option, plain[0]]).values()
            if written and written >= _SHARE * either:
                query = as_option(query, word)
    return query
