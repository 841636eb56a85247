"""The search page: what its form asks for, and what comes back."""

import re
from html import unescape
from typing import Any

import pytest

from assistant.app.facets_html import FIELDS, facets_html
from assistant.app.found_html import found_html
from assistant.app.handlers import count_values
from assistant.app.search_form import Wanted, form_html, wanted_of
from assistant.assistant import Assistant
from tests.assistant.shown_html import shown
from tests.assistant.small_vault import assistant_over

TOOLS = "| 内容 | 类型 | date |\n|--|--|--|\n"
FILES = {
    "tools.md": f"{TOOLS}| lock file | tip | 2024-01-02 |\n| lock pick | paper | 2023 |\n",
    "net/lock.md": "# Lock\n\nA canal lock raises boats. Tea is at noon. The keeper sleeps. #water\n",
    "zh.md": "# 锁\n\n不要抱着锁。\n",
}
EMPTY: dict[str, Any] = {**{name: [] for name in FIELDS}, "without": ()}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant_over(tmp_path_factory.mktemp("vault"), {**FILES})


def titles(html: str) -> list[str]:
    labels = re.findall(r'<article class="card"[^>]* aria-label="[^":：]*[:：] ?([^"]*)"', html)
    return [unescape(label).partition(" | ")[0] for label in labels]


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ({}, Wanted(fields=EMPTY)),
        ({"query": [], "count": [], "order": [], "mode": []}, Wanted(fields=EMPTY)),
        ({"query": [""], "phrase": ["  "], "without": [""]}, Wanted(fields=EMPTY)),
        ({"query": [" a b "]}, Wanted(" a b ", fields=EMPTY)),
        ({"query": ["a", "b"]}, Wanted("a", fields=EMPTY)),
        (
            {"count": ["50"], "mode": ["terms"], "order": ["newest"], "facets": True},
            Wanted("", 50, "terms", "newest", EMPTY),
        ),
        ({"mode": ["odd"], "order": ["odd"]}, Wanted("", 10, "odd", "odd", EMPTY)),
        (
            {"type": ["tip", "paper"], "path": ["/a/"], "unknown": ["x"]},
            Wanted(fields=EMPTY | {"type": ["tip", "paper"], "path": ["/a/"]}),
        ),
        (
            {"phrase": [" a b "], "after": ["2024"], "before": ["soon"]},
            Wanted(fields=EMPTY | {"phrase": ["a b"], "after": ["2024"], "before": ["soon"]}),
        ),
        (
            {"without": ['cargo "path dependency" -x']},
            Wanted(fields=EMPTY | {"without": ("cargo", "path dependency", "x")}),
        ),
    ],
)
def test_the_form_asks_for_what_was_filled_in(form: dict[str, Any], wanted: Wanted) -> None:
    assert wanted_of(form) == wanted


@pytest.mark.parametrize("count", ["", "many", "10.5", "9" * 5000])
def test_a_count_that_is_none_is_told(assistant: Assistant, count: str) -> None:
    assert (
        "Ask for 1 to 1,000."
        in found_html(assistant, {"query": ["a"], "count": [count]}, "en")["results"]
    )


@pytest.mark.parametrize("form", [{"type": None}, {"query": 5}])
def test_values_that_are_no_lists_are_told(assistant: Assistant, form: dict[str, Any]) -> None:
    assert found_html(assistant, form, "en")["results"]


def test_the_form_is_in_the_readers_language(assistant: Assistant) -> None:
    counts = count_values(assistant, "", {})
    assert isinstance(counts, dict)
    english, chinese = (form_html(counts, language) for language in ("en", "zh"))
    assert options(english) == {
        "order": ["best Best first", "newest Newest first", "oldest Oldest first", "file By file"],
        "mode": ["hybrid Both", "dense Meaning", "terms Words"],
        "count": ["5 5", "10 10", "20 20", "50 50"],
    }
    assert options(chinese) == {
        "order": ["best 最相关的在前", "newest 最新的在前", "oldest 最旧的在前", "file 按文件"],
        "mode": ["hybrid 综合", "dense 语义", "terms 词语"],
        "count": ["5 5", "10 10", "20 20", "50 50"],
    }
    labels = [re.findall(r"<label[^>]*><span>(.*?)</span>", html) for html in (english, chinese)]
    assert labels == [
        [
            *("Exact phrase", "Without these words", "From (day, month or year)"),
            *("Until (included)", "Sort", "Search by", "Results"),
        ],
        [
            "完整短语",
            "不含这些词",
            "起始（年、月或日）",
            "截止（包含在内）",
            "排序",
            "搜索方式",
            "结果数",
        ],
    ]
    assert "Type some words, or choose a filter." in english
    assert "输入词语，或选一个筛选条件。" in chinese
    assert '<button type="button" id="clear-filters">清除筛选</button>' in chinese
    for html, language in ((english, "en"), (chinese, "zh")):
        assert f'<div id="facets">{facets_html(counts, {}, language)}</div>' in html


def options(html: str) -> dict[str, list[str]]:
    """Each list to choose from, with its values and what they are called."""
    return {
        name: [
            " ".join(one)
            for one in re.findall(r'<option value="(\w+)"(?: selected)?>(.*?)</option>', inside)
        ]
        for name, inside in re.findall(r'<select name="(\w+)">(.*?)</select>', html)
    }


def test_what_the_form_sends_is_what_is_read(assistant: Assistant) -> None:
    counts = count_values(assistant, "", {})
    assert isinstance(counts, dict)
    names = set(re.findall(r'<(?:input|select) [^>]*?\bname="(\w+)"', form_html(counts, "en")))
    assert names == {"query", "order", "mode", "count", "phrase", "without", "after", "before"} | {
        name for name in FIELDS if counts[name]
    }


def test_dates_are_asked_for_where_notes_have_some() -> None:
    counts: dict[str, dict[str, int]] = {name: {} for name in (*FIELDS, "date")}
    typed = [
        re.findall(r'<input name="(\w+)" type="text"', form_html(counts | {"date": date}, "en"))
        for date in ({}, {"2024": 1})
    ]
    assert typed == [["phrase", "without"], ["phrase", "without", "after", "before"]]


def test_what_is_found_comes_with_the_filters_as_they_now_count(assistant: Assistant) -> None:
    form = {"query": ["lock"], "type": ["tip"], "facets": True}
    found = found_html(assistant, form, "en")
    assert list(found) == ["results", "facets"]
    assert titles(found["results"]) == ["lock file"]
    counts = count_values(assistant, "lock", {"type": ["tip"]})
    assert isinstance(counts, dict)
    assert found["facets"] == facets_html(counts, {"type": ["tip"]}, "en")
    assert 'value="tip" checked>' in found["facets"]
    assert 'value="paper">' in found["facets"]
    assert shown(found["results"]).complaints == []


def test_filters_that_are_as_they_were_are_not_sent_again(assistant: Assistant) -> None:
    for form in ({"query": ["lock"]}, {"query": ["lock"], "facets": False}):
        found = found_html(assistant, form, "en")
        assert found["facets"] == ""
        assert len(titles(found["results"])) == 4


def test_what_answers_is_marked_where_that_is_asked_for(assistant: Assistant) -> None:
    form = {"query": ["how does a canal lock raise boats"]}
    plain, lit = (found_html(assistant, form | more, "en") for more in ({}, {"lit": True}))
    assert titles(plain["results"]) == titles(lit["results"])
    assert ("answers" in plain["results"], "answers" in lit["results"]) == (False, True)


def test_what_is_chosen_stays_though_nothing_fits(assistant: Assistant) -> None:
    form = {"query": ["lock -lock"], "type": ["tip"], "lang": ["zh"], "facets": True}
    found = found_html(assistant, form, "zh")
    assert "No note fits." in found["results"]
    assert re.findall(r'value="(\w+)" checked>.*?class="n">(\d+)<', found["facets"]) == [
        *(("tip", "0"), ("zh", "0"))
    ]


def test_nothing_is_searched_for_until_something_is_asked(assistant: Assistant) -> None:
    assert (
        found_html(assistant, {}, "en")["results"]
        == found_html(assistant, {"query": [" "]}, "en")["results"]
    )
    assert "输入词语，或选一个筛选条件。" in found_html(assistant, {}, "zh")["results"]
    by_file = found_html(assistant, {"order": ["file"]}, "en")["results"]
    assert titles(by_file) == ["Lock", "lock file", "lock pick", "锁"]
    newest = found_html(assistant, {"order": ["newest"]}, "en")["results"]
    assert titles(newest) == ["lock file", "lock pick", "Lock", "锁"]


def test_results_are_in_the_language_of_the_words(assistant: Assistant) -> None:
    assert '<section lang="zh">' in found_html(assistant, {"query": ["锁"]}, "en")["results"]
    assert '<section lang="en">' in found_html(assistant, {"query": ["lock"]}, "zh")["results"]
    assert '<section lang="zh">' in found_html(assistant, {"type": ["tip"]}, "zh")["results"]


def test_a_search_that_is_too_long_is_told_and_leaves_the_filters(assistant: Assistant) -> None:
    found = found_html(assistant, {"query": ["x" * 2001], "facets": True}, "en")
    assert "This question has 2,001 characters" in found["results"]
    assert found["facets"] == ""


def test_modes_and_orders_that_are_none_are_told(assistant: Assistant) -> None:
    form = {"query": ["a"], "mode": ["<b>"]}
    assert "There is no mode &lt;b&gt;." in found_html(assistant, form, "en")["results"]
    form = {"query": ["a"], "order": ["<b>"]}
    assert "There is no order called &lt;b&gt;." in found_html(assistant, form, "en")["results"]


def test_of_notes_that_filters_alone_find_the_number_is_told(assistant: Assistant) -> None:
    def count(form: dict[str, object]) -> str:
        html = found_html(assistant, {"count": ["2"], **form}, "en")["results"]
        (told,) = re.findall(r'<h2 class="count" role="status">([^<]*)</h2>', html)
        return str(told)

    total, english = assistant.status().notes, assistant.facets()["lang"]["en"]
    assert total > 2
    assert count({"order": ["file"]}) == f"2 of {total} notes"
    assert count({"lang": ["en"]}) == (f"2 of {english} notes" if english > 2 else "2 notes")
    assert count({"query": ["the"]}).endswith("notes")
    assert " of " not in count({"query": ["the"]})
