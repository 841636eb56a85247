import time

import pytest

from corpus.chunk import cut_into_chunks
from corpus.document import read_document
from corpus.note import Kind
from corpus.sentences import part_sentences


def test_plain_text_has_no_markdown_in_it() -> None:
    document = read_document("a.txt", b"# not a heading\n\n| a | b |\n")
    assert [(n.kind, n.text) for n in document.notes] == [
        (Kind.TEXT, "# not a heading\n\n| a | b |")
    ]


def test_long_plain_text_is_its_paragraphs() -> None:
    paragraphs = [f"Paragraph {n}. " + "word " * 120 for n in range(3)]
    document = read_document("a.txt", "\r\n\r\n".join(paragraphs).encode())
    assert [note.text for note in document.notes] == [p.strip() for p in paragraphs]
    assert [note.lines.first for note in document.notes] == [1, 3, 5]


def test_gb18030_is_read() -> None:
    text = "# 网络\n\n传统的域名解析存在缓存和延迟的问题，所以大家使用新的协议。\n"
    document = read_document("a.md", text.encode("gb18030"))
    assert (document.text, document.problem) == (text, "")


def test_broken_utf8_is_read_and_said() -> None:
    good = "# 网络\n\n传统的域名解析存在缓存和延迟的问题。\n".encode()
    document = read_document("a.md", good + b"\xff\xfe tail\n")
    assert len(document.notes) == 1
    assert document.problem == "2 broken utf-8 bytes are shown as \ufffd"


def test_junk_is_named() -> None:
    document = read_document("a.md", bytes(range(256)) * 20)
    assert document.notes == ()
    assert document.problem


def test_an_empty_file_is_named() -> None:
    assert read_document("a.md", b" \n").problem == "no text"


def test_aliases_in_front_matter_are_refused_and_said() -> None:
    for matter in ("self: &s [*s]", "a: &a [x, x]\nb: &b [*a, *a]"):
        document = read_document("a.md", f"---\n{matter}\n---\nbody\n".encode())
        assert document.problem == "front matter is not YAML: aliases are not read"
        assert document.notes[-1].body_text == "body"


def test_front_matter_is_kept_as_it_is_written() -> None:
    source = "---\ndate: 0000-00-00\ndone: yes\nn: 1_000\n---\nbody\n"
    (note,) = read_document("a.md", source.encode()).notes
    assert note.meta == {"date": "0000-00-00", "done": "yes", "n": "1_000"}


def test_a_byte_order_mark_is_no_text() -> None:
    (note,) = read_document("a.md", "\ufeff# 题\n\n文\n".encode()).notes
    assert note.text == "# 题\n\n文"


@pytest.mark.parametrize(
    "piece",
    ["[", "](", "![", "`", "> ", "* ", "- ", "|", "<", "#", "**", "\\", "```\n", "---\n", "a|b\n"],
)
def test_hostile_repetition_is_read_in_time(piece: str) -> None:
    began = time.perf_counter()
    document = read_document("a.md", (piece * (100_000 // len(piece))).encode())
    for note in document.notes:
        part_sentences(note.body_text)
        cut_into_chunks(note, 256, lambda texts: [len(text) // 2 for text in texts])
    assert time.perf_counter() - began < 20


def test_front_matter_that_is_not_yaml_is_said_and_kept() -> None:
    document = read_document("a.md", b"---\na: [b\n---\nbody\n")
    assert "front matter" in document.problem
    assert any("a: [b" in note.text for note in document.notes)
