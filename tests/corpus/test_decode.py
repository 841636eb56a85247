import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.decode import Decoded, NotText, decode

TYPED = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\t\n\r")
)
SENTENCES = (
    "数据库的锁有多种粒度，行锁比表锁更细。\n",
    "这是一个关于网络的笔记：VXLAN 如何封装？\r\n",
    "什么是并行计算库？rayon 是其中之一。",
    "他们在会议上讨论了错误的原因和解决方法。",
)
CHINESE = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("".join)


@given(TYPED)
def test_any_text_in_utf_8_comes_back(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8", 0)


@given(CHINESE, st.sampled_from(["gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_chinese_text_comes_back(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))

    assert (decoded.text, decoded.replaced) == (text, 0)


@given(st.binary())
def test_bytes_are_text_or_named_as_no_text(data: bytes) -> None:
    try:
        text = decode(data).text
    except NotText as error:
        text = error.reason
    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("café", "cp1252"),
        ("L’été à la plage – où est-il ?", "cp1252"),
        ("10 °C", "cp1252"),
        ("naïve façade", "cp1252"),
        ("這個問題是關於資料庫的設計，我們應該注意。", "cp950"),
        ("これは日本語のメモです。", "cp932"),
        ("데이터베이스 잠금에 대하여", "cp949"),
        ("Привет, мир! Это заметка о базах данных и блокировках.", "cp1251"),
    ],
)
def test_text_of_another_time_is_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_a_mark_at_the_start_of_utf_8_is_kept() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb") == Decoded("\ufeffa\r\nb", "utf-8", 0)


def test_broken_bytes_are_replaced_and_counted() -> None:
    assert decode("数据\ufffd库".encode() + b"\xff" + "的锁".encode()) == Decoded(
        "数据\ufffd库\ufffd的锁", "utf-8", 1
    )


def test_a_stray_nul_does_not_make_a_note_binary() -> None:
    assert decode(b"a long line of text\0 and more") == Decoded(
        "a long line of text\0 and more", "utf-8", 0
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text: a PNG image"),
        (b"%PDF-1.4\n1 0 obj\nendobj\n", "not text: a PDF document"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\xff", "not text: a ZIP archive or an office document"),
        (bytes(range(256)) * 4, "not text: binary data"),
        (bytes(range(253, 127, -1)), "not text in an encoding that is known here"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(NotText) as caught:
        decode(data)

    assert caught.value.reason == reason


def test_noise_is_refused() -> None:
    with pytest.raises(NotText):
        decode(os.urandom(4096))


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode(b"") == Decoded("", "utf-8", 0)
