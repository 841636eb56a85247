"""Archives: what is in them is added, and no trick with them leads out of the vault."""

import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.adding.add import Added, Limits, Reason, Refused, add_files
from tests.assistant.adding.documents import docx, paragraph, pdf, raw_zip, zipped
from tests.assistant.adding.dropping import Vault

UTF_8 = 0x800


def test_a_zip_keeps_its_folders(vault: Vault) -> None:
    data = zipped(
        {
            "index.md": "# Index",
            "网络/端到端.md": "功能放在两端",
            "./a//b.txt": "b",
            "docs/c.docx": docx(paragraph("c")),
            "docs/d.pdf": pdf("d"),
        }
    )
    added = vault.drop(("我的笔记.zip", data))
    assert added == Added(
        (
            "added/我的笔记/index.md",
            "added/我的笔记/网络/端到端.md",
            "added/我的笔记/a/b.txt",
            "added/我的笔记/docs/c.md",
            "added/我的笔记/docs/d.md",
        ),
        (),
    )
    assert vault.text(added.paths[1]) == "功能放在两端"
    assert vault.text(added.paths[4]) == '---\nsource: "d.pdf"\n---\n\nd\n'


def test_a_zip_that_was_added_is_not_added_again(vault: Vault) -> None:
    first = vault.drop(("a.zip", zipped({"x/a.md": "a", "x/b.md": "b"})))
    assert vault.drop(("a.zip", zipped({"x/a.md": "a", "x/b.md": "new"}))).paths == (
        first.paths[0],
        "added/a/x/b 2.md",
    )


def test_what_systems_put_into_zips_is_left_out(vault: Vault) -> None:
    names = "__MACOSX/._a.md .DS_Store .git/config .hidden.md x/.obsidian/a.md Thumbs.db"
    names += " node_modules/README.md"
    assert vault.drop(("a.zip", zipped(dict.fromkeys(names.split(), "x")))) == Added((), ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"../evil.md", Reason.UNSAFE_NAME),
        (b"a/../../evil.md", Reason.UNSAFE_NAME),
        (b"a/.. /evil.md", Reason.UNSAFE_NAME),
        (b"a/.../evil.md", Reason.UNSAFE_NAME),
        (b"/etc/evil.md", Reason.UNSAFE_NAME),
        (b"//server/share/evil.md", Reason.UNSAFE_NAME),
        (b"C:/evil.md", Reason.UNSAFE_NAME),
        (b"C:evil.md", Reason.UNSAFE_NAME),
        (b"..\\evil.md", Reason.UNSAFE_NAME),
        (b"a\\evil.md", Reason.UNSAFE_NAME),
        (b"evil.md\0.png", Reason.UNSAFE_NAME),
        (b"con.md", Reason.UNSAFE_NAME),
        (b"lpt1/evil.md", Reason.UNSAFE_NAME),
        (b"COM\xc2\xb9.md", Reason.UNSAFE_NAME),
        (b"x" * 300 + b".md", Reason.LONG_NAME),
        (b"d/" * 20 + b"evil.md", Reason.LONG_NAME),
        (b"../evil/", Reason.UNSAFE_NAME),
        (b"evil.zip", Reason.NESTED_ZIP),
        (b"evil.exe", Reason.NOT_SUPPORTED),
    ],
)
def test_entries_with_dangerous_names_are_refused(
    vault: Vault, name: bytes, reason: Reason
) -> None:
    assert vault.refusals(("a.zip", raw_zip(name))) == [reason]
    assert vault.files() == []


def test_a_refused_entry_is_named_and_the_others_are_added(vault: Vault) -> None:
    added = vault.drop(("a.zip", zipped({"../evil.md": "x", "good.md": "y"})))
    assert added == Added(("added/a/good.md",), (Refused("a.zip/../evil.md", Reason.UNSAFE_NAME),))
    assert vault.files() == ["added/a/good.md"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_entries_that_are_links_or_devices_are_refused(vault: Vault, kind: int) -> None:
    link = raw_zip(b"a.md", b"/etc/passwd", attributes=(kind | 0o777) << 16)
    assert vault.refusals(("a.zip", link)) == [Reason.LINK]


def test_a_link_in_the_vault_is_not_followed(vault: Vault, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (vault.folder / "added/a").mkdir(parents=True)
    (vault.folder / "added/a/sub").symlink_to(outside)
    (vault.folder / "added/b").symlink_to(outside)
    added = vault.drop(("a.zip", zipped({"sub/n.md": "x"})), ("b.zip", zipped({"n.md": "x"})))
    assert added.paths == ("added/a/sub 2/n.md", "added/b 2/n.md")
    assert list(outside.iterdir()) == []


def test_a_file_where_the_folder_would_be_keeps_its_name(vault: Vault) -> None:
    added = vault.drop(("a.zip", zipped({"n.md": "file", "n.md/x.md": "in a folder"})))
    assert added.paths == ("added/a/n.md", "added/a/n.md 2/x.md")


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2001])
def test_encrypted_entries_are_refused(vault: Vault, flags: int) -> None:
    assert vault.refusals(("a.zip", raw_zip(b"a.md", flags=flags))) == [Reason.ENCRYPTED]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_give_everything_at_once_are_refused(vault: Vault, method: int) -> None:
    data = zipped({"a.md": bytes(90_000_000)}, method)
    added = vault.drop(("a.zip", data))
    assert added.refused == (Refused("a.zip/a.md", Reason.NOT_SUPPORTED, str(method)),)


def test_an_entry_that_unpacks_to_far_more_is_refused(vault: Vault) -> None:
    data = zipped({"bomb.md": bytes(20_000_000), "good.md": "x"})
    assert vault.drop(("a.zip", data)) == Added(
        ("added/a/good.md",), (Refused("a.zip/bomb.md", Reason.BOMB),)
    )


@pytest.mark.parametrize("size", [0, 10, 2**31])
def test_a_false_size_deceives_nobody(vault: Vault, size: int) -> None:
    bomb = raw_zip(b"a.md", bytes(20_000_000), size=size)
    assert vault.refusals(("a.zip", bomb))[0] in {Reason.BOMB, Reason.BROKEN}


def test_entries_that_share_their_content_are_counted_each(vault: Vault) -> None:
    data = raw_zip(b"a.md", b"x" * 100_000, copies=50)
    assert len(data) < 10_000
    added = vault.drop(("a.zip", data), limits=Limits(unpacked_bytes=1_000_000))
    assert added == Added((), (Refused("a.zip", Reason.TOO_LARGE, "1000000"),))
    assert vault.files() == []


def test_archives_of_a_drop_are_counted_together(vault: Vault) -> None:
    limits = Limits(unpacked_bytes=150)
    one, two = zipped({"a.md": "x" * 100}), zipped({"b.md": "y" * 100})
    added = vault.drop(("1.zip", one), ("2.zip", two), limits=limits)
    assert added == Added(("added/1/a.md",), (Refused("2.zip", Reason.TOO_LARGE, "150"),))


def test_a_large_entry_is_refused(vault: Vault) -> None:
    data = zipped({"a.md": "x" * 2000, "b.md": "y"}, zipfile.ZIP_STORED)
    assert vault.drop(("a.zip", data[:]), limits=Limits(file_bytes=len(data) - 1)).refused == (
        Refused("a.zip", Reason.TOO_LARGE, str(len(data) - 1)),
    )
    packed = zipped({"a.md": "x" * 2000, "b.md": "y"})
    assert vault.drop(("a.zip", packed), limits=Limits(file_bytes=1000)) == Added(
        ("added/a/b.md",), (Refused("a.zip/a.md", Reason.TOO_LARGE, "1000"),)
    )


def test_too_many_entries_are_refused(vault: Vault) -> None:
    data = zipped({f"{n}.md": "x" for n in range(10)})
    assert vault.drop(("a.zip", data), limits=Limits(entries=9)) == Added(
        (), (Refused("a.zip", Reason.TOO_MANY, "9"),)
    )


def test_archives_share_the_number_of_entries(vault: Vault) -> None:
    one, two = zipped({"a.md": "a", "b.md": "b"}), zipped({"c.md": "c", "d.md": "d"})
    added = vault.drop(("1.zip", one), ("2.zip", two), limits=Limits(entries=5))
    assert added.refused == (Refused("2.zip", Reason.TOO_MANY, "5"),)
    assert added.paths == ("added/1/a.md", "added/1/b.md")


def test_a_list_that_could_fill_the_memory_is_not_even_read(vault: Vault) -> None:
    torn = raw_zip(b"a.md", copies=60_000)[:-1]
    assert vault.refusals(("a.zip", torn), limits=Limits(entries=1000)) == [Reason.TOO_MANY]
    assert vault.refusals(("a.zip", torn), limits=Limits(entries=2000)) == [Reason.BROKEN]


def test_a_torn_zip_is_refused(vault: Vault) -> None:
    data = bytearray(zipped({"a.md": "text" * 500}))
    data[60:70] = bytes(10)
    assert vault.refusals(("a.zip", bytes(data))) == [Reason.BROKEN]
    assert vault.refusals(("a.zip", bytes(data[:50]))) == [Reason.BROKEN]


@pytest.mark.parametrize(
    ("name", "flags", "path"),
    [
        ("中文.md".encode(), UTF_8, "中文.md"),
        ("中文.md".encode(), 0, "中文.md"),
        ("中文/笔记.md".encode("gb18030"), 0, "中文/笔记.md"),
        (b"caf\x82.md", 0, "café.md"),
    ],
)
def test_names_are_read_in_the_encoding_that_they_are_in(
    vault: Vault, name: bytes, flags: int, path: str
) -> None:
    assert vault.drop(("a.zip", raw_zip(name, flags=flags))).paths == (f"added/a/{path}",)


PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "C:", "\0", "~", "con", " ", "\u202e", "a", "记", ".md", "added", "//"]
)
NAMES = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


@given(NAMES, NAMES, st.booleans())
@example("../../../../tmp/evil", "..", True)
@example("/tmp/evil", "../a", False)
@example(".\u202e./.\u202e./evil", ".\u202e.", True)
def test_whatever_the_names_are_nothing_is_written_elsewhere(
    entry: str, archive: str, flagged: bool
) -> None:
    name = f"{entry}.md".encode("utf-8", "surrogatepass")
    data = raw_zip(name[:60_000], flags=UTF_8 if flagged else 0)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        upload, vault = root / "upload", root / "a" / "vault"
        vault.mkdir(parents=True)
        upload.write_bytes(data)
        added = add_files([(f"{archive}.zip", upload)], vault)
        written = {file for file in root.rglob("*") if not file.is_dir()} - {upload}
        assert written == {vault / path for path in added.paths}
        assert all(path.startswith("added/") for path in added.paths)
        assert all(len(Path(path).name.encode()) <= 120 for path in added.paths)
        assert len(added.paths) + len(added.refused) <= 1
