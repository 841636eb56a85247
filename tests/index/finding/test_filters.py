import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.finding.filters import FIELDS, About, Query, Remark, parse_query, words_of


def left_out(word: str) -> Remark:
    return Remark(About.LEFT_OUT, word)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("plain words", Query("plain words")),
        ("type:paper rpc", Query("rpc", wanted={"type": ("paper",)})),
        (
            'source:"crates.io" type:a type:b type:a',
            Query("", {"source": ("crates.io",), "type": ("a", "b")}),
        ),
        ("x -type:tip -type:a", Query("x", unwanted={"type": ("tip", "a")})),
        ('find "exact phrase" here', Query("find exact phrase here", phrases=("exact phrase",))),
        ('x -"a phrase"', Query("x", without=("a phrase",))),
        ("after:2024-01-01 n", Query("n", wanted={"after": ("2024-01-01",)})),
        (
            "after:2024 before:2024-06 date:2024年5月",
            Query("", {"after": ("2024",), "before": ("2024-06",), "date": ("2024年5月",)}),
        ),
        (
            "Type:a path:/net/ tag:#x",
            Query("", {"type": ("a",), "path": ("/net/",), "tag": ("#x",)}),
        ),
        (
            "类型：paper 文件夹:net －语言:zh",
            Query("", {"type": ("paper",), "path": ("net",)}, {"lang": ("zh",)}),
        ),
        ("“精确 短语” 「锁」", Query("精确 短语 锁", phrases=("精确 短语", "锁"))),
        ('a"b c"d', Query("a b c d", phrases=("b c",))),
        ('"" x', Query("x")),
    ],
)
def test_filters_are_parted_from_words(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    "text",
    [
        *("std::mem path::PathBuf", "http://a.org source://x", "a-b 10:30", "range -1 to 5"),
        *("gcc -O2 -j8 -p", "git commit --amend", "g++ -std=c++20", "- word", "(type:a)", "data:x"),
    ],
)
def test_code_and_options_are_words_without_a_remark(text: str) -> None:
    assert parse_query(text) == Query(text)


def test_a_word_after_a_hyphen_is_left_out_and_the_reader_is_told() -> None:
    assert parse_query("x -word -锁 -C++") == Query(
        "x",
        without=("word", "锁", "C++"),
        notices=(left_out("word"), left_out("锁"), left_out("C++")),
    )


@pytest.mark.parametrize(
    ("text", "words", "problem"),
    [
        ("after:soon n", "after:soon n", Remark(About.NO_DATE, "after:soon")),
        ("before:2024-13", "before:2024-13", Remark(About.NO_DATE, "before:2024-13")),
        ("type: paper", "type: paper", Remark(About.NO_VALUE, "type:")),
        ('-来源："" x', "-来源： x", Remark(About.NO_VALUE, '-来源：""')),
        ("typ:paper", "typ:paper", Remark(About.NO_FIELD, "typ:paper", ("type",))),
        ("tpye:x", "tpye:x", Remark(About.NO_FIELD, "tpye:x", ("type",))),
        ("soruce:x", "soruce:x", Remark(About.NO_FIELD, "soruce:x", ("source",))),
        ("langs:zh", "langs:zh", Remark(About.NO_FIELD, "langs:zh", ("lang",))),
        ('an "open quote', "an open quote", Remark(About.OPEN_QUOTE)),
    ],
)
def test_a_malformed_filter_is_searched_as_words_and_told(
    text: str, words: str, problem: Remark
) -> None:
    assert parse_query(text) == Query(words, problems=(problem,))


def test_filters_after_the_hundredth_are_words() -> None:
    query = parse_query(" ".join(f"type:t{n}" for n in range(101)))
    assert (len(query.wanted["type"]), query.words) == (100, "type:t100")
    assert query.problems == (Remark(About.TOO_MANY, "100"),)


_SIGNS = ["类型：", "typ:", "-", '"', "“", "」", " ", "\u3000", ":", "/", "\0", "\ud800"]
_WORDS = ["2024-01", "-O2", "--all", "锁", "word", "x'; DROP TABLE notes; --"]
PIECES = st.sampled_from([*(f"{name}:" for name in FIELDS), *_SIGNS, *_WORDS])
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS)
def test_whatever_is_typed_is_read_and_no_word_is_lost(text: str) -> None:
    query = parse_query(text)
    values = [value for fields in (query.wanted, query.unwanted) for value in fields.values()]
    names = [name for fields in (query.wanted, query.unwanted) for name in fields]
    written = ["类型"] if "type" in names else []
    kept = " ".join([query.words, *query.without, *sum(values, ()), *names, *written]).lower()
    assert [word for word in re.findall(r"\w+", text) if word.lower() not in kept] == []


@given(st.dictionaries(st.sampled_from([*FIELDS, "phrase", "without"]), st.lists(TEXTS)), TEXTS)
def test_arguments_are_taken_whatever_they_are(fields: dict[str, list[str]], text: str) -> None:
    query = parse_query(text).also(fields)
    assert set(query.wanted) <= set(FIELDS)
    assert all(value.strip() for value in (*query.phrases, *query.without))


def test_controls_join_what_was_typed() -> None:
    query = parse_query("type:a x").also(
        {"type": ("b",), "lang": ("zh",), "kind": (), "phrase": ('"p q"',), "without": ("-O2",)}
    )
    assert query == Query(
        "x p q", {"type": ("a", "b"), "lang": ("zh",)}, phrases=("p q",), without=("-O2",)
    )
    assert parse_query("x").also({"after": ("soon",)}) == parse_query("x after:soon")


def test_a_box_of_words_holds_words_and_phrases() -> None:
    assert words_of(' cargo -锁 “path dependency” ""') == ("cargo", "锁", "path dependency")
