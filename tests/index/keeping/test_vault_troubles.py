"""Vaults as they are: files that change under the reader, disks that go, permissions, clocks."""

import errno
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import NotesError
from corpus.note import Skip
from corpus.roles import ROLES
from index.finding.search import Searcher
from index.keeping import difference
from index.keeping.lock import write_lock
from index.keeping.staleness import read_staleness
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms
from tests.index.keeping.contents import contents


def paths(store: Store) -> set[str]:
    return {str(row[0]) for row in contents(store)}


def settle(store: Store, embedder: BagOfTerms) -> None:
    """Update again when the clock has ticked since the files were written."""
    time.sleep(0.15)
    update(store, [], embedder)


def test_a_second_edit_within_one_tick_of_the_clock_is_seen(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    file = vault / "home.txt"
    update(store, [vault], embedder)
    status = file.stat()
    file.write_text("Descale the KETTLE with citric acid.\n")  # as long as before
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    update(store, [], embedder)
    assert any("KETTLE" in str(row[5]) for row in contents(store))


def test_an_edit_that_keeps_size_and_time_is_seen(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    file = vault / "home.txt"
    update(store, [vault], embedder)
    settle(store, embedder)
    status = file.stat()
    file.write_text("Descale the KETTLE with citric acid.\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert update(store, [], embedder).changed == 1


def test_times_of_the_future_and_of_long_ago_do_no_harm(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    update(store, [vault], embedder)
    for stamp in (4_000_000_000, 0, 9_300_000_000):
        os.utime(vault / "home.txt", (stamp, stamp))
        settle(store, embedder)
        assert update(store, [], embedder).unchanged == 3
        (vault / "home.txt").write_text(f"A note of {stamp}.\n")
        os.utime(vault / "home.txt", (stamp, stamp))
        assert update(store, [], embedder).changed == 1


def test_an_unchanged_vault_is_not_read(
    updated: Update, store: Store, embedder: BagOfTerms, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(store, embedder)

    def refuse(*_: Any) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr(difference, "_read_whole", refuse)
    assert update(store, [], embedder).unchanged == 3
    assert read_staleness(store).is_current


def test_a_file_that_changes_while_it_is_read_is_left_for_next_time(
    updated: Update,
    store: Store,
    vault: Path,
    embedder: BagOfTerms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = contents(store)
    file = vault / "home.txt"
    file.write_text("half of a ")
    stamp, stamps = difference._stamp, iter(range(1000))
    monkeypatch.setattr(difference, "_stamp", lambda status: (*stamp(status)[:2], next(stamps)))
    done = update(store, [], embedder)
    assert Skip("home.txt", "changes while it is read: left for the next update") in done.skipped
    assert contents(store) == before
    monkeypatch.undo()
    file.write_text("half of a note, and the other half\n")
    assert update(store, [], embedder).changed == 1


def test_a_file_that_the_disk_fails_to_give_keeps_its_notes(
    updated: Update,
    store: Store,
    vault: Path,
    embedder: BagOfTerms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = contents(store)
    (vault / "home.txt").write_text("something else\n")

    def fail(file: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(difference, "_read_whole", fail)
    done = update(store, [], embedder)
    assert Skip("home.txt", "cannot be read: Input/output error") in done.skipped
    assert contents(store) == before
    monkeypatch.undo()
    assert update(store, [], embedder).changed == 1


def test_a_folder_that_the_disk_fails_to_list_keeps_its_notes(
    updated: Update,
    store: Store,
    vault: Path,
    embedder: BagOfTerms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("net"):
            raise OSError(errno.EIO, "Input/output error")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    (vault / "home.txt").unlink()
    done = update(store, [], embedder)
    assert Skip("net", "a folder that cannot be read: Input/output error") in done.skipped
    assert (done.removed, paths(store)) == (1, {"memo.md", "net/dns.md"})


def test_a_file_that_may_no_longer_be_read_goes_and_comes_back_without_embedding_others(
    updated: Update,
    store: Store,
    vault: Path,
    embedder: BagOfTerms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = vault / "home.txt"
    file.chmod(0)
    real = os.access  # root may read anything, so the system's word is spoken for it
    monkeypatch.setattr(
        os, "access", lambda path, mode, **more: Path(path) != file and real(path, mode, **more)
    )
    done = update(store, [], embedder)
    assert Skip("home.txt", "no permission to read this file") in done.skipped
    assert paths(store) == {"memo.md", "net/dns.md"}
    file.chmod(0o644)
    monkeypatch.undo()
    assert update(store, [], embedder).embedded == 1


def test_one_vault_that_is_away_does_not_keep_the_other_from_being_updated(
    updated: Update, store: Store, vault: Path, other: Path, embedder: BagOfTerms
) -> None:
    update(store, [other], embedder)
    vault.rename(vault.with_name("away"))
    (other / "b.md").write_text("gamma\n")
    done = update(store, [], embedder)
    assert (done.changed, done.files, done.notes) == (1, 4, 7)
    assert done.skipped[0].path == str(vault)
    assert "is not there" in done.skipped[0].reason
    assert read_staleness(store).missing == (str(vault),)


def test_an_empty_vault_does_not_keep_the_other_from_being_updated(
    updated: Update, store: Store, vault: Path, other: Path, embedder: BagOfTerms
) -> None:
    update(store, [other], embedder)
    vault.rename(vault.with_name("away"))
    vault.mkdir()
    (other / "b.md").write_text("gamma\n")
    done = update(store, [], embedder)
    assert (done.changed, done.notes) == (1, 7)
    assert "held 3 files and holds none now" in done.skipped[0].reason


def test_a_file_that_cannot_be_read_does_not_have_all_others_read_again_for_ever(
    updated: Update,
    store: Store,
    vault: Path,
    embedder: BagOfTerms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settle(store, embedder)
    real = difference._read_whole

    def read(file: Path) -> Any:
        if file.name == "home.txt":
            raise OSError(errno.EIO, "Input/output error")
        return real(file)

    monkeypatch.setattr(difference, "_read_whole", read)
    roles = {**ROLES, "词条": "content"}
    assert update(store, [], embedder, roles=roles).changed == 2
    assert update(store, [], embedder, roles=roles).changed == 0
    monkeypatch.undo()
    assert update(store, [], embedder, roles=roles).changed == 1


def test_a_vault_exchanged_while_it_is_read_changes_nothing(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    before = contents(store)
    (vault / "new.md").write_text("new\n")
    (vault / "home.txt").unlink()

    def exchange(_: object) -> None:
        if vault.exists():
            vault.rename(vault.with_name("away"))

    with pytest.raises(NotesError, match="nothing was changed"):
        update(store, [], embedder, on_progress=exchange)
    assert contents(store) == before


def test_a_writer_is_waited_for(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    waited: list[str] = []
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with write_lock(store.folder):
            held.set()
            go.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    threading.Timer(0.3, go.set).start()
    assert update(store, [], embedder, wait=10, on_wait=waited.append).unchanged == 3
    holder.join()
    assert f"process {os.getpid()}" in waited[0]
    assert not (store.folder / "writer.json").exists()


DIES = """
import os, sys
from pathlib import Path
from index.keeping.lock import write_lock
with write_lock(Path(sys.argv[1])):
    os._exit(9)
"""


def test_the_lock_of_a_dead_process_is_taken_over(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    died = subprocess.run([sys.executable, "-c", DIES, str(store.folder)], check=False)
    assert died.returncode == 9
    assert (store.folder / "writer.json").exists()
    assert update(store, [], embedder).unchanged == 3


def test_searches_see_one_generation_while_the_index_is_rebuilt(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    """Sixteen threads search; every update gives all notes a new number, so mixtures show."""
    stop, searcher, seen = threading.Event(), Searcher(store, embedder), set()

    def write(number: int) -> None:
        for place in range(20):
            (vault / f"{place}.md").write_text(f"state {number} of note {place}\n")

    def search() -> int:
        count = 0
        while not stop.is_set():
            found = searcher.search("state of note", 20)
            states = {hit.note.text.split()[1] for hit in found.hits if "state" in hit.note.text}
            assert len(states) <= 1, states
            seen.update(states)
            count += 1
        return count

    write(0)
    update(store, [], embedder)
    with ThreadPoolExecutor(16) as pool:
        running = [pool.submit(search) for _ in range(16)]
        for number in range(1, 6):
            write(number)
            update(store, [], embedder, rebuild=number % 2 == 0)
            time.sleep(0.2)
        stop.set()
        assert sum(one.result() for one in running) > 16
    assert seen >= {"1", "2", "3", "4", "5"}


READS = """
import os, sys
from pathlib import Path
import faiss
from corpus.errors import NotesError
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms

BagOfTerms().embed_queries(["loads what it needs"])
if os.geteuid() == 0:  # root may write anywhere
    os.setuid(65534)
store = Store(Path(sys.argv[1]))
assert Searcher(store, BagOfTerms()).search("kettle").hits[0].note.path == "home.txt"
try:
    update(store, [], BagOfTerms())
except NotesError as error:
    assert "cannot be written" in error.message, error.message
else:
    raise AssertionError("it was written")
"""


def test_an_index_on_a_read_only_disk_can_be_searched(updated: Update, store: Store) -> None:
    for folder in (store.folder.parent, *store.folder.parent.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for file in store.folder.iterdir():
        file.chmod(0o444)
    store.folder.chmod(0o555)
    try:
        command = [sys.executable, "-c", READS, str(store.folder)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    finally:
        store.folder.chmod(0o755)
    assert ended.returncode == 0, ended.stderr
