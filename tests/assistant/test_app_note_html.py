import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.marks import mark_html, mark_text
from assistant.app.note_html import line_html, note_html
from index.terms import analyze_query


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "Box<dyn Trait + Sync>",
        "<svg/onload=alert(1)>",
        "<!-- a comment -->",
        "</div></details><b>out</b>",
    ],
)
def test_html_in_a_note_is_shown_as_text(markdown: str) -> None:
    html = note_html(markdown)
    assert re.findall(r"<(?!/?p>)", html) == []
    assert unescape(re.sub(r"</?p>", "", html)).strip() == markdown


@pytest.mark.parametrize(
    "markdown",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:alert(1))",
        "[x](file:///etc/passwd)",
        "[x](other.md)",
        "<javascript:alert(1)>",
    ],
)
def test_a_link_leads_only_to_the_web(markdown: str) -> None:
    assert "href" not in note_html(markdown)


def test_a_link_opens_in_a_page_of_its_own() -> None:
    assert note_html("[a & b](https://a.org/?b=1&c=2)") == (
        '<p><a href="https://a.org/?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">'
        "a &amp; b</a></p>\n"
    )


@pytest.mark.parametrize(
    ("markdown", "url"),
    [
        ("https://a.org/b", "https://a.org/b"),
        ("see https://a.org/b, then", "https://a.org/b"),
        ("(https://a.org/b)", "https://a.org/b"),
        ("https://a.org/Rust_(language)", "https://a.org/Rust_(language)"),
        ("见 https://a.org/b。然后", "https://a.org/b"),
        ("https://a.org/wal.html SQLite", "https://a.org/wal.html"),
    ],
)
def test_a_bare_address_is_a_link(markdown: str, url: str) -> None:
    assert re.findall(r'href="([^"]*)"', note_html(markdown)) == [url]


def test_an_address_in_code_is_no_link() -> None:
    assert note_html("`https://a.org`") == "<p><code>https://a.org</code></p>\n"


def test_an_image_is_shown_by_its_words_and_not_loaded() -> None:
    assert note_html("![the *picture*](a.svg)") == (
        '<p><span class="image">the picture</span></p>\n'
    )
    assert note_html("![x](https://a.org/p.png)") == (
        '<p><a href="https://a.org/p.png" target="_blank" rel="noopener noreferrer">'
        '<span class="image">x</span></a></p>\n'
    )


def test_code_keeps_its_spaces_and_signs() -> None:
    assert note_html("```rust\nfn f<T>() {\n    a  &&  b\n}\n```") == (
        "<pre><code>fn f&lt;T&gt;() {\n    a  &amp;&amp;  b\n}\n</code></pre>\n"
    )


def test_a_cell_shows_its_pipes() -> None:
    assert line_html(r"`ss \| grep`") == "<code>ss | grep</code>"


def test_words_are_marked_whatever_their_form_and_script() -> None:
    terms = analyze_query("threads 端口 lock")
    assert note_html("One *thread*, 端口被谁占了; `LazyLock`", terms) == (
        "<p>One <em><mark>thread</mark></em>, <mark>端口</mark>被谁占了; "
        "<code>Lazy<mark>Lock</mark></code></p>\n"
    )


def test_marks_stay_out_of_tags() -> None:
    assert 'href="https://example.org/mark?a=b&amp;c"' in note_html(
        "[x](https://example.org/mark?a=b&c)", {"mark", "b", "c", "a", "href", "x", "amp"}
    )


def test_touching_words_are_one_mark() -> None:
    assert mark_text("一边写", analyze_query("一边写")) == "<mark>一边写</mark>"


@given(st.text(), st.text())
def test_marking_changes_nothing_but_marks(text: str, question: str) -> None:
    terms = analyze_query(question)
    html = note_html(text)
    assert unescape(re.sub(r"</?mark>", "", mark_html(html, terms))) == unescape(html)
    assert unescape(re.sub(r"</?mark>", "", mark_text(text, terms))) == unescape(
        mark_text(text, ())
    )


@given(st.text(alphabet="<>\"'&/=;:()[]!`*_| \nasjript", max_size=80))
def test_whatever_a_note_holds_only_harmless_tags_come_out(text: str) -> None:
    html = note_html(text, {"script", "s", "a"})
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= set(
        "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s span strong table "
        "tbody td th thead tr ul".split()
    )
    assert not re.search(r'<[^>]*\s(?!href|title|start|class|target|rel)[a-z]+="', html)
