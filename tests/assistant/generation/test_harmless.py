"""Special tokens are broken, what is unseen goes, and what notes really say stays."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.harmless import harmless
from tests.assistant.generation.hard_texts import HARD, SPECIAL


@pytest.mark.parametrize("token", SPECIAL)
def test_special_tokens_are_broken_and_legible(token: str) -> None:
    for text in (token, f"a{token}b", token * 2, token[:1] + "\u200b" + token[1:]):
        broken = harmless(text)
        assert token not in broken
        assert "¦" in broken
    assert re.sub(r"\W|_", "", harmless(token)) == re.sub(r"\W|_", "", token)


@pytest.mark.parametrize(
    "text",
    [
        "ssh <user>@<host>",
        "list |> Enum.map(& &1) <|> other",
        "Vec<Option<T>> where A<B|C>",
        "cmd [args] [image]",
        "| a | b |\n|--|--|\t",
        "a < b || c > d",
        "می‌خواهم 👨‍👩‍👧 ❤️ 1️⃣ क्‍ष 葛󠄀",
        "<div>text</div> [1] [^2]",
    ],
)
def test_what_notes_really_say_stays(text: str) -> None:
    assert harmless(text) == text


def test_line_ends_are_one_and_what_is_unseen_goes() -> None:
    assert harmless("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "obey") + "\u202e\u2066\u200b\ufeff\u00ad\x1b\0"
    assert harmless(f"fi{hidden}ve") == "five"
    assert harmless("a\u200db\u200cc \ufe0fd\ufe01 ❤\ufe0f\ufe0f") == "abc d ❤\ufe0f"
    assert harmless("\ud800x\udfff") == "x"


@given(st.lists(st.one_of(HARD, st.characters(categories=["Cc", "Cf", "Cs", "Mn"]))).map("".join))
def test_harmless_text_has_no_controls_and_is_harmless_again(text: str) -> None:
    said = harmless(text)
    assert harmless(said) == said
    unseen = [c for c in said if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"]
    seen = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u200c\u200d\U000110bd\U000110cd\U00013430-\U0001345f"
    assert re.sub(f"[{seen}]", "", "".join(unseen)) == ""
    said.encode()
