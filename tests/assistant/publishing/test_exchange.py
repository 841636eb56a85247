"""A published folder takes the place of an earlier one, whole or not at all."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.publishing.data import PROGRAM, TOLD
from assistant.publishing.exchange import check_place, replacing
from corpus.errors import NotesError


def publish(folder: Path, said: str) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / TOLD).write_text(f'{{"program": "{PROGRAM}"}}')
    (folder / "app.py").write_text(said)
    return folder


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_a_new_folder_is_there_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "a" / "out"
    with replacing(place) as aside:
        publish(aside, "new")
        assert not place.exists()
    assert (names(place.parent), (place / "app.py").read_text()) == ({"out"}, "new")
    assert place.stat().st_mode & 0o777 == 0o755


def test_an_earlier_one_is_replaced_whole_and_its_repository_stays(tmp_path: Path) -> None:
    place = publish(tmp_path / "out", "old")
    (place / "stale.md").write_text("old")
    (place / ".git").mkdir()
    (place / ".git" / "HEAD").write_text("ref")
    with replacing(place) as aside:
        publish(aside, "new")
    assert names(place) == {"app.py", "data", ".git"}
    assert ((place / ".git" / "HEAD").read_text(), names(tmp_path)) == ("ref", {"out"})


def test_an_error_leaves_the_earlier_one(tmp_path: Path) -> None:
    place = publish(tmp_path / "out", "old")
    with suppress(ZeroDivisionError), replacing(place) as aside:
        publish(aside, "new")
        raise ZeroDivisionError
    assert ((place / "app.py").read_text(), names(tmp_path)) == ("old", {"out"})


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotesError, match="cannot be written"), replacing(tmp_path / "file" / "out"):
        pass


@pytest.mark.parametrize("moved", [False, True])
def test_a_kill_leaves_nothing_half_made_and_is_mended(tmp_path: Path, moved: bool) -> None:
    place = publish(tmp_path / "out", "old")
    (place / ".git").mkdir()
    code = (
        "import sys, time; from pathlib import Path\n"
        "from assistant.publishing import exchange\n"
        "place = Path(sys.argv[1])\n"
        "class Slow(type(place)):\n"
        "    def rename(self, to):\n"
        "        done = super().rename(to)\n"
        "        print('moved', flush=True); time.sleep(60)\n"
        "with exchange.replacing(Slow(place) if sys.argv[2] == 'True' else place) as aside:\n"
        "    (aside / 'app.py').write_text('half'); print('begun', flush=True)\n"
        "    if sys.argv[2] == 'False': time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place), str(moved)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        awaited = "moved" if moved else "begun"
        until = time.monotonic() + 60
        while awaited not in process.stdout.readline() and time.monotonic() < until:
            pass
        os.kill(process.pid, signal.SIGKILL)
    assert place.exists() is not moved
    assert moved or (place / "app.py").read_text() == "old"
    with suppress(ZeroDivisionError), replacing(place):
        assert (place / "app.py").read_text() == "old"
        raise ZeroDivisionError
    assert (names(tmp_path), names(place)) == ({"out"}, {"app.py", "data", ".git"})


def test_only_one_publishes_to_a_place(tmp_path: Path) -> None:
    place = tmp_path / "out"
    with (
        replacing(place) as aside,
        pytest.raises(NotesError, match="Another process publishes"),
        replacing(place),
    ):
        pass
    assert names(place) == set()
    assert not aside.exists()


def test_a_place_is_free_or_published_and_apart(tmp_path: Path) -> None:
    vault = tmp_path / "notes" / "vault"
    vault.mkdir(parents=True)
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.md").write_text("")
    link = tmp_path / "link"
    link.symlink_to(vault)
    for wrong in (vault, vault / "out", tmp_path / "notes", tmp_path, link / "out"):
        with pytest.raises(NotesError, match="lie one within the other"):
            check_place(wrong, [vault])
    for wrong in (full, full / "thesis.md"):
        with pytest.raises(NotesError, match="holds something else"):
            check_place(wrong, [vault])
    clone = tmp_path / "clone"
    (clone / ".git").mkdir(parents=True)
    (clone / "README.md").write_text("")
    (tmp_path / "empty").mkdir()
    publish(tmp_path / "earlier", "old")
    for right in (clone, tmp_path / "empty", tmp_path / "earlier", tmp_path / "new"):
        assert check_place(right, [vault]) == right
