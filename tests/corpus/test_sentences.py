import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import part_sentences


def parted(text: str) -> list[str]:
    return [sentence.span.of(text) for sentence in part_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("第一句。第二句！“第三句？”第四", ["第一句。", "第二句！", "“第三句？”", "第四"]),
        ("Version 1.2 of e.g. this is vs. that.", ["Version 1.2 of e.g. this is vs. that."]),
        ("- item one\n- item two。完", ["item one", "item two。", "完"]),
        (
            "> A long line is\n> wrapped. It ends.\n>\n> - an\n>   item",
            ["A long line is\n> wrapped.", "It ends.", "an\n>   item"],
        ),
        ("> > deep\n> > down", ["deep\n> > down"]),
        ("before\n> after", ["before", "after"]),
        ("> cgroup\n- CPU 子系统；\n1. 第一", ["cgroup", "CPU 子系统；", "第一"]),
        ("# Head\ntext\nwraps on.", ["Head", "text\nwraps on."]),
        ("a\n\nb", ["a", "b"]),
        ("**加粗。** 后面。**又**粗。", ["**加粗。**", "后面。", "**又**粗。"]),
        ("**1. 标题**", ["**1. 标题**"]),
        ("By using the `...` syntax. Done.", ["By using the `...` syntax.", "Done."]),
        (
            "See vol. 2 and no. 5 at 3 p.m. sharp. End.",
            ["See vol. 2 and no. 5 at 3 p.m. sharp.", "End."],
        ),
        ("It is 5. Then 6.", ["It is 5.", "Then 6."]),
        ("1. one\n\n    ```sh\n    ls. Go\n    ```", ["one", "    ```sh\n    ls. Go\n    ```"]),
        ("", []),
        ("---\n***", []),
    ],
)
def test_text_is_parted_into_sentences(text: str, sentences: list[str]) -> None:
    assert parted(text) == sentences


def test_a_code_block_stays_whole() -> None:
    text = "Run:\n```sh\nls. Really.\n\npwd\n```\nDone."
    found = part_sentences(text)
    assert [(s.is_code, s.span.of(text)) for s in found] == [
        (False, "Run:"),
        (True, "```sh\nls. Really.\n\npwd\n```"),
        (False, "Done."),
    ]


@given(st.text(alphabet="ab。.!？ \n-`>#1", max_size=80))
def test_sentences_are_in_order_and_hold_every_word(text: str) -> None:
    at = 0
    for sentence in part_sentences(text):
        assert at <= sentence.span.start < sentence.span.end <= len(text)
        at = sentence.span.end
    assert "".join(parted(text)).count("a") == text.count("a")
