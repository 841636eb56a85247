import pytest

from corpus.markdown import read_markdown
from index.measuring.removal import bare_words, path_without, without

MEMO = """---
title: Kettle care
tags: [kettle-care, home]
---

# Kettle care

Read [Kettle care](http://a.org/k) and the label.

## Kettle *care*

Kettle care is simple: descale it.

| 内容 | 来源 | 备注 |
|--|--|--|
| a\\|b | Kettle care | 并行计算库 |
"""


def test_words_are_taken_out_where_they_stand_by_themselves() -> None:
    first, second, row = (
        without(note, ["kettle care"], "other.md") for note in read_markdown("k.md", MEMO)
    )
    assert (first.headings, first.title, dict(first.meta), first.tags) == ((), "", {}, ("home",))
    assert first.body_text == "Read [](http://a.org/k) and the label."
    assert second.body_text == "Kettle care is simple: descale it."  # within a sentence
    assert (row.headings, row.columns, row.meta.get("source")) == ((), ("remark",), None)
    assert {note.path for note in (first, second, row)} == {"other.md"}


def test_a_row_loses_its_remark_and_keeps_its_content() -> None:
    *_, row = read_markdown("k.md", MEMO)
    left = without(row, ["并行计算库"], "k.md")
    assert (left.text, left.body_text) == ("| a\\|b | Kettle care |", "a\\|b")
    assert (left.columns, left.lines) == (("source",), row.lines)
    assert "remark" not in left.meta


def test_a_row_without_a_content_column_is_its_cells() -> None:
    table = "| name | remark |\n|--|--|\n| rayon | 并行计算库 |\n"
    (row,) = read_markdown("k.md", table)
    left = without(row, ["并行计算库"], "k.md")
    assert (left.text, left.body_text) == ("| rayon |", "| rayon |")


def test_the_fence_of_a_code_block_stays() -> None:
    (note,) = read_markdown("k.md", "# Rust\n\nRust\n\n```rust\nfn main() {}\n```\n")
    assert without(note, ["Rust"], "k.md").body_text == "```rust\nfn main() {}\n```"


@pytest.mark.parametrize(
    ("path", "told", "left"),
    [
        ("net/tcp.md", "DNS cache", "net/tcp/d0000007"),
        ("net/tcp.md", "TCP keepalive", "net/d0000007"),
        ("tmux/attaching-to-a-session.md", "Attach to a tmux session", "tmux/d0000007"),
        ("TCP Keepalive/notes.md", "TCP keepalive", "notes/d0000007"),
        ("并行计算.md", "并行", "d0000007"),
    ],
)
def test_a_path_does_not_give_the_words_away(path: str, told: str, left: str) -> None:
    assert path_without(path, [told], 7) == left


def test_spellings_of_the_same_words_are_alike() -> None:
    assert bare_words("**TCP** Keep-Alive!") == bare_words("ｔｃｐ keep_alive") == "tcp keep alive"
