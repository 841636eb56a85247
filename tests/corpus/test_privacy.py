"""What of a file is private, and what of its text may be seen."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, read_document
from corpus.errors import NotesError
from corpus.hidden import without_hidden
from corpus.note import Kind
from corpus.privacy import Privacy, read_privacy
from corpus.private_words import PRIVATE_TAGS
from corpus.publish_ignore import PathPattern, PublishIgnore
from corpus.redaction import redact


def document(text: str, path: str = "a.md") -> Document:
    return read_document(path, text.encode())


def privacy(text: str, path: str = "a.md", *more: str) -> Privacy:
    return read_privacy(document(text, path), tags=(*PRIVATE_TAGS, *more))


def rows(text: str) -> dict[str, str]:
    found = privacy(text)
    assert found.whole == ""
    return {span.of(text): reason for span, reason in found.rows.items()}


# whole files


@pytest.mark.parametrize(
    "text",
    [
        "---\nprivate: true\n---\nText",
        "---\nPrivate: Yes\n---\nText",
        '---\nprivate: "1"\n---\nText',
        "---\nprivate:\n---\nText",
        "---\nprivate: perhaps\n---\nText",
        "---\nprivate: true\nprivate: false\n---\nText",
        "---\nsite:\n  private: true\n---\nText",
        "---\nis_private: on\n---\nText",
        "---\r\nprivate: true\r\n---\r\nText",
        "---\rprivate: true\r---\rText",
        "---\r\nprivate: true\r\n\r\nText",
        "---\nprivate?: true\n---\nText",
        "---\n是否私密: 是\n---\nText",
        "---\npublish: false\n---\nText",
        "---\npublish: no # yet\n---\nText",
        "---\npublished: false\n---\nText",
        "---\ndg-publish: false\n---\nText",
        "---\ndraft: true\n---\nText",
        "---\nvisibility: private\n---\nText",
        "---\nstatus: draft\n---\nText",
        "---\n私密: 是\n---\nText",
        "---\n公开: 否\n---\nText",
        "---\ntags: [a, private]\n---\nText",
        "---\ntags: a, Private/work\n---\nText",
        "---\n标签: [工作, 私密]\n---\nText",
        "---\ntags:\n- '#secret'\n---\nText",
        "---\ntags: #private\n---\nText",
        "---\ncategory: private\n---\nText",
        "---\nprivate: true\ntitle: a: b\n---\nText",
        "---\ntitle: [private\n---\nText",
        "---\nprivate: true\n\nText",
        "\n---\nprivate: true\n---\nText",
        "+++\nprivate = true\n+++\nText",
        '{\n"private": true\n}\nText',
        "private: true\n\nText",
        "﻿---\nprivate: true\n---\nText",
        "Text #private",
        "Text #私密。",
        "笔记＃私密",
        "Text #work/private.",
        "# Wages #private\n\nText",
        "> - Text\n>\n>   #private",
        "- a\n\n    #private",
        "a `b\nc` #private `d`",
        "**#private** text",
        "<!-- #private -->\n\nText",
        "[x]: http://a.org '#private'\n\nText [x]",
        "Text\n\nprivate:: yes",
        "Text (publish:: false)",
        "> | a | private |\n> |--|--|\n> | b | yes |",
        "| a #private | b |\n|--|--|\n| c | d |",
    ],
)
def test_a_file_is_private_by_what_stands_in_it(text: str) -> None:
    assert privacy(text).whole != ""


@pytest.mark.parametrize(
    "text",
    [
        "Text",
        "---\nprivate: false\n---\nText",
        "---\nprivate: no # never was\n---\nText",
        "---\npublish: true\n---\nText",
        "---\npublish: 2024-01-31\n---\nText",
        "---\npublished:\n---\nText",
        "---\npublished: 2024-01-31\n---\nText",
        "---\nstatus: done\n---\nText",
        "---\n公开: 是\n---\nText",
        "---\ntags: [privateer, secretary]\n---\nText",
        "A private matter. Publish: false friends.",
        "`#private`",
        "```\n#private\nprivate:: yes\n```",
        "    #private",
        "[private methods](#private)",
        "http://a.org/b#private",
        "#privateer",
        "| modifier | use |\n|--|--|\n| private | class |",
        "std::private::of",
    ],
)
def test_a_file_is_public_where_nothing_says_otherwise(text: str) -> None:
    assert privacy(text) == Privacy()


def test_plain_text_has_tags_and_a_head_too() -> None:
    assert privacy("Wages #private\n", "a.txt").whole == "tag #private (line 1)"
    assert "private: true" in privacy("---\nprivate: true\n---\nWages\n", "a.txt").whole


def test_a_tag_of_the_users_own_makes_private() -> None:
    assert privacy("Text #Familie/x", "a.md", "familie").whole == "tag #Familie/x (line 1)"
    assert privacy("Text #Familie/x").whole == ""


def test_a_reason_shows_no_password() -> None:
    assert "hunter22" not in privacy("---\npassword: hunter22\n---\nText").whole


# rows


def test_a_row_is_private_by_its_columns_and_tags_and_the_others_are_not() -> None:
    assert rows(
        "| note | 私密 |\n|--|--|\n| a | 是 |\n| b | |\n| c | 否 |\n| d | ✓ |\n| e #private | |\n"
    ) == {
        "| a | 是 |": "column “私密” says “是”",
        "| d | ✓ |": "column “私密” says “✓”",
        "| e #private | |": "tag #private",
    }
    assert list(rows("| note | publish |\n|--|--|\n| a | yes |\n| b |\n| c | no |\n")) == [
        "| b |",
        "| c | no |",
    ]
    assert list(rows("| note | Private? |\r| - | - |\r| a | x |\r| b | |\r")) == ["| a | x |"]
    assert list(rows("| 内容 | 是否公开 |\n|--|--|\n| a | 是 |\n| b | 否 |\n")) == ["| b | 否 |"]
    assert list(rows("| 内容 | 标签 |\n|--|--|\n| a | 工作，私密 |\n| b | 工作 |\n")) == [
        "| a | 工作，私密 |"
    ]
    assert list(rows("| 内容 | 类型 |\n|--|--|\n| a | private |\n| b | tip |\n")) == [
        "| a | private |"
    ]
    assert rows("| note |\n|--|\n| `#private` |\n") == {}


# what of a text may be seen


def seen(text: str, *private: str, path: str = "a.md") -> str:
    whole = document(text, path)
    public = [note for note in whole.notes if not any(word in note.text for word in private)]
    return redact(whole, public).text


def test_what_belongs_to_no_note_goes_with_the_notes_it_is_about() -> None:
    text = """\
---
title: T
---
# Wages

wage

| a | b |
|--|--|
| wage | x |

# Tools

Intro

## Rust

| c | d |
|--|--|
| rayon | x |
| wage | y |
| serde | z |

wage again[^1]

Last [ok].

[^1]: A note on it.
[ok]: http://a.org
"""
    assert (
        seen(text, "wage")
        == """\
---
title: T
---

# Tools

Intro

## Rust

| c | d |
|--|--|
| rayon | x |
| serde | z |
"""
    )


def test_a_definition_that_only_private_rows_use_is_left_out() -> None:
    text = "| a |\n|--|\n| wage [1] |\n| tool [2] |\n\nEnd.\n\n[1]: http://wage\n[2]: http://tool\n"
    assert seen(text, "| wage") == "| a |\n|--|\n| tool [2] |\n\nEnd.\n\n[2]: http://tool\n"


def test_a_heading_stays_over_what_stays() -> None:
    text = "# A\n\nwage\n\n## B\n\ntext\n\nC\n=\n\nwage\n\n---\n\nrest\n"
    assert seen(text, "wage") == "# A\n\n## B\n\ntext\n\nC\n=\n\n***\n\nrest\n"


@pytest.mark.parametrize(
    ("text", "shown", "count"),
    [
        ("a <!-- b --> c", "a  c", 1),
        ("a\n\n<!--\nb\n\n```\nc\n```\n-->\n\nd", "a\n\n\n\nd", 1),
        ("a `<!-- b -->` c", "a `<!-- b -->` c", 0),
        ("a ` <!-- b --> c", "a `  c", 1),
        ("a \\` <!-- b --> ` c", "a \\`  ` c", 1),
        ("```\n<!-- b -->\n```", "```\n<!-- b -->\n```", 0),
        ("    <!-- b -->", "    <!-- b -->", 0),
        ("a\n\n<!-- b\n\nc", "a\n\n", 1),
        ("a <!-- b\n\nc", "a \n\nc", 1),
        ("a %%b%% c", "a  c", 1),
        ("a\n\n%%\n```\nb\n```\n%%\n\nc", "a\n\n\n\nc", 1),
        ("a\n\n%%\nb", "a\n\n", 1),
        ("50%% of it", "50%% of it", 0),
        ("[//]: # (b)\n\na", "\na", 1),
        ("a [x]\n\n[x]: /b\n[y]: /c\n'd'\n", "a [x]\n\n[x]: /b\n", 1),
        ("a[^x]\n\n[^x]: b [^y]\n\n[^y]: c\n\n[^z]: d\n\n    e\n\nf", None, 1),
    ],
)
def test_what_readers_do_not_see_is_left_out(text: str, shown: str | None, count: int) -> None:
    shown = text.replace("[^z]: d\n\n    e\n", "") if shown is None else shown
    assert without_hidden(text) == (shown, count)


def test_comments_in_front_matter_are_left_out_and_it_says_the_same() -> None:
    text = "---\ntitle: 'C # notes' # wage\n# wage\ntags: [a, b]\n---\n\nText\n"
    shown = seen(text)
    assert "wage" not in shown
    before, after = document(text).notes[0], document(shown).notes[0]
    assert (after.meta, after.tags, after.text) == (before.meta, before.tags, before.text)


# random files

_BLOCKS = st.lists(
    st.one_of(
        st.tuples(st.just("heading"), st.integers(1, 4)),
        st.tuples(st.just("table"), st.integers(1, 4)),
        st.tuples(
            st.sampled_from(["text", "list", "quote", "code", "rule", "links", "image", "comment"]),
            st.integers(1, 3),
        ),
    ),
    min_size=1,
    max_size=14,
)


def written(blocks: list[tuple[str, int]]) -> str:
    """A file in which no word stands twice."""
    count = 0

    def word() -> str:
        nonlocal count
        count += 1
        return f"w{count:04d}"

    parts = []
    for kind, size in blocks:
        words = [word() for _ in range(size)]
        match kind:
            case "heading":
                parts.append("#" * size + " " + words[0])
            case "table":
                lines = [f"| {one} | {word()} |" for one in words]
                parts.append("\n".join((f"| {word()} | b |", "|--|--|", *lines)))
            case "list":
                parts.append("\n".join(f"- {one}" for one in words))
            case "quote":
                parts.append("\n".join(f"> {one}" for one in words))
            case "code":
                parts.append("\n".join(("```", *words, "```")))
            case "rule":
                parts.append("---")
            case "links":
                parts.append("\n".join(f"- [{one}](https://a.org/{word()})" for one in words))
            case "image":
                parts.append(f"![{words[0]}](a.png)")
            case "comment":
                parts.append(f"{words[0]} <!-- {word()} --> {word()}")
            case _:
                parts.append(" ".join(words))
    return "\n\n".join(parts) + "\n"


def words_of(text: str) -> set[str]:
    return set(re.findall(r"w\d{4}", text))


@given(_BLOCKS, st.data())
def test_no_private_word_is_seen_and_every_public_note_is(
    blocks: list[tuple[str, int]], data: st.DataObject
) -> None:
    whole = document(written(blocks))
    public = [note for note in whole.notes if data.draw(st.booleans())]
    private = [note for note in whole.notes if note not in public]
    shown = redact(whole, public).text
    headings = words_of(" ".join(one for note in public for one in note.headings))
    hidden = set().union(*(words_of(note.text) for note in private)) - headings
    assert not hidden & words_of(shown)
    assert not words_of("".join(re.findall(r"<!--.*?-->", whole.text))) & words_of(shown)
    now = document(shown).notes
    for note in public:
        body = without_hidden(note.body_text)[0].strip()
        found = [one for one in now if body in one.text]
        assert len(found) == 1, (body, shown)
        assert found[0].headings == note.headings
        if note.kind is Kind.ROW:
            assert (found[0].text, found[0].meta) == (note.text, note.meta)


# patterns


def test_publishignore_is_read_as_git_reads_its_own(tmp_path: Path) -> None:
    (tmp_path / "net" / "dns").mkdir(parents=True)
    (tmp_path / ".publishignore").write_text("*.txt\n!b.txt\nhome/\n")
    (tmp_path / "net" / ".publishignore").write_text("!a.txt\n/dns/x.md\n")
    ignored = PublishIgnore(tmp_path)
    verdicts = {
        "a.txt": ".publishignore",
        "b.txt": "",
        "a.md": "",
        "home/x/b.txt": ".publishignore",
        "net/a.txt": "",
        "net/c.txt": ".publishignore",
        "net/dns/x.md": "net/.publishignore",
        "x.md": "",
    }
    assert {path: ignored.verdict(path) for path in verdicts} == verdicts


def test_a_publishignore_that_cannot_be_read_stops_all(tmp_path: Path) -> None:
    (tmp_path / ".publishignore").mkdir()
    with pytest.raises(NotesError, match="cannot be read"):
        PublishIgnore(tmp_path).verdict("a.md")


def test_a_pattern_names_what_lies_in_its_folder() -> None:
    pattern = PathPattern("blog/")
    assert [pattern.names(path) for path in ("blog/a.md", "x/blog/b/c.md", "blog.md")] == [
        True,
        True,
        False,
    ]
    with pytest.raises(NotesError, match="names no files"):
        PathPattern("!blog/")
