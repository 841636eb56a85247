"""The index follows its vaults while the app runs."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchfiles import Change

from assistant.watching import NoteFilter, Watcher
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "a.md").write_text("alpha\n")
    return folder


class Followed:
    """An index that is followed, what was said of it, and how often it was updated."""

    def __init__(self, store: Store, roots: list[Path]) -> None:
        self.store, self.embedder, self.updates = store, BagOfTerms(), 0
        self.problems: list[str] = []
        update(store, roots, self.embedder)
        self.watcher = Watcher(lambda: roots, store.folder, self._update, self.problems.append)

    def _update(self) -> None:
        self.updates += 1
        update(self.store, [], self.embedder, wait=5)

    def first(self, question: str) -> str:
        hits = Searcher(self.store, self.embedder).search(question).hits
        return hits[0].note.text if hits else ""

    def starts(self) -> "Followed":
        self.watcher.start()
        until(lambda: self.updates >= 1)
        time.sleep(0.5)  # the watch itself begins after the first update
        return self


def until(holds: Callable[[], bool], seconds: float = 10.0) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture
def followed(tmp_path: Path, vault: Path) -> Iterator[Followed]:
    followed = Followed(Store(vault / ".index"), [vault]).starts()
    yield followed
    followed.watcher.stop()


def test_edits_new_notes_moves_and_deletions_are_followed(followed: Followed, vault: Path) -> None:
    (vault / "a.md").write_text("gamma\n")
    assert until(lambda: followed.first("gamma") == "gamma") < 2.0
    (vault / "sub").mkdir()
    (vault / "sub" / "b.md").write_text("beta\n")
    until(lambda: followed.first("beta") == "beta")
    (vault / "sub").rename(vault / "other")
    until(lambda: (vault / "other").exists() and paths(followed) == {"a.md", "other/b.md"})
    (vault / "a.md").unlink()
    until(lambda: paths(followed) == {"other/b.md"})
    assert set(followed.problems) == {""}


def paths(followed: Followed) -> set[str]:
    hits = Searcher(followed.store, followed.embedder).search("gamma beta").hits
    return {hit.note.path for hit in hits}


def test_its_own_writing_does_not_wake_it(followed: Followed, vault: Path) -> None:
    (vault / "a.md").write_text("delta\n")
    until(lambda: followed.first("delta") == "delta")
    time.sleep(1.5)
    assert followed.updates <= 3


def test_a_vault_that_goes_and_comes_back_is_followed_again(
    followed: Followed, vault: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "index"
    (vault / ".index").rename(outside)  # the index must not go with the vault
    followed.watcher.stop()
    again = Followed(Store(outside), [vault]).starts()
    try:
        vault.rename(vault.with_name("away"))
        until(
            lambda: any("is not there" in told or "no file" in told for told in again.problems), 20
        )
        assert again.first("alpha") == "alpha"
        vault.with_name("away").rename(vault)
        (vault / "a.md").write_text("back again\n")
        until(lambda: again.first("back") == "back again", 20)
    finally:
        again.watcher.stop()


def test_a_vault_of_one_file_is_followed_through_its_replacement(tmp_path: Path) -> None:
    file = tmp_path / "memo.md"
    file.write_text("alpha\n")
    followed = Followed(Store(tmp_path / "index"), [file]).starts()
    try:
        (tmp_path / "memo.md.new").write_text("omega\n")
        (tmp_path / "memo.md.new").replace(file)
        until(lambda: followed.first("omega") == "omega")
    finally:
        followed.watcher.stop()


def test_what_cannot_matter_is_passed_over(tmp_path: Path) -> None:
    passes = NoteFilter([tmp_path], tmp_path / "index")
    (tmp_path / "folder.d").mkdir()
    (tmp_path / "picture.png").touch()
    seen = ["a.md", "sub/B.TXT", ".gitignore", "sub/.notesignore", "folder.d"]
    unseen = ["picture.png", ".git/x.md", "node_modules/a.md", "index/notes.sqlite", ".a.md.swp"]
    assert [p for p in seen if not passes(Change.modified, str(tmp_path / p))] == []
    assert [p for p in unseen if passes(Change.modified, str(tmp_path / p))] == []
    assert passes(Change.deleted, str(tmp_path / "gone"))


def test_a_folder_that_is_put_in_the_place_of_a_vault_is_followed(
    tmp_path: Path, vault: Path
) -> None:
    followed = Followed(Store(tmp_path / "index"), [vault]).starts()
    try:
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "c.md").write_text("delta\n")
        vault.rename(tmp_path / "old")
        (tmp_path / "new").rename(vault)
        until(lambda: followed.first("delta") == "delta", 20)
        time.sleep(1.5)
        (vault / "c.md").write_text("epsilon\n")
        until(lambda: followed.first("epsilon") == "epsilon", 5)
    finally:
        followed.watcher.stop()


def test_what_goes_wrong_is_told_and_tried_again(tmp_path: Path, vault: Path) -> None:
    problems: list[str] = []
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise RuntimeError("a bug")

    watcher = Watcher(lambda: [vault], tmp_path / "index", fail, problems.append)
    watcher.start()
    try:
        until(lambda: bool(problems))
        until(lambda: len(tries) > 1, 15)
    finally:
        watcher.stop()
    assert "a bug" in problems[0]


def test_an_index_in_the_vault_reached_through_a_link_does_not_wake_it(
    tmp_path: Path, vault: Path
) -> None:
    (tmp_path / "link").symlink_to(vault)
    followed = Followed(Store(tmp_path / "link" / "index"), [vault]).starts()
    try:
        time.sleep(2)
        assert followed.updates <= 3
    finally:
        followed.watcher.stop()
