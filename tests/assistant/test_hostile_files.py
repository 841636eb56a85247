"""Hostile files, opened as they are: nothing in them runs, and nothing in them passes for a mark."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.file_html import file_html, lines_html
from assistant.app.note_html import line_html, note_html
from assistant.app.opened import LONGEST
from corpus.note import Lines
from tests.assistant.shown_html import FILE_CLASSES, NOTE_CLASSES, shown_note, spelt
from tests.hostile_notes import attacks, hostile_notes

FILES = [(path, data.decode()[:LONGEST]) for path, data in hostile_notes()]
FACTS = {attack.path: attack.fact for attack in attacks()}
ALL, NONE = Lines(1, 10**9), Lines(10**9, 10**9)
NO_LINE = '<span class="cited"></span>'
"""What lines that the file does not have are in a text that is shown as it is written."""

SECONDS = 4.0
"""Of the processor, for the HTML of one file; the worst takes 1."""

_SPOOFS = (
    '<p class="cited">x</p>',
    '<span class="cited">x</span>',
    '<pre class="front cited">x</pre>',
    "```cited\nx\n```",
    '``` x" class="cited\nx\n```',
    "# x {.cited}\n\n- x {: .cited }",
    '[x](http://a.org "cited\\" class=\\"cited")',
    '![x" class="cited](http://a.org/y)',
    '<http://a.org/"class="cited">',
    '| x class="cited" |\n|--|\n| <tr class="cited"> |',
    '&lt;p class="cited"&gt;x',
)


def classes(html: str) -> set[str]:
    """The classes of the elements, which text that looks like one is not."""
    return {name for tag in re.findall(r'<\w+[^>]* class="([^"]*)"', html) for name in tag.split()}


@pytest.mark.parametrize(("path", "text"), FILES, ids=[ascii(path) for path, _ in FILES])
def test_a_hostile_file_is_harmless_and_made_in_bounded_time(path: str, text: str) -> None:
    for cited, allowed in ((ALL, FILE_CLASSES), (NONE, NOTE_CLASSES | {"front"})):
        since = time.process_time()
        html = file_html(text, 1, cited)
        assert time.process_time() - since < SECONDS
        assert shown_note(html.replace(NO_LINE, ""), allowed).complaints == []
        assert spelt(FACTS[path]) in spelt(shown_note(html).text)
    plain = lines_html(text, 1, ALL)
    assert shown_note(plain, frozenset({"as-written", "cited"})).complaints == []
    assert spelt(shown_note(plain).text) == spelt(text)


@pytest.mark.parametrize("text", _SPOOFS)
def test_a_note_cannot_mark_itself_as_cited(text: str) -> None:
    for html in (note_html(text), note_html(text, {"cited"}), file_html(text, 1, NONE)):
        assert classes(html) <= NOTE_CLASSES
    assert classes(line_html(text.replace("\n", " "))) <= NOTE_CLASSES
    assert classes(lines_html(text, 1, NONE).replace(NO_LINE, "")) == {"as-written"}


@given(st.lists(st.sampled_from((*_SPOOFS, "> ", "- ", "    ", "\n", "\n\n", "x", "|", "~~~\n"))))
def test_no_mixture_of_them_does(parts: list[str]) -> None:
    text = "".join(parts)
    assert classes(note_html(text)) <= NOTE_CLASSES
    assert classes(file_html(text, 1, NONE)) <= NOTE_CLASSES
