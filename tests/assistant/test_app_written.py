"""Answers that a language model wrote, on the page."""

import re
from dataclasses import replace

import pytest

from assistant.answering.answer import Answer, Written
from assistant.answering.claim import Claim
from assistant.answering.ending import Ending
from assistant.answering.marks import citation_marks
from assistant.app.transcript import transcript_html
from assistant.app.turn import Turn
from corpus.note import Span
from tests.assistant.found_notes import answer_of, notes_of

NOTE = notes_of("# Locks\n\nDrop the guard before you await.")[0]
QUESTION = "What of locks?"


def answer(*said: tuple[str, tuple[int, ...], bool], ending: Ending | None = None) -> Answer:
    """An answer of sentences with their sources, and whether they need support."""
    claims, text = [], ""
    for sentence, sources, needs in said:
        cited = tuple(n for _, numbers in citation_marks(sentence) for n in numbers)
        span = Span(len(text), len(text) + len(sentence))
        claims.append(Claim(span, sentence.strip(), cited, sources, needs))
        text += sentence
    written = Written("tiny", tuple(claims), ending)
    return replace(answer_of(QUESTION, NOTE), text=text, written=written)


def page(told: Answer) -> str:
    return transcript_html((Turn(1, QUESTION, told),), "en")


def test_what_no_source_says_is_marked_and_the_mark_explained() -> None:
    html = page(
        answer(
            ("Drop the guard [1]. ", (1,), True),
            ("The moon is cheese.", (), True),
            ending=Ending.COMPLETE,
        )
    )
    assert '<span class="doubt">The moon is cheese.</span>' in html
    assert html.count('class="doubt"') == 1
    assert "Marked: no source says this." in html
    assert "Written by tiny from the sources" in html


def test_citations_lead_to_their_sources_but_not_in_code() -> None:
    html = page(answer(("Drop it [1], not `a[1]`, [7].", (1,), True), ending=Ending.COMPLETE))
    assert html.count('href="#turn-1-source-1"') == 1
    assert "<code>a[1]</code>" in html
    assert "[7]" in html


CITED = 'href="#turn-1-source-1"'


@pytest.mark.parametrize(
    "mark",
    ["[1]", "【1】", "［1］", "[note 1]", "[^1]", "[1, 9]", "[1](http://evil.example/phish)"],
)
def test_every_form_of_a_citation_leads_to_its_source(mark: str) -> None:
    html = page(answer((f"Drop the guard {mark}.", (1,), True), ending=Ending.COMPLETE))
    assert html.count(CITED) == 1
    assert "evil.example" not in html


def test_no_definition_turns_citations_elsewhere() -> None:
    text = "Drop the guard [1].\n\n[1]: http://evil.example/phish"
    html = page(answer((text, (1,), True), ending=Ending.COMPLETE))
    assert CITED in html
    assert (
        'href="http://evil.example/phish"' not in html.split("Drop the guard")[1].split("</p>")[0]
    )


def test_a_number_of_the_question_does_not_part_a_citation() -> None:
    told = answer(("Drop 1 guard [1].", (1,), True), ending=Ending.COMPLETE)
    asked = replace(told, question="what of 1 guard")
    assert CITED in transcript_html((Turn(1, "what of 1 guard", asked),), "en")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("~~~sh\nls\n~~~\n", "<code>ls\n</code></pre>"),
        ("```sh\nls\n```\n", "<code>ls\n</code></pre>"),
        ("    ls -l\n", "<code>ls -l\n</code></pre>"),
    ],
)
def test_a_source_of_code_is_cited_after_it(said: str, kept: str) -> None:
    html = page(answer((said, (1,), True), ("Then go on.", (), False), ending=Ending.COMPLETE))
    assert kept in html
    assert "Then go on." in html.split("</pre>")[1]
    assert CITED in html.split("</pre>")[1]


def test_a_source_of_a_tables_row_is_cited_within_it() -> None:
    head = ("| a | b |\n|-|-|\n", (), False)
    html = page(answer(head, ("| lock | guard |\n", (1,), True), ending=Ending.COMPLETE))
    assert CITED in html.split("<tbody>")[1].split("</tbody>")[0]


def test_a_source_that_was_not_cited_is() -> None:
    html = page(
        answer(("Drop the guard. ", (1,), True), ("Hm.", (), False), ending=Ending.COMPLETE)
    )
    assert re.search(r'Drop</mark>|Drop the guard\. <a class="cite" href="#turn-1-source-1"', html)
    assert "doubt" not in html


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (None, "Writing an answer from the notes…"),
        (Ending.STOPPED, "Written by tiny from the sources · Stopped."),
        (Ending.LENGTH, "cut off"),
    ],
)
def test_the_page_says_how_the_writing_goes(ending: Ending | None, told: str) -> None:
    html = page(answer(("Drop it [1].", (1,), True), ending=ending))
    assert told in html
    assert ("writing" in html) is (ending is None)


def test_before_the_first_word_the_page_says_that_it_is_being_written() -> None:
    empty = replace(answer_of(QUESTION, NOTE), text="", written=Written("tiny"))
    assert 'class="pending writing"' in page(empty)


def test_a_failed_model_is_told_of_above_the_quotes() -> None:
    html = page(replace(answer_of(QUESTION, NOTE), problem="It <failed>."))
    assert "The language model did not answer, so these are quotes. It &lt;failed&gt;." in html
    assert 'class="quote"' in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>window.pwned=1</script> <img src=x onerror=window.pwned=1>",
        "[click](javascript:window.pwned=1) ![](http://evil.example/x.png)",
        '[1]: javascript:window.pwned=1\n\nSee [1] "onmouseover=alert(1)',
        "\ue101 \ue163 <script>\ue101</script>",
        "<a href='#' onclick=alert(1)>[1]</a>",
    ],
)
def test_what_a_model_says_can_do_nothing(hostile: str) -> None:
    html = page(answer((hostile, (), True), ending=Ending.COMPLETE))
    assert not re.search(r"<(?:script|img)|<[^>]*\son\w+=|href=\"javascript", html)


def test_what_was_searched_for_is_told() -> None:
    html = page(replace(answer_of("Why?", NOTE), searched="locks <why>"))
    assert "Searched for “locks &lt;why&gt;”" in html
