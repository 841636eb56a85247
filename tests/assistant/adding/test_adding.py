"""Text that is dropped becomes a note as it is, under a safe name, and over nothing."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.adding.add import Added, Limits, Reason, Refused, add_files, writable
from corpus.progress import Progress
from tests.assistant.adding.dropping import Vault


@pytest.mark.parametrize("suffix", [".md", ".markdown", ".mdown", ".mkd", ".txt", ".text"])
def test_text_keeps_its_bytes_and_its_suffix(vault: Vault, suffix: str) -> None:
    data = "\ufeff# 笔记\r\n\r\nline  \r\n".encode()
    assert vault.drop((f"笔记{suffix.upper()}", data)) == Added((f"added/笔记{suffix}",), ())
    assert (vault.folder / f"added/笔记{suffix}").read_bytes() == data


def test_text_in_another_encoding_keeps_its_bytes(vault: Vault) -> None:
    data = "中文的笔记，用国标编码写成。".encode("gb18030")
    vault.drop(("a.txt", data))
    assert (vault.folder / "added/a.txt").read_bytes() == data


def test_nothing_is_replaced(vault: Vault) -> None:
    added = vault.drop(("a.md", b"one"), ("a.md", b"two"), ("a.md", b"three"))
    assert added.paths == ("added/a.md", "added/a 2.md", "added/a 3.md")
    assert [vault.text(path) for path in added.paths] == ["one", "two", "three"]


def test_what_is_there_already_is_not_written_again(vault: Vault) -> None:
    vault.drop(("a.md", b"one"), ("a.md", b"two"))
    assert vault.drop(("a.md", b"two"), ("a.md", b"one")) == Added(
        ("added/a 2.md", "added/a.md"), ()
    )
    assert vault.files() == ["added/a 2.md", "added/a.md"]


def test_a_link_that_has_the_name_is_left_alone(vault: Vault, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    (vault.folder / "added").mkdir()
    (vault.folder / "added/a.md").symlink_to(outside)
    (vault.folder / "added/b.md").symlink_to(tmp_path / "nothing")
    added = vault.drop(("a.md", b"mine"), ("b.md", b"new"))
    assert added.paths == ("added/a 2.md", "added/b 2.md")
    assert outside.read_text() == "mine"
    assert not (tmp_path / "nothing").exists()


def test_a_link_to_the_same_content_is_left_alone_too(vault: Vault) -> None:
    (vault.folder / "added").mkdir()
    (vault.folder / "x.md").write_text("seven..")
    (vault.folder / "added/a.md").symlink_to("../x.md")  # a link's size is its target's length
    assert vault.drop(("a.md", b"seven..")).paths == ("added/a 2.md",)


def test_drops_at_the_same_time_replace_nothing(vault: Vault) -> None:
    contents = [f"content {n}".encode() for n in range(100)]
    with ThreadPoolExecutor(8) as pool:
        drops = pool.map(lambda data: vault.drop(("a.md", data)), contents)
        paths = [added.paths[0] for added in drops]
    assert [(vault.folder / path).read_bytes() for path in paths] == contents


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\Users\\me\\notes.md", "notes.md"),
        ("../../etc/notes.md", "notes.md"),
        ("/etc/notes.md", "notes.md"),
        ("...hidden.md", "hidden.md"),
        ("a\x00b\n.md", "ab.md"),
        ("note\u202edm.md", "notedm.md"),
        ("CON.md", "CON_.md"),
        ("nul.old.md", "nul_.old.md"),
        ('a<b>:"c|?*.md', "a_b___c___.md"),
        ("trailing. . .md", "trailing.md"),
        (" . .md", "note.md"),
        ("cafe\u0301.md", "caf\u00e9.md"),
        ("\udcff.md", "note.md"),
    ],
)
def test_names_are_made_safe(vault: Vault, given: str, name: str) -> None:
    assert vault.drop((given, b"text")).paths == (f"added/{name}",)


def test_long_names_are_cut_between_characters(vault: Vault) -> None:
    path, second = vault.drop(("记" * 100 + ".md", b"1"), ("记" * 100 + ".md", b"2")).paths
    assert (path, second) == (f"added/{'记' * 37}.md", f"added/{'记' * 37} 2.md")
    assert len(Path(second).name.encode()) <= 120


@pytest.mark.parametrize(
    ("name", "data", "reason", "detail"),
    [
        ("a.exe", b"MZ", Reason.NOT_SUPPORTED, ".exe"),
        ("a.md.exe", b"MZ", Reason.NOT_SUPPORTED, ".exe"),
        ("README", b"text", Reason.NOT_SUPPORTED, ""),
        (".pdf", b"text", Reason.NOT_SUPPORTED, ""),
        ("a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 4, Reason.NOT_TEXT, ""),
        ("a.md", b"", Reason.EMPTY, ""),
        ("a.txt", b" \r\n\t", Reason.EMPTY, ""),
        ("a.md", b"x" * 101, Reason.TOO_LARGE, "100"),
        ("a.pdf", b"x" * 201, Reason.TOO_LARGE, "200"),
        ("a.pdf", b"", Reason.EMPTY, ""),
        ("a.pdf", b"<html>", Reason.BROKEN, ""),
        ("a.docx", b"text", Reason.BROKEN, ""),
        ("a.docx", b"\xd0\xcf\x11\xe0", Reason.BROKEN, ""),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            Reason.ENCRYPTED,
            "",
        ),
        ("a.zip", b"text", Reason.BROKEN, ""),
    ],
)
def test_what_cannot_be_added_is_named(
    vault: Vault, name: str, data: bytes, reason: Reason, detail: str
) -> None:
    added = vault.drop((name, data), limits=Limits(file_bytes=200, note_bytes=100))
    assert added == Added((), (Refused(name, reason, detail),))
    assert vault.files() == []


def test_the_others_are_added_still(vault: Vault) -> None:
    added = vault.drop(("a.exe", b"MZ"), ("b.md", b"b"))
    assert added == Added(("added/b.md",), (Refused("a.exe", Reason.NOT_SUPPORTED, ".exe"),))


def test_a_drop_holds_so_many_files(vault: Vault) -> None:
    added = vault.drop(*((f"{n}.md", b"x") for n in range(4)), limits=Limits(entries=2))
    assert added.paths == ("added/0.md", "added/1.md")
    assert added.refused == tuple(Refused(f"{n}.md", Reason.TOO_MANY, "2") for n in (2, 3))


def test_an_upload_that_is_a_link_or_a_folder_is_refused(vault: Vault, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(vault.upload(b"secret"))
    added = add_files([("a.md", link), ("b.md", tmp_path)], vault.folder)
    assert added == Added((), (Refused("a.md", Reason.LINK), Refused("b.md", Reason.LINK)))


def test_the_folder_of_added_notes_may_be_no_link(vault: Vault, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (vault.folder / "added").symlink_to(outside)
    assert not writable(vault.folder)
    outside.mkdir()
    assert not writable(vault.folder)
    assert vault.refusals(("a.md", b"x")) == [Reason.NOT_WRITABLE]
    assert list(outside.iterdir()) == []


def test_the_folder_of_added_notes_may_be_no_file(vault: Vault) -> None:
    (vault.folder / "added").write_text("mine")
    assert vault.refusals(("a.md", b"x")) == [Reason.NOT_WRITABLE]
    assert vault.text("added") == "mine"


def test_a_folder_can_be_written_and_a_file_cannot(vault: Vault) -> None:
    file = vault.folder / "single.md"
    file.write_text("x")
    assert writable(vault.folder)
    assert not writable(file)
    assert not writable(vault.folder / "missing")


@pytest.mark.skipif(
    os.geteuid() == 0, reason="this needs a user other than root, who may write everywhere"
)
def test_a_vault_that_may_not_be_written_is_not(vault: Vault) -> None:
    vault.folder.chmod(0o500)
    assert not writable(vault.folder)
    assert vault.refusals(("a.md", b"x")) == [Reason.NOT_WRITABLE]


def test_no_part_of_a_file_is_left_over(vault: Vault) -> None:
    vault.drop(("a.md", b"x"), ("a.md", b"y"))
    assert [file.name for file in sorted((vault.folder / "added").iterdir())] == [
        "a 2.md",
        "a.md",
    ]


def test_progress_counts_files(vault: Vault) -> None:
    seen: list[Progress] = []
    add_files(
        [("a.md", vault.upload(b"x")), ("b.md", vault.upload(b"y"))],
        vault.folder,
        on_progress=seen.append,
    )
    assert seen == [Progress("add", 0, 2), Progress("add", 1, 2)]


def test_the_app_does_not_load_the_converter() -> None:
    code = (
        "import sys, assistant.adding.add;"
        "print({'markitdown', 'magika', 'pdfminer', 'mammoth', 'bs4'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes")
def test_a_note_for_which_there_is_no_room_leaves_nothing(vault: Vault) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from assistant.adding.add import *;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "print(add_files([('a.md', Path(sys.argv[1]))], Path(sys.argv[2])).refused[0].reason)"
    )
    command = [sys.executable, "-c", code, str(vault.upload(b"x" * 2000)), str(vault.folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "no_room\n"
    assert vault.files() == []
