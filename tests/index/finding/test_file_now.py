"""A file of the index is read as it is now."""

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.decode import decode
from corpus.document import read_document
from corpus.lines import LineIndex
from corpus.note import Kind, Lines
from corpus.roles import ROLES
from index.finding.file_now import FileNow, NoSuchFileError, NotePlace, read_file
from index.finding.hit import Freshness
from index.keeping.store import Store
from index.keeping.update import Update, update
from tests.bag_of_terms import BagOfTerms

BLOCKS = st.sampled_from(
    [
        *("# Title", "## Part", "words of a note", "- an item", "> quoted", "```", "    code"),
        *("| a | b |\n|--|--|\n| 1 | 2 |", "![x](y.png)", "https://a.org/b", "---", "第一条笔记"),
        *("", "\f", "a\u2028b", "a\x0bb\x85c", "#tag words", "| 3 | 4 |", "\ufeff", "\t"),
    ]
)
TEXTS = st.builds(
    lambda blocks, end: f"first words{end}" + "".join(block + end for block in blocks),
    st.lists(BLOCKS, max_size=20),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)


def now(store: Store, path: str, vault: str = "vault") -> FileNow:
    with store.reading() as db:
        return read_file(db, vault, path, ROLES)


def gone(store: Store, path: str, vault: str = "vault") -> bool:
    with pytest.raises(NoSuchFileError) as caught:
        now(store, path, vault)
    assert caught.value.message == f"There is no {path} among the notes of {vault}."
    return True


def test_a_file_is_its_text_and_the_places_of_its_notes(
    updated: Update, store: Store, vault: Path
) -> None:
    with store.reading() as db:
        keys = [row[0] for row in db.execute("SELECT key FROM notes ORDER BY file, span_start")]
    file = now(store, "net/dns.md")
    text = "# DNS\n\n传统 DNS 有解析延迟。\n\n## Cache\n\nA cache of names.\n"
    places = (
        NotePlace(file.notes[0].key, "DNS", Kind.SECTION, Lines(1, 3)),
        NotePlace(file.notes[1].key, "Cache", Kind.SECTION, Lines(5, 7)),
    )
    assert file == FileNow("vault", "net/dns.md", vault / "net/dns.md", text, places)
    files = ("home.txt", "memo.md", "net/dns.md")
    assert sorted(keys) == sorted(one.key for path in files for one in now(store, path).notes)


def test_a_touched_file_is_current(updated: Update, store: Store, vault: Path) -> None:
    before = now(store, "memo.md")
    os.utime(vault / "memo.md", (5, 5))
    assert now(store, "memo.md") == before


def test_a_changed_file_has_the_notes_that_it_has_now(
    updated: Update, store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    before = now(store, "net/dns.md")
    text = f"# New\n\nWords.\n\n{before.text}"
    (vault / "net/dns.md").write_text(text, encoding="utf-8")
    dns, cache = before.notes
    assert now(store, "net/dns.md") == FileNow(
        "vault",
        "net/dns.md",
        vault / "net/dns.md",
        text,
        (
            NotePlace("", "New", Kind.SECTION, Lines(1, 3)),
            NotePlace(dns.key, "DNS", Kind.SECTION, Lines(5, 7)),
            NotePlace(cache.key, "Cache", Kind.SECTION, Lines(9, 11)),
        ),
        Freshness.CHANGED,
    )
    update(store, [], embedder)
    assert now(store, "net/dns.md").freshness is Freshness.CURRENT
    assert all(place.key for place in now(store, "net/dns.md").notes)


def test_what_cannot_be_read_is_as_the_index_has_it(
    updated: Update, store: Store, vault: Path
) -> None:
    before = now(store, "net/dns.md")
    (vault / "net/dns.md").write_bytes(bytes(range(256)) * 8)
    unread = now(store, "net/dns.md")
    assert unread.freshness is Freshness.UNREACHABLE
    assert (unread.text, unread.notes) == (before.text.rstrip("\n"), before.notes)
    shutil.move(vault, vault.with_name("away"))
    assert now(store, "net/dns.md") == unread
    assert now(store, "memo.md").text.startswith("\n\n| rayon | crates.io | 并行计算库 |")


def test_each_vault_has_its_own_files(
    updated: Update, store: Store, other: Path, embedder: BagOfTerms
) -> None:
    (other / "home.txt").write_text("another home\n")
    update(store, [other], embedder)
    assert now(store, "home.txt", "other").text == "another home\n"
    assert now(store, "home.txt").text == "Descale the kettle with citric acid.\n"
    assert gone(store, "b.md")
    assert gone(store, "memo.md", "other")
    shutil.rmtree(other)
    assert now(store, "home.txt", "other").freshness is Freshness.UNREACHABLE
    assert now(store, "home.txt").freshness is Freshness.CURRENT


def test_no_link_is_followed(updated: Update, store: Store, vault: Path) -> None:
    (vault / "memo.md").unlink()
    (vault / "memo.md").symlink_to("home.txt")
    assert gone(store, "memo.md")
    (vault.parent / "vault-beside").mkdir()
    (vault.parent / "vault-beside" / "x.md").write_text("secret")
    (vault / "memo.md").unlink()
    (vault / "memo.md").symlink_to("../vault-beside/x.md")
    assert gone(store, "memo.md")
    (vault / "memo.md").unlink()
    (vault / "memo.md").symlink_to("nowhere")
    assert gone(store, "memo.md")


def test_a_vault_may_itself_be_reached_by_a_link(
    store: Store, vault: Path, embedder: BagOfTerms
) -> None:
    update(store, [vault], embedder)
    vault.rename(vault.with_name("moved"))
    vault.symlink_to(vault.with_name("moved"))
    assert now(store, "home.txt").freshness is Freshness.CURRENT


def test_a_vault_of_one_file_is_read(store: Store, vault: Path, embedder: BagOfTerms) -> None:
    update(store, [vault / "home.txt"], embedder)
    assert now(store, "home.txt", "home.txt").text == "Descale the kettle with citric acid.\n"
    assert gone(store, "memo.md", "home.txt")
    (vault / "home.txt").unlink()
    assert now(store, "home.txt", "home.txt").freshness is Freshness.UNREACHABLE


def test_a_pipe_in_the_place_of_a_note_is_not_waited_for(
    updated: Update, store: Store, vault: Path
) -> None:
    pipe = vault / "memo.md"
    pipe.unlink()
    os.mkfifo(pipe)
    told: list[bool] = []

    def read() -> None:
        with suppress(pytest.fail.Exception):
            told.append(gone(store, "memo.md"))

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    reading.join(2)
    if reading.is_alive():
        pipe.write_bytes(b"")  # lets it go
        reading.join()
    assert told == [True]


@given(TEXTS, st.sampled_from(["a.md", "a.txt"]))
@settings(max_examples=60)
def test_every_note_lies_in_the_text_where_it_is_said_to_be(text: str, path: str) -> None:
    with TemporaryDirectory() as folder:
        store, file = _indexed(Path(folder), path, text)
        found = now(store, path)
        read = read_document(path, file.read_bytes())
        lines = LineIndex(found.text)
        assert (found.text, found.freshness) == (read.text, Freshness.CURRENT)
        assert found.text == decode(text.encode()).text
        assert [(one.title, one.kind, one.lines) for one in found.notes] == [
            (note.title, note.kind, note.lines) for note in read.notes
        ]
        for place, note in zip(found.notes, read.notes, strict=True):
            assert 1 <= place.lines.first <= place.lines.last <= len(lines)
            start, end = lines.start(place.lines.first - 1), lines.start(place.lines.last)
            assert note.text in found.text[start:end]
        assert len({place.key for place in found.notes}) == len(found.notes)
        file.write_bytes(f"before\n{text}".encode())
        changed = now(store, path)
        assert changed.freshness is Freshness.CHANGED
        last = len(LineIndex(changed.text))
        assert all(1 <= one.lines.first <= one.lines.last <= last for one in changed.notes)


@pytest.mark.parametrize("inside", ["\f", "\u2028", "\x85"])
def test_notes_of_a_file_that_is_away_stand_at_their_lines(inside: str, tmp_path: Path) -> None:
    store, file = _indexed(
        tmp_path, "a.md", f"# A\n\n{inside.join('abcdef')}\n\n# B\n\nwords of b\n"
    )
    shutil.rmtree(file.parent)
    found = now(store, "a.md")
    lines = LineIndex(found.text)
    assert [lines.text(place.lines.first - 1) for place in found.notes] == ["# A", "# B"]


def _indexed(folder: Path, path: str, text: str) -> tuple[Store, Path]:
    file = folder / "vault" / path
    file.parent.mkdir()
    file.write_bytes(text.encode())
    store = Store(folder / "index")
    update(store, [file.parent], BagOfTerms())
    return store, file
