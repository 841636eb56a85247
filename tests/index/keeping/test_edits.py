"""Random edits, updated one by one: the index equals one that is made at once of what is there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.doctor.examine import examine
from index.embedding.recipe import recipe_of
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.index.keeping.contents import contents

PATHS = ["a.md", "b.md", "sub/c.md", "sub/deep/d.txt", "other/e.md"]
TEXTS = [
    "# One\n\nalpha\n",
    "# Two\n\nalpha\n",  # as long as the one before
    "beta 贝塔\n",
    "| x | y |\n|-|-|\n| 1 | 2 |\n| 3 | 4 |\n",
    "",
    "\x00\x01\x02 not text \xff",
]
Edit = Callable[[Path], None]


def write(path: str, text: str) -> Edit:
    def edit(vault: Path) -> None:
        (vault / path).parent.mkdir(parents=True, exist_ok=True)
        (vault / path).write_text(text, encoding="latin-1" if "\xff" in text else "utf-8")

    return edit


def rewrite_in_place(path: str) -> Edit:
    """Change letters and keep size and time of modification."""

    def edit(vault: Path) -> None:
        if (vault / path).is_file():
            status = (vault / path).stat()
            data = (vault / path).read_bytes().swapcase()
            (vault / path).write_bytes(data)
            os.utime(vault / path, ns=(status.st_atime_ns, status.st_mtime_ns))

    return edit


def touch(path: str, time: int) -> Edit:
    return lambda vault: os.utime(vault / path, (time, time)) if (vault / path).exists() else None


def move(path: str, to: str) -> Edit:
    def edit(vault: Path) -> None:
        if (vault / path).exists():
            (vault / to).parent.mkdir(parents=True, exist_ok=True)
            (vault / path).replace(vault / to)

    return edit


def copy(path: str, to: str) -> Edit:
    def edit(vault: Path) -> None:
        if (vault / path).exists() and path != to:
            (vault / to).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(vault / path, vault / to)

    return edit


def delete(path: str) -> Edit:
    return lambda vault: (vault / path).unlink(missing_ok=True)


def exchange_folders(vault: Path) -> None:
    one, other, aside = vault / "sub", vault / "other", vault / "aside"
    if one.exists() and other.exists():
        one.rename(aside)
        other.rename(one)
        aside.rename(other)


def link(path: str) -> Edit:
    def edit(vault: Path) -> None:
        (vault / "link.md").unlink(missing_ok=True)
        (vault / "link.md").symlink_to(vault / path)
        (vault / "loop").unlink(missing_ok=True)
        (vault / "loop").symlink_to(vault)

    return edit


path, text = st.sampled_from(PATHS), st.sampled_from(TEXTS)
EDITS = st.one_of(
    st.builds(write, path, text),
    st.builds(write, path, text),
    st.builds(rewrite_in_place, path),
    st.builds(touch, path, st.sampled_from([0, 1_000_000_000, 4_000_000_000])),
    st.builds(move, path, path),
    st.builds(copy, path, path),
    st.builds(delete, path),
    st.just(exchange_folders),
    st.builds(link, path),
    st.builds(write, st.just(".notesignore"), st.sampled_from(["sub/\n", "*.txt\n", "\n"])),
)


@settings(max_examples=40, deadline=None)
@given(rounds=st.lists(st.lists(EDITS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_many_small_updates_equal_one_large(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[Edit]]
) -> None:
    base = tmp_path_factory.mktemp("property")
    vault, embedder = base / "vault", BagOfTerms()
    write("stays.md", "a vault is never empty\n")(vault)
    grown, fresh = Store(base / "grown"), Store(base / "fresh")
    for edits in rounds:
        for edit in edits:
            edit(vault)
        update(grown, [vault], embedder)
    update(fresh, [vault], embedder)
    assert contents(grown) == contents(fresh)
    found = examine(grown, recipe_of(embedder))
    assert (found.findings, found.remarks) == ([], [])
    one, other = Searcher(grown, embedder), Searcher(fresh, embedder)
    for question in ("alpha", "贝塔", "4"):
        scores = [{h.key: h.score for h in s.search(question).hits} for s in (one, other)]
        assert scores[0] == pytest.approx(scores[1], abs=1e-6)  # float32, summed in another order
