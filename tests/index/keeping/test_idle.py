"""Connections kept open see what others write, and never a file that is no longer there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import NotesError
from index.keeping.store import DATABASE, Store, set_meta


def told(store: Store) -> str:
    with store.reading() as db:
        return str(db.execute("SELECT value FROM meta WHERE key = 'said'").fetchone()[0])


def made(folder: Path, said: str) -> Store:
    store = Store(folder, is_kept_open=True)
    store.create()
    with store.writing() as db:
        set_meta(db, "said", said)
    return store


def test_one_connection_serves_read_after_read(tmp_path: Path) -> None:
    store = made(tmp_path, "one")
    with store.reading() as first, store.reading() as second:
        assert first is not second
    with store.reading() as db:
        assert db in (first, second)
    other = Store(tmp_path)
    with other.reading() as first:
        pass
    with other.reading() as db:
        assert db is not first


def test_what_is_written_meanwhile_is_seen(tmp_path: Path) -> None:
    store = made(tmp_path, "one")
    assert told(store) == "one"
    made(tmp_path, "two")
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: told(store), range(40))) == {"two"}


def test_a_file_in_its_place_is_read_instead(tmp_path: Path) -> None:
    store = made(tmp_path / "a", "one")
    assert told(store) == "one"
    made(tmp_path / "b", "two").settle()
    for name in (DATABASE + "-wal", DATABASE + "-shm"):
        (tmp_path / "a" / name).unlink(missing_ok=True)
    (tmp_path / "b" / DATABASE).replace(tmp_path / "a" / DATABASE)
    assert told(store) == "two"


def test_a_file_exchanged_during_a_read_is_read_by_the_next(tmp_path: Path) -> None:
    store = made(tmp_path / "a", "one")
    made(tmp_path / "b", "two").settle()
    with store.reading():
        (tmp_path / "b" / DATABASE).replace(tmp_path / "a" / DATABASE)
    for name in (DATABASE + "-wal", DATABASE + "-shm"):
        (tmp_path / "a" / name).unlink(missing_ok=True)
    assert told(store) == "two"


def test_a_connection_that_met_an_error_is_not_used_again(tmp_path: Path) -> None:
    store = made(tmp_path, "one")
    with store.reading() as failed, pytest.raises(NotesError), store.reading():
        raise NotesError("stop")
    with pytest.raises(NotesError), store.reading() as failed:
        raise NotesError("stop")
    with store.reading() as db:
        assert db is not failed
    assert told(store) == "one"
