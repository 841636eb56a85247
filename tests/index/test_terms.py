import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import LONGEST_TERM, Token, analyze, analyze_query, tokens

MIXED = st.text() | st.text("锁的鎖體ab Z09.:-_+#',/，．é́ ｶﾞがか\u3099한ᄒ각ß…½", max_size=30)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("mem::transmute", ["mem::transmute", "mem", "transmut"]),
        ("derive_more", ["derive_more", "deriv", "more"]),
        ("HttpDNS", ["httpdns", "http", "dns"]),
        ("IPv6", ["ipv6"]),
        ("C++", ["c++"]),
        ("C++11", ["c++11", "c++"]),
        ("C#", ["c#"]),
        (".NET", [".net", "net"]),
        ("std::vec::Vec", ["std::vec::vec", "std", "vec", "vec"]),
        ("foo.bar()", ["foo.bar", "foo", "bar"]),
        ("x86_64", ["x86_64", "x86", "64"]),
        ("--no-cache", ["--no-cache", "no-cache", "no", "cach"]),
        ("apt-get", ["apt-get", "apt", "get"]),
        ("the URLs", ["the", "url"]),
        ("24 3.14 1706.03762 1,234", ["24", "3.14", "1706.03762", "1234"]),
        ("https://a.io/x/y", ["https", "a.io", "a", "io", "x", "y"]),
    ],
)
def test_identifiers_numbers_and_addresses_are_terms_whole_and_in_parts(
    text: str, terms: list[str]
) -> None:
    assert analyze(text) == terms


def test_a_note_has_its_characters_and_bigrams() -> None:
    assert analyze("VXLAN的粒度") == ["vxlan", "的", "粒", "度", "的粒", "粒度"]


def test_a_question_has_bigrams_and_lone_characters() -> None:
    assert analyze_query("VXLAN粒度") == ["vxlan", "粒度"]
    assert analyze_query("锁") == ["锁"]


def test_a_character_between_stop_words_is_asked_for() -> None:
    assert "锁" in analyze_query("什么是锁?")


def test_stop_words_are_left_out_of_a_question_unless_nothing_else_is_in_it() -> None:
    assert analyze_query("what is the Lock of a database?") == ["lock", "databas"]
    assert analyze_query("什么") == ["什么"]
    assert analyze_query("the who") == ["the", "who"]


def test_a_question_has_each_term_once() -> None:
    assert analyze_query("lock Lock locks 锁 锁") == ["lock", "锁"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("軟體工程", "软体工程"), ("Ｒｕｓｔ", "rust"), ("Café", "cafe"), ("don’t", "DONT")],
)
def test_writings_of_one_word_are_one_term(one: str, other: str) -> None:
    assert analyze(one) == analyze(other)


def test_a_token_says_where_it_stands_though_normalizing_moves_it() -> None:
    assert tokens("½ Ａ鎖cafe\u0301")[2:] == [
        Token("a", 2, 3),
        Token("锁", 3, 4),
        Token("cafe", 4, 9),
    ]


@given(MIXED)
def test_tokens_are_the_terms_and_lie_in_the_text(text: str) -> None:
    found = tokens(text)

    assert [token.term for token in found] == analyze(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)


@given(MIXED)
def test_a_term_is_safe_to_store(text: str) -> None:
    for term in analyze(text) + analyze_query(text):
        assert 0 < len(term) <= LONGEST_TERM
        assert all(
            character.isalnum() or character in "#+-.:_" or not character.isascii()
            for character in term
        )
        assert not re.search(r"[\sA-Z]", term)


@given(MIXED)
def test_every_text_is_found_by_itself(text: str) -> None:
    assert set(analyze_query(text)) <= set(analyze(text))


def test_a_word_that_is_absurdly_long_is_no_term() -> None:
    assert analyze("a" * 65 + " b") == ["b"]
