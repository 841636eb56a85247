import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import NotesError
from corpus.note import Skip
from corpus.scan import scan


def vault(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def paths(root: Path) -> list[str]:
    return [found.path for found in scan(root).found]


@contextmanager
def another_user() -> Iterator[None]:
    """Give up the rights of root, which may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_notes_are_found_by_suffix_and_the_others_counted(tmp_path: Path) -> None:
    names = ("b.md", "a/c.TXT", "a/d.markdown", "..md", "x.png", "y.PNG", "Makefile")
    result = scan(vault(tmp_path, dict.fromkeys(names, "x")))

    assert [found.path for found in result.found] == ["..md", "a/c.TXT", "a/d.markdown", "b.md"]
    assert (result.skipped, result.others) == ((), {"": 1, ".png": 2})


def test_a_found_file_carries_what_the_disk_says_of_it(tmp_path: Path) -> None:
    (found,) = scan(vault(tmp_path, {"笔记/锁.md": "锁"})).found
    file = tmp_path / "笔记" / "锁.md"

    assert (found.path, found.file, found.size) == ("笔记/锁.md", file, 3)
    assert found.mtime_ns == file.stat().st_mtime_ns


def test_a_single_file_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    (found,) = scan(vault(tmp_path, {"notes.org": "x"}) / "notes.org").found

    assert (found.path, found.file) == ("notes.org", tmp_path / "notes.org")


def test_hidden_and_heavy_folders_are_not_entered(tmp_path: Path) -> None:
    folders = (".obsidian", "node_modules", "__pycache__", "env", "ok")
    vault(tmp_path, {f"{folder}/a.md": "x" for folder in folders})
    (tmp_path / "env/pyvenv.cfg").touch()

    assert paths(tmp_path) == ["ok/a.md"]


def test_a_missing_root_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(NotesError, match=r"There is no file or folder .*nowhere"):
        scan(tmp_path / "nowhere")


def test_a_file_that_is_too_large_is_named_with_its_size(tmp_path: Path) -> None:
    vault(tmp_path, {"small.md": "x", "big.md": "x"})
    os.truncate(tmp_path / "big.md", 209_700_000)

    result = scan(tmp_path)

    assert [found.path for found in result.found] == ["small.md"]
    assert result.skipped == (Skip("big.md", "larger than 10 MB: 209.7 MB"),)


def test_links_are_named_with_where_they_lead(tmp_path: Path) -> None:
    outside = vault(tmp_path / "outside", {"o.md": "x"})
    root = vault(tmp_path / "vault", {"sub/a.md": "x", ".h/b.md": "x", "p.png": ""})
    for name, target in {
        "broken.md": "nowhere.md",
        "folder": "sub",
        "hidden.md": ".h/b.md",
        "inside.md": "sub/a.md",
        "loop.md": "loop.md",
        "out.md": str(outside / "o.md"),
        "outer": str(outside),
        "picture.png": "p.png",
        "sub/up": "..",
    }.items():
        (root / name).symlink_to(target)

    result = scan(root)

    assert [found.path for found in result.found] == ["sub/a.md"]
    assert result.others == {".png": 2}
    assert {skip.path: skip.reason for skip in result.skipped} == {
        "broken.md": "a broken symbolic link",
        "folder": "a symbolic link to sub, which is read at its own place",
        "hidden.md": "a symbolic link to .h/b.md, which is not read",
        "inside.md": "a symbolic link to sub/a.md, which is read at its own place",
        "loop.md": "a broken symbolic link",
        "out.md": "a symbolic link that leads out of the vault",
        "outer": "a symbolic link that leads out of the vault",
        "sub/up": "a symbolic link to the vault itself, which is read at its own place",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipes_and_sockets_do_not_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    monkeypatch.chdir(tmp_path)  # socket names are short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")

        assert scan(tmp_path).skipped == (
            Skip("pipe.md", "not a regular file"),
            Skip("socket.md", "not a regular file"),
        )


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs POSIX permissions")
def test_what_may_not_be_read_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = vault(Path(name), dict.fromkeys(("a.md", "b.md", "c/x.md", "d/x.md"), "x"))
        vault(root, {"d/.notesignore": "x.md"})
        root.chmod(0o755)
        for path in ("b.md", "c", "d/.notesignore"):
            (root / path).chmod(0)
        try:
            with another_user():
                result = scan(root)
        finally:
            (root / "c").chmod(0o755)

    assert [found.path for found in result.found] == ["a.md"]
    assert result.skipped == (
        Skip("b.md", "no permission to read this file"),
        Skip("c", "no permission to read this folder"),
        Skip("d", "a folder whose ignore file cannot be read"),
    )


@pytest.mark.skipif(os.name != "posix", reason="needs names that are bytes")
def test_a_name_that_is_not_utf_8_is_named_with_escapes(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"\xff.md")).touch()
    except OSError:
        pytest.skip("needs a file system that takes any bytes as a name")

    assert scan(tmp_path).skipped == (Skip("\\xff.md", "a file whose name is not valid UTF-8"),)


def test_the_nearest_ignore_file_wins_and_notesignore_over_gitignore(tmp_path: Path) -> None:
    notes = ("a.md", "b.md", "sub/a.md", "sub/b.md", "gone/a.md")
    vault(tmp_path, dict.fromkeys(notes, "x"))
    vault(
        tmp_path,
        {
            ".gitignore": "a.md\r\nb.md\ngone/\n",
            ".notesignore": "!b.md\n",
            "sub/.gitignore": "!a.md\n/b.md\n",
            "gone/.gitignore": "!a.md\n",
        },
    )
    result = scan(tmp_path)

    assert [found.path for found in result.found] == ["b.md", "sub/a.md"]
    assert result.skipped == ()


NOTES = [f"{folder}{name}" for folder in ("", "a/", "a/b/", "b/", "b/x.d/", "a/a/")
         for name in ("a.md", "b.md", "n.txt", "#h.md")]  # fmt: skip
PATTERNS = (
    "*;*.md;!*.md;!*/;/*;a;!a;a/;!a/;a/*;!a/b/;**/b;b/**;!b/**/a.md;*.txt;/a.md;!/a.md;!a.md;a/b;"
    "[ab].md;?.md;\\#h.md;# c;a/**/b.md;x.d;*.d/;!x.d;**;!**/;[;a\\;*/b.md; a.md;a.md  "
).split(";")
IGNORES = st.dictionaries(
    st.sampled_from(["", "a/", "a/b/", "b/"]),
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=5),
    max_size=3,
)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(max_examples=40, deadline=None)
@given(IGNORES)
def test_notes_are_ignored_as_git_ignores_them(ignores: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = vault(Path(name), dict.fromkeys(NOTES, "x"))
        vault(root, {f"{folder}.gitignore": "\n".join(p) for folder, p in ignores.items()})
        subprocess.run(["git", "init", "-q", name], check=True)
        listing = subprocess.run(
            [
                "git",
                "-C",
                name,
                "-c",
                "core.excludesFile=",
                "ls-files",
                "-zo",
                "--exclude-standard",
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        expected = {path for path in listing.stdout.split("\0") if path in NOTES}

        assert set(paths(root)) == expected
