import pytest

from assistant.answering.belonging import belonging
from assistant.answering.quotable import quotables
from tests.assistant.found_notes import hit_of, notes_of

FILLER = "Plain filler goes here for a while. " * 6
CODE = "```sh\nls\n```"


def read_with(text: str, sentence: str) -> list[str]:
    """What reads together with a sentence of a note."""
    found = quotables(1, hit_of(notes_of(f"# T\n\n{FILLER}\n\n{text}")[0]))
    (one,) = (other for other in found if other.text == sentence)
    return [other.text for other in belonging(one, found)]


@pytest.mark.parametrize(
    ("text", "sentence", "together"),
    [
        (f"Run this:\n\n{CODE}", "Run this:", ["Run this:", CODE]),
        (f"**这样写：**\n\n{CODE}", CODE, ["**这样写：**", CODE]),
        (f"List files\n\n{CODE}", "List files", ["List files", CODE]),
        (f"It lists files.\n\n{CODE}", "It lists files.", ["It lists files."]),
        (f"It lists files.\n\n{CODE}", CODE, [CODE]),
        ("Three:\n\n- a\n- b\n- c\n\nEnd.", "Three:", ["Three:", "a", "b", "c"]),
        ("Three:\n\n- a\n- b", "b", ["b"]),
        ("Why:\n\nBecause. And more.", "Why:", ["Why:", "Because."]),
        ("Last:", "Last:", ["Last:"]),
    ],
)
def test_captions_and_lists_read_with_what_they_announce(
    text: str, sentence: str, together: list[str]
) -> None:
    assert read_with(text, sentence) == together


def test_a_long_list_is_not_quoted_to_its_end() -> None:
    items = "\n".join(f"- item {n} of a very long list of things" for n in range(40))
    assert 5 < len(read_with(f"All:\n\n{items}", "All:")) < 15
