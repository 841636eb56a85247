from dataclasses import replace

import pytest

from assistant.answering.quotable import LONGEST, Quotable, quotables
from corpus.note import Kind, Span
from index.finding.hit import Hit
from tests.assistant.found_notes import hit_of, notes_of

FILLER = "Plain filler goes here for a while. " * 6


def hit_in(text: str, passage: str = "") -> Hit:
    """The first note of the text; `passage` is what of it was found, all where it is empty."""
    hit = hit_of(notes_of(text)[0])
    if not passage:
        return hit
    start = hit.note.span.start + hit.note.text.index(passage)
    return replace(hit, passage=Span(start, start + len(passage)))


def texts(found: list[Quotable]) -> list[str]:
    return [one.text for one in found]


def test_a_short_note_is_never_parted() -> None:
    assert texts(quotables(1, hit_in("# T\n\nOne. Two. Three."))) == ["One. Two. Three."]


def test_a_longer_note_is_parted_into_sentences_items_and_code() -> None:
    found = quotables(1, hit_in(f"# T\n\n{FILLER}\n\n- An item.\n\n1. A step.\n\n```sh\nls\n```"))
    assert texts(found)[-3:] == ["An item.", "A step.", "```sh\nls\n```"]
    assert [(one.is_item, one.is_step, one.is_code) for one in found[-3:]] == [
        (True, False, False),
        (True, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("|内容|类型|\n|-|-|\n|%s|tip|" % ("一句。又一句。" * 30), Kind.ROW),
        ("List:\n\n```sh\n%s\n```\n\nGo:\n\n```sh\ncd\n```" % ("ls -l\n" * 60), Kind.CODE),
    ],
)
def test_rows_and_snippets_are_never_cut(text: str, kind: Kind) -> None:
    hit = hit_in(text)
    assert hit.note.kind is kind
    assert texts(quotables(1, hit)) == [hit.note.body_text]


def test_a_sentence_that_the_passage_cuts_is_quoted_whole() -> None:
    hit = hit_in(f"# T\n\n{FILLER} The kettle boils at once. {FILLER}", "kettle boils")
    assert texts(quotables(1, hit)) == ["The kettle boils at once."]


def test_beyond_the_passage_the_whole_note_can_be_quoted() -> None:
    hit = hit_in(f"# T\n\n{FILLER} The kettle boils at once. {FILLER}", "kettle boils")
    assert len(quotables(1, hit, beyond=True)) == 13


def test_of_a_very_long_snippet_only_what_was_found_is_quoted() -> None:
    lines = "\n".join(f"line {n}" for n in range(LONGEST // 5))
    (code,) = quotables(1, hit_in(f"# T\n\n```\n{lines}\n```", "line 7\nline 8"))
    assert (code.text, code.is_code) == ("line 7\nline 8", True)


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [
        ("![diagram](a.png)", True),
        ("[source](https://a.example/b)", True),
        ("https://a.example/b", True),
        ("See [the docs](https://a.example/b).", False),
        ("Text.", False),
    ],
)
def test_an_image_or_a_link_alone_is_bare(text: str, is_bare: bool) -> None:
    assert quotables(1, hit_in(f"# T\n\n{FILLER}\n\n{text}"))[-1].is_bare is is_bare
