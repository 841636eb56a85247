"""What a reasoning model thinks aloud is left out, however the text is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.thinking import ThinkingFilter


def shown(*pieces: str) -> str:
    filter_ = ThinkingFilter()
    return "".join([*map(filter_.feed, pieces), filter_.finish()])


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Five eggs.", "Five eggs."),
        ("<think>four? five!</think>Five eggs.", "Five eggs."),
        ("<think>\nfour?\n</think>\n\nFive eggs.", "Five eggs."),
        ("\n <think>four?</think>\n<think>five!</think>\nFive eggs.", "\n Five eggs."),
        ("Five eggs.\n<think>more?</think>\nNo more.", "Five eggs.\nNo more."),
        ("<think>it never ends", ""),
        ("<think>a < b </thin </think>Five", "Five"),
        ("The tag <think> begins a thought.", "The tag <think> begins a thought."),
        ("`<think>` and </think> are tags.", "`<think>` and </think> are tags."),
        ("<b>Five</b>\n<thin ice>", "<b>Five</b>\n<thin ice>"),
        ("Five\n<think", "Five\n<think"),
        ("if a < b", "if a < b"),
        ("", ""),
    ],
)
def test_thoughts_are_left_out_and_all_else_stays(said: str, answer: str) -> None:
    assert shown(said) == answer
    assert shown(*said) == answer


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "<th", "\n", " ", "five", "ink>"])))
def test_it_does_not_matter_where_pieces_end(pieces: list[str]) -> None:
    assert shown(*pieces) == shown("".join(pieces)) == shown(*"".join(pieces))


def test_text_is_shown_as_soon_as_it_can_be_no_tag() -> None:
    filter_ = ThinkingFilter()
    assert [filter_.feed(piece) for piece in ("Fi", "ve\n", "<th", "ird>", " <think>")] == [
        "Fi",
        "ve\n",
        "",
        "<third>",
        " <think>",
    ]
