import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.markdown import read_markdown
from corpus.note import Kind, Lines, Note


def kinds(source: str) -> list[Kind]:
    return [note.kind for note in read_markdown("n.md", source)]


def texts(source: str) -> list[str]:
    return [note.text for note in read_markdown("n.md", source)]


class TestTheReferenceMemo:
    @pytest.fixture
    def notes(self, memo: str) -> tuple[Note, ...]:
        return read_markdown("memo.zh.md", memo)

    def test_has_28_notes(self, notes: tuple[Note, ...]) -> None:
        assert [note.kind for note in notes] == (
            [Kind.ROW] * 23 + [Kind.QUOTE] * 3 + [Kind.CODE, Kind.IMAGE]
        )

    @pytest.mark.parametrize(
        ("row", "content"),
        [
            (8, "里面包含的 VXLAN ID 为 24 位，也够用了"),
            (12, "http://www.cs.cmu.edu/~dga/15-712/F07/papers/birrell842.pdf"),
            (13, r"echo 'int;' ! clang -xc -O0    - -o /dev/null -\#\#\#"),
            (19, "为trait对象   Box<dyn traitA + Sync>"),
        ],
    )
    def test_keeps_its_rows_as_written(
        self, notes: tuple[Note, ...], memo: str, row: int, content: str
    ) -> None:
        note = notes[row - 1]
        assert content in note.body_text
        assert note.lines == Lines(row + 2, row + 2)
        assert memo.split("\n")[row + 1] == note.text
        assert note.meta["number"] == str(row)

    def test_finds_the_remark_of_a_bare_link(self, notes: tuple[Note, ...]) -> None:
        assert notes[11].meta == {
            "number": "12",
            "source": "趣谈网络协议",
            "remark": "rpc思想的诞生",
            "type": "paper",
        }

    def test_names_a_bare_link_by_its_remark(self, notes: tuple[Note, ...]) -> None:
        assert notes[11].title == "rpc思想的诞生"

    def test_keeps_a_quote_with_its_list(self, notes: tuple[Note, ...]) -> None:
        assert notes[24].text.startswith("> iptables 4个表 5个链 3个内核模块\n- 4个表")
        assert notes[24].text.endswith("iptable_mangle")
        assert notes[24].lines == Lines(32, 35)

    def test_keeps_install_commands_with_their_caption(self, notes: tuple[Note, ...]) -> None:
        assert notes[26].text.startswith("> 安装openvswitch\n```shell\n")
        assert notes[26].text.endswith("apt-get -y install arping\n```")
        assert notes[26].title == "安装openvswitch"

    def test_names_an_image_by_its_words(self, notes: tuple[Note, ...]) -> None:
        assert (notes[27].title, notes[27].lines) == ("网络包", Lines(55, 55))


class TestSections:
    def test_each_heading_begins_a_note(self) -> None:
        notes = read_markdown("n.md", "# A\n\none\n\n## B\n\ntwo\n\n# C\n\nthree\n")
        assert [(n.title, n.headings, n.text) for n in notes] == [
            ("A", ("A",), "# A\n\none"),
            ("B", ("A", "B"), "## B\n\ntwo"),
            ("C", ("C",), "# C\n\nthree"),
        ]

    def test_a_heading_without_text_opens_its_first_childs_note(self) -> None:
        (note,) = read_markdown("n.md", "# A\n\n## B\n\ntext\n")
        assert (note.text, note.body_text, note.lines) == (
            "# A\n\n## B\n\ntext",
            "text",
            Lines(1, 5),
        )

    def test_a_heading_with_nothing_below_is_a_note(self) -> None:
        assert texts("# A\n\n# B\n\ntext\n\n# C\n") == ["# A", "# B\n\ntext", "# C"]

    def test_code_and_quotes_inside_prose_stay_in_it(self) -> None:
        source = "# A\n\nprose\n\n```sh\nls\n```\n\nmore\n\n> quoted\n\nend\n"
        assert texts(source) == [source.rstrip()]

    def test_a_hash_in_code_is_no_heading(self) -> None:
        source = "# A\n\nprose\n\n```sh\n# not a heading\n```\n"
        assert [note.title for note in read_markdown("n.md", source)] == ["A"]


class TestRows:
    def test_ragged_rows_lose_nothing(self) -> None:
        source = "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 | 4 |\n|  |  |\n"
        notes = read_markdown("n.md", source)
        assert [(dict(n.meta), n.text) for n in notes] == [
            ({"a": "1"}, "| 1 |"),
            ({"a": "1", "b": "2", "column 3": "3", "column 4": "4"}, "| 1 | 2 | 3 | 4 |"),
        ]

    def test_an_escaped_bar_is_part_of_its_cell(self) -> None:
        (note,) = read_markdown("n.md", "content|remark\n-|-\n`a \\| b`|pipe \\| here\n")
        assert (note.body_text, note.meta) == (r"`a \| b`", {"remark": "pipe | here"})

    def test_rows_know_the_headings_above_them(self) -> None:
        (note,) = read_markdown("n.md", "# T\n\n| x | y |\n|--|--|\n| 1 | 2 |\n")
        assert (note.headings, note.title, note.lines) == (("T",), "1 | 2", Lines(5, 5))

    def test_two_columns_of_one_role_keep_both_texts(self) -> None:
        (note,) = read_markdown("n.md", "|内容|备注|说明|\n|-|-|-|\n|x|one|two|\n")
        assert note.meta == {"remark": "one", "说明": "two"}

    def test_settings_can_name_more_roles(self) -> None:
        (note,) = read_markdown("n.md", "|词|出自|\n|-|-|\n|x|y|\n", {"词": "content"})
        assert (note.body_text, note.meta) == ("x", {"出自": "y"})


class TestCollections:
    def test_every_quote_takes_what_follows_it(self) -> None:
        source = "> one\n- a\n- b\n\n> two\n\nthought\n\n> three\n```\ncode\n```\n"
        assert texts(source) == [
            "> one\n- a\n- b",
            "> two\n\nthought",
            "> three\n```\ncode\n```",
        ]
        assert kinds(source) == [Kind.QUOTE, Kind.TEXT, Kind.CODE]

    def test_a_list_of_outside_links_is_a_note_each(self) -> None:
        source = "# Papers\n\n- [A](https://a.org) — one\n- [B](https://b.org) — two\n"
        notes = read_markdown("n.md", source)
        assert [(n.kind, n.title) for n in notes] == [
            (Kind.LINK, "A — one"),
            (Kind.LINK, "B — two"),
        ]
        assert notes[0].text.startswith("# Papers")
        assert notes[0].body_text == "- [A](https://a.org) — one"

    def test_links_into_the_vault_are_a_table_of_contents_not_notes(self) -> None:
        assert kinds("# Contents\n\n- [A](a.md)\n- [B](b.md)\n") == [Kind.SECTION]

    def test_snippets_under_captions_are_a_note_each(self) -> None:
        source = "# Tar\n\nPack\n\n```\ntar c\n```\n\nUnpack\n\n```\ntar x\n```\n"
        assert [(n.kind, n.title) for n in read_markdown("n.md", source)] == [
            (Kind.CODE, "Pack"),
            (Kind.CODE, "Unpack"),
        ]

    def test_a_rule_parts_notes(self) -> None:
        assert texts("one\n\n---\n\ntwo\n") == ["one", "two"]


class TestFrontMatter:
    def test_becomes_metadata_and_tags(self) -> None:
        source = "---\ntitle: T\ntags: [a, b]\ndate: 2024-01-02\nmood: fine\n---\n\nbody #c\n"
        (note,) = read_markdown("n.md", source)
        assert note.meta == {"title": "T", "date": "2024-01-02", "mood": "fine"}
        assert (note.tags, note.headings, note.lines) == (("a", "b", "c"), ("T",), Lines(8, 8))

    def test_that_is_not_yaml_stays_text(self) -> None:
        notes = read_markdown("n.md", "---\n: {broken\n---\n\nbody\n")
        assert "".join(note.text for note in notes).count("broken") == 1


_LINES = st.sampled_from(
    [
        "# H",
        "## 小标题",
        "text",
        "  indented",
        "    code",
        "> quote",
        "- item",
        "1. one",
        "| a | b |",
        "|---|---|",
        "| 1 |",
        "```",
        "~~~py",
        "---",
        "===",
        "",
        "",
        "![i](x.png)",
        "<http://a.org>",
        "- [x](https://a.org) y",
        "[ref]: http://a.org",
        "<div>",
        "</div>",
        "\t",
        "\ufeff",
        "a\u2028b\x0cc",
        "`x",
        "\\",
    ]
)


@settings(max_examples=400, deadline=None)
@example(lines=["# H", "\x1f"], end="\n")
@given(
    lines=st.lists(_LINES | st.text(max_size=12), max_size=25),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_spans_are_the_files_text_and_do_not_overlap(lines: list[str], end: str) -> None:
    source = end.join(lines)
    at = 0
    for note in read_markdown("n.md", source):
        assert note.span.of(source) == note.text
        assert note.body.of(source) == note.body_text
        assert at <= note.span.start <= note.body.start <= note.body.end <= note.span.end
        assert note.text.strip()
        at = note.span.end


@settings(max_examples=300, deadline=None)
@given(words=st.lists(st.sampled_from(["# H", "> q", "- i", "para", "", "[r]: http://x"])))
def test_no_visible_line_is_lost(words: list[str]) -> None:
    numbered = [f"{word} {n}" if word else "" for n, word in enumerate(words)]
    source = "\n".join(numbered)
    kept = "\n".join(note.text for note in read_markdown("n.md", source))
    assert [line for line in numbered if line and line not in kept] == []
