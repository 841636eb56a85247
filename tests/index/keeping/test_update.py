import os
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import NotesError
from corpus.note import Skip
from corpus.progress import Progress
from corpus.roles import ROLES
from index.finding.search import Searcher
from index.keeping import vectors
from index.keeping.lock import write_lock
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms
from tests.index.keeping.contents import contents


def counts(done: Update) -> tuple[int, int, int, int, int]:
    return (done.added, done.changed, done.removed, done.unchanged, done.embedded)


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_a_first_update_reads_everything(updated: Update) -> None:
    assert replace(updated, seconds=0) == Update(
        files=3,
        notes=6,
        chunks=6,
        added=3,
        changed=0,
        removed=0,
        unchanged=0,
        skipped=(),
        embedded=6,
        seconds=0,
    )


def test_an_unchanged_vault_embeds_nothing(
    updated: Update, store: Store, embedder: BagOfTerms
) -> None:
    again = update(store, [], embedder)
    assert counts(again) == (0, 0, 0, 3, 0)


def test_only_what_changed_is_embedded(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    write(vault / "net/dns.md", "# DNS\n\n传统 DNS 有解析延迟。\n\n## Cache\n\nAnother text.\n")
    assert counts(update(store, [vault], embedder)) == (0, 1, 0, 2, 1)


def test_a_touched_file_is_unchanged(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    os.utime(vault / "home.txt", (1, 1))
    assert counts(update(store, [vault], embedder)) == (0, 0, 0, 3, 0)


def test_a_moved_file_keeps_its_vectors(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    (vault / "home.txt").rename(vault / "kitchen.txt")
    assert counts(update(store, [vault], embedder)) == (1, 0, 1, 2, 0)


def test_a_deleted_note_does_not_come_back(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    (vault / "home.txt").unlink()
    done = update(store, [vault], embedder)
    assert (done.files, done.notes, done.removed) == (2, 5, 1)
    paths = {hit.note.path for hit in Searcher(store, embedder).search("descale kettle").hits}
    assert "home.txt" not in paths
    assert b"Descale" not in store.vectors.read_bytes()


def test_two_files_with_one_text_share_a_vector(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    write(vault / "twin.txt", (vault / "home.txt").read_text())
    done = update(store, [vault], embedder)
    assert (done.notes, done.chunks, done.embedded) == (7, 7, 6)


def test_files_that_cannot_be_notes_are_named(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    (vault / "junk.md").write_bytes(bytes(range(256)) * 8)
    (vault / "big.md").write_bytes(b"x" * 2_000)
    write(vault / "empty.md", "\n")
    (vault / "picture.png").write_bytes(b"\x89PNG")
    first = update(store, [vault], embedder, max_bytes=1_500)
    again = update(store, [vault], embedder, max_bytes=1_500)
    assert {skip.path for skip in first.skipped} == {"big.md", "empty.md", "junk.md"}
    assert set(again.skipped) == set(first.skipped)
    assert Skip("empty.md", "no text") in first.skipped
    assert first.others == {".png": 1}


def test_an_index_of_another_format_is_refused_with_the_command_that_mends_it(
    updated: Update, store: Store
) -> None:
    with closing(sqlite3.connect(store.database)) as db:
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(NotesError, match="has format 1") as refused, store.reading():
        pass
    assert refused.value.hint == (
        f"Make it again: notes index FOLDER --rebuild --index {store.folder}"
    )


def test_another_recipe_is_refused_until_a_rebuild(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    other = BagOfTerms(dimension=32, recipe="another model")
    with pytest.raises(NotesError, match="another model") as refused:
        update(store, [vault], other)
    assert "--rebuild" in refused.value.hint
    with pytest.raises(NotesError, match="another model") as unread:
        Searcher(store, other)
    assert unread.value.hint.endswith(f"notes index --rebuild --index {store.folder}")
    done = update(store, [], other, rebuild=True)
    assert (done.files, done.notes, done.embedded) == (3, 6, 6)
    assert Searcher(store, other).search("rayon").hits[0].note.title == "rayon"


def test_folders_within_each_other_are_refused(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    with pytest.raises(NotesError, match="one within the other"):
        update(store, [vault / "net"], embedder)


def test_two_vaults_live_in_one_index(
    updated: Update, store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    other = tmp_path / "other" / "vault"
    write(other / "memo.md", "# Other\n\nsomething else\n")
    done = update(store, [other], embedder)
    assert (done.files, done.notes, done.added) == (4, 7, 1)
    found = Searcher(store, embedder).search("something else").hits[0]
    assert (found.note.path, found.vault, found.file) == ("memo.md", "vault-2", other / "memo.md")


def test_a_missing_vault_changes_nothing(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    before = contents(store)
    vault.rename(vault.with_name("moved"))
    with pytest.raises(NotesError, match="no file or folder"):
        update(store, [], embedder)
    assert contents(store) == before


def test_a_vault_that_is_empty_all_at_once_changes_nothing(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    before = contents(store)
    vault.rename(vault.with_name("elsewhere"))
    vault.mkdir()
    with pytest.raises(NotesError, match="held 3 files and holds none now"):
        update(store, [], embedder)
    assert contents(store) == before
    assert update(store, [], embedder, rebuild=True).notes == 0


def test_files_without_notes_do_not_count(store: Store, vault: Path, embedder: BagOfTerms) -> None:
    write(vault / "empty.md", "\n")
    first = update(store, [vault], embedder)
    again = update(store, [vault], embedder)
    assert (first.files, first.added, again.unchanged) == (3, 3, 3)
    write(vault / "empty.md", "now a note\n")
    assert counts(update(store, [vault], embedder)) == (1, 0, 0, 3, 1)
    write(vault / "empty.md", "\n")
    assert counts(update(store, [vault], embedder)) == (0, 1, 0, 3, 0)


def test_what_was_embedded_before_an_interruption_is_kept(
    store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    for number in range(200):
        write(tmp_path / "many" / f"{number}.md", f"note number {number}\n")

    def interrupt(progress: Progress) -> None:
        if progress.step == "embed" and progress.done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(store, [tmp_path / "many"], embedder, on_progress=interrupt)
    with pytest.raises(NotesError, match="begun and not completed"):
        Searcher(store, embedder)
    assert update(store, [], embedder).embedded == 72


def test_a_half_lost_database_is_rebuilt(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    data = store.database.read_bytes()
    store.database.write_bytes(data[: len(data) // 2])
    assert update(store, [vault], embedder, rebuild=True).notes == 6
    assert Searcher(store, embedder).search("rayon").hits[0].note.title == "rayon"


def test_an_index_folder_that_cannot_be_written_is_named(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    store.vectors.unlink()
    (store.vectors / "in the way").mkdir(parents=True)
    write(vault / "new.md", "something new\n")
    with pytest.raises(NotesError, match="cannot be written"):
        update(store, [vault], embedder)
    found = Searcher(store, embedder).search("something new")
    assert found.hits[0].note.path == "new.md"


def test_a_second_writer_is_told_to_wait(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    with (
        write_lock(store.folder),
        pytest.raises(NotesError, match=rf"is being updated by process {os.getpid()} on "),
    ):
        update(store, [vault], embedder)


def test_a_damaged_database_is_named_and_rebuilt(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    store.database.write_bytes(b"not a database" * 100)
    with pytest.raises(NotesError, match="is damaged: file is not a database") as named:
        update(store, [vault], embedder)
    assert named.value.hint == f"Mend it: notes doctor --mend --index {store.folder}"
    assert update(store, [], embedder, rebuild=True).notes == 6


@pytest.mark.parametrize("damage", ["missing", "torn", "flipped"])
def test_damaged_vectors_are_made_again_from_the_store(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms, damage: str
) -> None:
    data = store.vectors.read_bytes()
    whole = Searcher(store, embedder).search("rpc 论文")
    if damage == "missing":
        store.vectors.unlink()
    elif damage == "torn":
        store.vectors.write_bytes(data[: len(data) // 2])
    else:
        store.vectors.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    found = Searcher(store, embedder).search("rpc 论文")
    assert [(hit.key, hit.score) for hit in found.hits] == [(h.key, h.score) for h in whole.hits]
    embedder.embedded = 0
    assert update(store, [vault], embedder).embedded == 0
    assert [store.vectors.read_bytes()[at] for at in (-9, -8)] == [data[-9], data[-8]]
    assert vectors.is_whole(store.vectors)


def test_new_names_of_columns_are_applied_to_files_that_have_not_changed(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    write(vault / "list.md", "| 词条 | 注 |\n|--|--|\n| rayon | 并行 |\n")
    time.sleep(0.15)  # past the tick of the clock in which it was written
    roles = {**ROLES, "词条": "content"}
    assert counts(update(store, [], embedder, roles=roles))[:2] == (1, 3)
    fresh = Store(store.folder.with_name("fresh"))
    update(fresh, [vault], embedder, roles=roles)
    assert contents(store) == contents(fresh)
    embedder.embedded = 0
    assert counts(update(store, [], embedder, roles=roles)) == (0, 0, 0, 4, 0)
