"""Text from PDFs can be searched: its words apart, its sentences whole, its characters ones."""

from assistant.adding.pdf_text import with_ideographs, with_lines_joined
from tests.assistant.adding.documents import pdf_of
from tests.assistant.adding.dropping import Vault

# Three columns on every line, which markitdown takes for a form, and a page of words that are
# parted by small gaps and no spaces.
_ROWS = "".join(
    f"1 0 0 1 {x} {y} Tm ({word}) Tj "
    for y in range(700, 400, -20)
    for x, word in ((72, "name"), (250, "value"), (430, "unit"))
)
_WORDS = "the index keeps what it knows and reads the rest again when asked".split()
_GAPS = " -240 ".join(f"({word})" for word in _WORDS)


def test_radicals_become_characters() -> None:
    assert with_ideographs("⽤⻓⽂，表⽰ a⻚") == "用长文，表示 a页"


def test_a_long_chinese_line_goes_on_in_the_next() -> None:
    first, second = "这是一段足够长的中文，用来看看换行之后的句", "子会不会断开。"
    assert with_lines_joined(f"{first}\n{second}\n\n下一段") == f"{first}{second}\n\n下一段"


def test_short_and_latin_lines_stay() -> None:
    text = "第一章\n概述\na line of English words that is long\nand goes on"
    assert with_lines_joined(text) == text


def test_words_are_apart_where_a_page_looks_like_a_form(vault: Vault) -> None:
    content = f"BT /F1 12 Tf {_ROWS} 1 0 0 1 72 380 Tm [{_GAPS}] TJ ET".encode()
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    vault.drop(("a.pdf", pdf_of(stream)))
    assert " ".join(_WORDS) in " ".join(vault.text("added/a.md").split())
