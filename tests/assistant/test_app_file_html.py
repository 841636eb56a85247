"""What of a file is marked when a note of it is opened."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.file_html import file_html, lines_html
from corpus.lines import LineIndex
from corpus.note import Lines
from tests.assistant.shown_html import shown_note

TEXT = """\
---
title: Net
tags: [dns]
---
# Names

Resolving takes
some time.

- a cache
- a *second* cache

  with more to it

| what | port |
|--|--|
| dns | 53 |
| https | 443 |

```sh
dig a.org
dig b.org
dig c.org
```

    indented one
    indented two

> quoted
"""


def cited(html: str) -> list[tuple[str, str]]:
    """The marked elements, each as its tag and what it says."""
    found = re.findall(r'<(\w+) class="cited">(.*?)</\1>', html, re.S)
    return [(tag, unescape(re.sub(r"<[^>]*>", "", said)).strip()) for tag, said in found]


def line_of(words: str) -> int:
    """The line of TEXT on which words stand, 1-based."""
    return TEXT[: TEXT.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("first", "last", "marked"),
    [
        ("# Names", "# Names", [("h1", "Names")]),
        ("Resolving", "Resolving", [("p", "Resolving takes\nsome time.")]),
        ("some time", "some time", [("p", "Resolving takes\nsome time.")]),
        ("- a cache", "- a cache", [("p", "a cache")]),
        ("with more", "with more", [("p", "with more to it")]),
        ("| dns", "| dns", [("tr", "dns\n53")]),
        ("| https", "| https", [("tr", "https\n443")]),
        ("| what", "| dns", [("tr", "what\nport"), ("tr", "dns\n53")]),
        ("dig b", "dig b", [("span", "dig b.org")]),
        ("dig b", "dig c", [("span", "dig b.org\ndig c.org")]),
        ("```sh", "dig c", [("span", "dig a.org\ndig b.org\ndig c.org")]),
        ("indented two", "indented two", [("span", "indented two")]),
        ("> quoted", "> quoted", [("p", "quoted")]),
        ("# Names", "some time", [("h1", "Names"), ("p", "Resolving takes\nsome time.")]),
    ],
)
def test_the_blocks_that_take_part_in_the_cited_lines_are_marked(
    first: str, last: str, marked: list[tuple[str, str]]
) -> None:
    lines = Lines(line_of(first), line_of(last))
    assert cited(file_html(TEXT, 1, lines)) == marked
    crlf = file_html(TEXT.replace("\n", "\r\n"), 1, lines)
    assert cited(crlf) == marked
    part, begin = TEXT[TEXT.index("# Names") :], line_of("# Names")
    assert cited(file_html(part, begin, lines)) == marked


def test_an_item_of_a_tight_list_is_marked_whole() -> None:
    html = file_html("- one\n- two\n  - inner\n- three\n", 1, Lines(2, 2))
    assert html == (
        '<ul>\n<li>one</li>\n<li class="cited">two\n<ul>\n<li>inner</li>\n</ul>\n</li>\n'
        "<li>three</li>\n</ul>\n"
    )


def test_words_behind_a_block_in_a_tight_item_are_marked() -> None:
    assert "cited" in file_html("- one\n  # head\n  behind\n- two\n", 1, Lines(3, 3))


def test_cited_code_is_text() -> None:
    html = file_html("```\n<i>\n<b>x</b>\n&lt;\n```\n", 1, Lines(3, 3))
    assert html == (
        '<pre><code>&lt;i&gt;\n<span class="cited">&lt;b&gt;x&lt;/b&gt;\n</span>&amp;lt;\n'
        "</code></pre>\n"
    )


def test_front_matter_is_shown_as_it_is_written_and_is_not_markdown() -> None:
    html = file_html(TEXT, 1, Lines(5, 5))
    assert html.startswith(
        '<pre class="front"><code>---\ntitle: Net\ntags: [dns]\n---</code></pre>'
        '<h1 class="cited">Names</h1>\n<p>Resolving takes<br>\nsome time.</p>\n'
    )
    rule = file_html("---\na: b\n---\nText.\n", 7, Lines(7, 7))
    assert "front" not in rule
    hostile = file_html('---\na: "</code></pre><b>x"\n---\nText.\n', 1, Lines(4, 4))
    assert shown_note(hostile, frozenset({"front", "cited"})).complaints == []
    assert "&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;x" in hostile


def test_plain_text_is_shown_as_it_is_written_with_its_lines_marked() -> None:
    text = "one\n  <two>\n\nthree\r\nfour"
    assert lines_html(text, 1, Lines(2, 2)) == (
        '<pre class="as-written">one\n<span class="cited">  &lt;two&gt;\n</span>\nthree\nfour</pre>'
    )
    assert cited(lines_html(text, 1, Lines(4, 5))) == [("span", "three\nfour")]
    assert cited(lines_html(text, 11, Lines(11, 11))) == [("span", "one")]


def test_what_is_nested_too_deep_is_shown_as_it_is_written_with_its_lines_marked() -> None:
    deep = f"---\na: b\n---\nBefore.\n\n{'> ' * 30}deep\n"
    html = file_html(deep, 1, Lines(6, 6))
    assert cited(html) == [("span", f"{'> ' * 30}deep")]
    assert html.startswith('<pre class="as-written">---\na: b\n---\nBefore.\n')
    assert cited(file_html(deep[deep.index("Before") :], 4, Lines(6, 6))) == cited(html)


def test_what_markdown_would_leave_out_altogether_is_shown_as_it_is_written() -> None:
    html = file_html("[x]: http://a.org\n", 1, Lines(1, 1))
    assert "http://a.org" in shown_note(html).text


def test_lines_that_the_file_does_not_have_mark_nothing() -> None:
    for lines in (Lines(99, 99), Lines(-3, -1), Lines(10**30, 10**30)):
        assert cited(file_html(TEXT, 1, lines)) == []
        assert [said for _, said in cited(lines_html(TEXT, 1, lines)) if said] == []


@given(
    st.lists(st.sampled_from(["a", "", "b c", "<i>", "\t"]), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 12),
    st.integers(0, 11),
    st.integers(1, 5000),
)
def test_of_plain_text_just_the_cited_lines_are_marked(
    lines: list[str], end: str, first: int, more: int, begin: int
) -> None:
    text = end.join(("x", *lines))  # HTML drops a line end that begins a <pre>
    html = lines_html(text, begin, Lines(begin + first - 1, begin + first - 1 + more))
    inside = html.partition('<span class="cited">')[2].partition("</span>")[0]
    index = LineIndex(text)
    wanted = text[index.start(first - 1) : index.start(first + more)]
    assert unescape(inside) == re.sub(r"\r\n?", "\n", wanted)
    assert shown_note(html).text == re.sub(r"\r\n?", "\n", text)
