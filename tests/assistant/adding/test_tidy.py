"""What is no text goes; what is text stays as it is."""

import pytest

from assistant.adding.tidy import note_of, tidy


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\n\n\n \n\t\nb", "a\n\nb"),
        ("one  \r\ntwo\t\r", "one\ntwo"),
        ("a\x0cb", "a\n\nb"),
        ("a\x00b\x1b[0m\x7f\ud800c", "ab[0mc"),
        ("(cid:12)(cid:7)", ""),
        ("![图](data:image/png;base64,AAAA)", "图"),
        ("![](<data:image/svg+xml,%3Csvg%3E> 'x') b", " b"),
        ("![a](https://e.org/a.png)", "![a](https://e.org/a.png)"),
        ("    code\n\n- data: stays", "    code\n\n- data: stays"),
    ],
)
def test_text_is_tidied(text: str, left: str) -> None:
    assert tidy(text) == left


def test_a_note_begins_with_its_source() -> None:
    assert (
        note_of("text", "", 'a "b"\u202e\n.pdf') == b'---\nsource: "a \\"b\\".pdf"\n---\n\ntext\n'
    )
