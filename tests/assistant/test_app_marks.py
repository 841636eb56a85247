import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from assistant.app.cards import Look, card_html
from assistant.app.marks import LONGEST, Lit, mark_text
from assistant.app.note_html import line_html, note_html
from assistant.app.shown_text import places_in
from assistant.json_forms import hit_json
from corpus.note import Span
from index.finding.hit import Highlights, LitSentence
from tests.assistant.found_notes import hit_of, notes_of


def span_of(text: str, piece: str) -> Span:
    return Span(text.index(piece), text.index(piece) + len(piece))


def lit(text: str, sentence: str = "", near: str = "") -> Lit:
    sentences = (span_of(text, sentence),) if sentence else ()
    return Lit(text, sentences, (span_of(text, near),) if near else ())


def test_a_sentence_and_a_near_word_are_lit_where_they_stand() -> None:
    text = "One *more* day. List the **largest files** with du! Then rest."
    assert note_html(text, {"du"}, lit(text, "List the **largest files** with du!", "largest")) == (
        "<p>One <em>more</em> day. "
        '<span class="answers">List the </span><strong><span class="answers">'
        '<mark class="near">largest</mark> files</span></strong>'
        '<span class="answers"> with <mark>du</mark>!</span> Then rest.</p>\n'
    )


def test_only_the_place_that_was_found_is_lit() -> None:
    text = "锁在这里。另一把锁。"
    assert line_html(text, (), Lit(text, (), (Span(8, 9),))) == (
        '锁在这里。另一把<mark class="near">锁</mark>。'
    )


def test_what_stands_after_a_link_keeps_its_place() -> None:
    text = "See [the page](https://example.org/files?list=largest) and list files. Rest."
    assert '</a> <span class="answers">and list files.</span> Rest.' in note_html(
        text, (), Lit(text, (Span(54, 70),))
    )


def test_marks_stay_out_of_tags_and_what_is_not_shown_is_not_lit() -> None:
    text = "[x](https://example.org/secret)"
    html = note_html(text, {"https", "href"}, lit(text, near="secret"))
    assert "mark" not in html
    assert 'href="https://example.org/secret"' in html


class Balance(HTMLParser):
    """Counts open tags; a closing one must close the last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(
    st.text(alphabet="ab锁 \n*_`#->[]()<&|.。!1", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=4),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 9)), max_size=4),
)
@example("a <b>*c*</b> & d", [(0, 20)], [(2, 9)])
def test_lighting_changes_nothing_but_marks(
    text: str, sentences: list[tuple[int, int]], near: list[tuple[int, int]]
) -> None:
    found = [[Span(a, a + n) for a, n in spans] for spans in (sentences, near)]
    html = note_html(text, {"a", "锁"}, Lit(text, tuple(found[0]), tuple(found[1])))
    plain = re.sub(r'</?mark(?: class="near")?>|<span class="answers">|</span>', "", html)
    assert unescape(plain) == unescape(re.sub("</span>", "", note_html(text)))
    balance = Balance()
    balance.feed(html)
    assert balance.open == []


def test_places_in_shown_text_skip_what_is_hidden() -> None:
    source = "[go](http://a.b/c) now, “go on.”"
    assert places_in("go now, “go on.”", source, [span_of(source, "“go on.”")]) == [Span(8, 16)]
    assert places_in("go now", source, [span_of(source, "http")]) == []


def test_a_card_and_the_json_show_what_is_lit() -> None:
    section = notes_of()[2]
    sentence = Span(section.span.start + section.text.index("先放掉"), 0)
    sentence = Span(sentence.start, sentence.start + len("先放掉 guard，再 await。"))
    near = Span(sentence.start, sentence.start + 3)
    hit = replace(
        hit_of(section),
        highlights=Highlights((LitSentence(sentence, 0.61234),), (), (near,)),
    )
    html = card_html(hit, 1, "hit-1", Look.for_question("锁", "zh"))
    shown = '<p><span class="answers"><mark class="near">先放掉</mark> guard，再 await。</span></p>'
    assert html.count(shown) == 1
    start = sentence.start - section.span.start
    assert hit_json(hit)["highlights"] == {
        "sentences": [
            {
                "lines": [10, 10],
                "start": start,
                "end": start + 18,
                "text": "先放掉 guard，再 await。",
                "strength": 0.6123,
            }
        ],
        "words": [],
        "near": [[start, start + 3]],
    }


def test_a_megabyte_is_shown_as_it_is_and_not_marked() -> None:
    text = "锁 " * LONGEST
    assert note_html(text, {"锁"}, Lit(text, (Span(0, 1),))) == note_html(text)
    assert mark_text(text, {"锁"}) == text
    assert "<mark>" in note_html(text[:99], {"锁"})
