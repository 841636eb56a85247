import pytest

from assistant.answering.saying import said_of
from tests.assistant.found_notes import notes_of

NOTE = notes_of("# T\n\nText.")[0]


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("   ```sh\n   ls\n     -l\n   ```", "```sh\nls\n  -l\n```"),
        ("    ~~~\n    ls\n    ~~~", "~~~\nls\n~~~"),
        ("Do:\n\n    ```sh\n    ls\n    ```", "Do:\n\n```sh\nls\n```"),
        ("```sh\nls", "```sh\nls\n```"),
        ("````\n```\n````", "````\n```\n````"),
        ("One\n> two.", "One\ntwo."),
        ("> One\n> two.", "> One\n> two."),
    ],
)
def test_code_stands_in_a_fence_of_its_own(quote: str, said: str) -> None:
    assert said_of(NOTE, quote, is_cut=False) == said


def test_code_that_is_cut_out_of_its_fence_gets_one() -> None:
    assert said_of(NOTE, "ls -l", is_cut=True) == "```\nls -l\n```"
