"""A note that is in no index passes the filters that it would pass in one."""

from pathlib import Path

import pytest

from assistant.indexing import update_index
from assistant.places import sample_vault
from assistant.publishing.choice import Choice, rules_of
from corpus.errors import NotesError
from corpus.note import Note
from index.finding.allowed import allowed_notes
from index.finding.filters import parse_query
from index.keeping.notes import read_notes
from index.keeping.store import Store

FILTERS = """\
tag:gotchas
type:command type:tip
-type:command
lang:zh kind:row
lang:en -kind:row
path:net/
path:/net/*.md
source:rust
after:2025-01 before:2025-01
-path:linux/ -lang:zh
date:2025
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("index")
    update_index(folder, [sample_vault()])
    return Store(folder)


def all_notes(store: Store) -> dict[int, Note]:
    with store.reading() as db:
        ids = [row[0] for row in db.execute("SELECT id FROM notes")]
        return {row: stored.note for row, stored in read_notes(db, ids).items()}


@pytest.mark.parametrize("written", FILTERS.splitlines())
def test_a_rule_fits_what_a_search_finds(store: Store, written: str) -> None:
    (rule,) = rules_of(Choice(only=(written,)).only)
    fitting = [row for row, note in sorted(all_notes(store).items()) if rule.fits(note)]
    with store.reading() as db:
        assert fitting == allowed_notes(db, parse_query(written))
    assert rule.has_fitted
    assert fitting


@pytest.mark.parametrize("written", ["tga:x", "tag:", '"phrase"', "tag:x words", "after:soon", " "])
def test_what_is_neither_pattern_nor_filter_is_refused(written: str) -> None:
    with pytest.raises(NotesError, match="is neither a pattern of paths nor a filter"):
        rules_of([written])


def test_the_sample_is_published_whole(store: Store, tmp_path: Path) -> None:
    from assistant.publishing.data import write_data

    told = write_data(store.folder, tmp_path / "data", maps=False)
    assert (told.notes, told.private, told.embedded) == (len(all_notes(store)), (), 0)
