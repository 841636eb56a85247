from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import read_document
from index.measuring.known_items import Item, OwnNote, Wording, find_items, is_telling, sample_items


def own_notes(**files: str) -> list[OwnNote]:
    return [
        OwnNote("vault", Path("/vault"), note)
        for name, text in files.items()
        for note in read_document(name.replace("__", ".").replace("_", "-"), text.encode()).notes
    ]


def asked(**files: str) -> list[tuple[str, str]]:
    return [(item.wording.value, item.query) for item in find_items(own_notes(**files))]


def test_a_heading_asks_for_its_section() -> None:
    assert asked(
        net__md="# Keepalive defaults\n\nTwo hours.\n\n## SYN flood\n\nUse cookies.\n"
    ) == [("heading", "Keepalive defaults"), ("heading", "SYN flood")]


def test_a_remark_or_a_title_asks_for_its_row() -> None:
    table = (
        "| 标题 | 内容 | 备注 |\n|--|--|--|\n| A crate | rayon | 并行计算库 |\n| Moves | take | |\n"
    )
    assert asked(memo__md=table) == [("remark", "并行计算库"), ("title", "Moves")]


def test_a_title_asks_for_a_link_a_snippet_a_quote_or_a_file() -> None:
    links = (
        "- [Raft](http://a.org/r) — consensus made simple\n- [BERT](http://a.org/b) masks words\n"
    )
    snippets = "Undo a commit\n\n```\ngit reset\n```\n\nFree space\n\n```\ndf -h\n```\n"
    assert asked(
        links__md=links,
        snippets__md=snippets,
        quote__md="> cgroup\n- memory limits\n- cpu shares\n",
        descale_the_kettle__txt="Use citric acid.",
        front__md="---\ntitle: Rice on the stove\n---\n\nOne cup of rice.\n",
    ) == [
        ("title", "Raft"),
        ("title", "BERT"),
        ("title", "Undo a commit"),
        ("title", "Free space"),
        ("title", "cgroup"),
        ("title", "descale the kettle"),
        ("title", "Rice on the stove"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"a__md": "# Kettle\n\nDescale it.\n", "b__md": "# kettle!\n\nFill it.\n"},
        {"a__md": "# Kettle\n\nDescale it.\n\n# Kettle\n\nFill it.\n"},
        {"a__md": "# Kettle\n\nDescale it.\n", "b__md": "# Kettle\n\n| 内容 |\n|--|\n| x y |\n"},
        {
            "a__md": "# 并行计算\n\n- [x](http://a.org)\n- [y](http://b.org)\n",
            "b__md": "| 内容 | 备注 |\n|--|--|\n| rayon | 并行计算 |\n",
        },
    ],
)
def test_words_that_name_several_notes_ask_for_none(files: dict[str, str]) -> None:
    assert asked(**files) == []


@pytest.mark.parametrize(
    "text",
    [
        "# Kettle\n",
        "# Kettle\n\nhttps://example.org/kettle\n",
        "# Kettle\n\n![](kettle.png)\n",
        "| 内容 | 来源 | 备注 | 类型 |\n|--|--|--|--|\n| http://a.org/x.pdf | 课 | rpc 思想 | paper |\n",
        "- [Raft](http://a.org/r)\n- [BERT](http://a.org/b)\n",
    ],
)
def test_a_note_that_says_nothing_else_is_not_asked_for(text: str) -> None:
    assert asked(a__md=text) == []


@pytest.mark.parametrize(
    "words",
    ["TODO", "the", "Notes", "参考", "参考资料", "See also", "90", "2024-01-31", "的", "C", "?"],
)
def test_words_that_say_nothing_ask_for_nothing(words: str) -> None:
    assert not is_telling(words)
    assert asked(a__md=f"# {words}\n\nDescale it with acid.\n") == []


@pytest.mark.parametrize(
    "words", ["TCP", "用于类型转换", "rpc思想的诞生", "Cold radiator", "锁的参考"]
)
def test_words_that_say_something_ask(words: str) -> None:
    assert is_telling(words)


def items(headings: int, remarks: int, titles: int) -> list[Item]:
    counts = {Wording.HEADING: headings, Wording.REMARK: remarks, Wording.TITLE: titles}
    wordings = [wording for wording, count in counts.items() for _ in range(count)]
    return [Item(wording, f"query {at}", at) for at, wording in enumerate(wordings)]


def test_a_sample_has_as_many_of_each_wording_as_there_can_be() -> None:
    chosen = sample_items(items(headings=100, remarks=3, titles=20), 33)
    counts = {w.value: sum(item.wording is w for item in chosen) for w in Wording}
    assert counts == {"heading": 15, "remark": 3, "title": 15}


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 60))
def test_a_sample_is_as_large_as_it_may_be_and_the_same_each_time(
    headings: int, remarks: int, titles: int, most: int
) -> None:
    found = items(headings, remarks, titles)
    chosen = sample_items(found, most)
    assert len(chosen) == min(most, len(found))
    assert chosen == sample_items(found, most)
    assert [item.position for item in chosen] == sorted({item.position for item in chosen})
