import pytest

from index.mapping.words import Cutter, Word, prose


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return Cutter()


def surfaces(cutter: Cutter, text: str) -> list[str]:
    return [word.surface for word in cutter.cut([text])[0]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How to use the garbage collector?", ["garbage", "collector"]),
        ("mem::transmute and pg_stat in C++", ["mem::transmute", "pg_stat", "C++"]),
        ("it's Git's job, don’t 404", ["Git", "job"]),
        ("为什么数据库的索引会失效？", ["数据库", "索引", "失效"]),
        ("資料庫索引", ["資料", "庫", "索引"]),
        ("一个布隆过滤器", ["布", "隆", "过滤器"]),
        ("用Redis做缓存", ["Redis", "缓存"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_what_it_is_about(cutter: Cutter, text: str, words: list[str]) -> None:
    assert surfaces(cutter, text) == words


def test_forms_of_a_word_have_one_term_and_words_know_what_they_follow(cutter: Cutter) -> None:
    assert cutter.cut(["Hash tables, a table.\n垃圾回收"]) == [
        [
            Word("hash", "Hash", False),
            Word("tabl", "tables", True),
            Word("tabl", "table", False),
            Word("垃圾", "垃圾", False),
            Word("回收", "回收", True),
        ]
    ]


def test_nothing_is_joined_to_a_lone_character(cutter: Cutter) -> None:
    (words,) = cutter.cut(["网络备忘 数据库索引"])
    assert [(word.surface, word.follows) for word in words] == [
        *(("网络", False), ("备", False), ("忘", False), ("数据库", False), ("索引", True)),
    ]


def test_code_pictures_and_addresses_are_no_prose() -> None:
    text = (
        "See [the page](https://a.org/x_(y)) and ![a picture](b.png)\n"
        "```sh\nrm -r secret\n```\n<br> https://b.org/long done\n~~~\nnever closed\n"
    )
    assert prose(text).split() == "See [the page] ) and done".split()


def test_texts_are_cut_apart(cutter: Cutter) -> None:
    texts = ["索引", "", "garbage 索引", "缓存"]
    assert [[word.surface for word in words] for words in cutter.cut(texts)] == [
        ["索引"],
        [],
        ["garbage", "索引"],
        ["缓存"],
    ]
