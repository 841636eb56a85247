"""What the index holds, as the library shows it."""

import re
from html import unescape
from pathlib import Path

import pytest

from assistant.app.charts_html import charts_html
from assistant.app.handlers import count_values, read_status
from assistant.app.library import library_html, masthead_html
from assistant.app.notice import notice_html
from assistant.app.problem import Problem
from assistant.assistant import Assistant
from index.finding.facets import FACETS
from index.keeping.status import Status
from tests.assistant.small_vault import FILES, assistant_over

NOTHING: dict[str, dict[str, int]] = {name: {} for name in FACETS}


@pytest.fixture
def own(tmp_path: Path) -> Assistant:
    return assistant_over(tmp_path, FILES)


def library(assistant: Assistant, language: str = "en", shows_places: bool = True) -> str:
    status, counts = read_status(assistant), count_values(assistant, "", {})
    assert isinstance(counts, dict)
    return library_html(status, counts, language, shows_places)


def charts(html: str) -> dict[str, list[tuple[str, str, str, str]]]:
    """By heading, each bar: the field and value that it searches for, its name and its count."""
    found = {}
    for heading, inside in re.findall(
        r'<section class="chart"><h2>(.*?)</h2>(.*?)</section>', html
    ):
        bars = re.findall(
            r'<button type="button" data-facet="(\w+)" data-value="([^"]*)"[^>]*>'
            r'<span class="value">(.*?)</span>.*?<span class="n">(.*?)</span></button>',
            inside,
        )
        found[heading] = [(name, unescape(value), unescape(n), m) for name, value, n, m in bars]
    return found


def test_the_library_tells_counts_and_files_that_were_not_read(
    own: Assistant, tmp_path: Path
) -> None:
    assert "Every file was read." in library(own)
    (tmp_path / "vault" / "bad.md").write_bytes(b"\0\1\2" * 50)
    own.update()
    status, html = read_status(own), library(own)
    assert isinstance(status, Status)
    assert "<li><code>bad.md</code> <span>not text: binary data</span></li>" in html
    assert re.findall(r"<dt>(\w[^<]*)</dt><dd>([\d,]+)</dd>", html) == [
        *(("Notes", "9"), ("Files", "4"), ("Passages", f"{status.chunks}"))
    ]
    assert "9 notes in 4 files" in masthead_html(status, "en")
    assert "4 个文件，9 条笔记" in masthead_html(status, "zh")
    assert "Table row" in html


def test_the_library_shows_where_it_lies_to_its_owner_only(own: Assistant, tmp_path: Path) -> None:
    for language, heading in (("en", "Folders"), ("zh", "文件夹")):
        html = library(own, language)
        assert f"<section><h2>{heading}</h2><dl" in html
        for place in (tmp_path / "vault", tmp_path / "index"):
            assert f"<code>{place}</code>" in html
        shared = library(own, language, shows_places=False)
        assert (str(tmp_path) in shared, 'class="pairs"' in shared) == (False, False)
        assert charts(shared) == charts(html)


def test_charts_count_the_notes_by_each_field(own: Assistant) -> None:
    assert charts(library(own)) == {
        "Folder": [("path", "/net/", "net", "4")],
        "Language": [("lang", "en", "English", "9")],
        "Kind": [
            ("kind", "section", "Section", "6"),
            ("kind", "row", "Table row", "2"),
            ("kind", "text", "Text", "1"),
        ],
    }
    assert charts(library(own, "zh"))["形式"][0] == ("kind", "section", "小节", "6")


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    counts = NOTHING | {"tag": {"a": 2000, "b": 1000, "c": 1}}
    html = charts_html(counts, "zh")
    assert re.findall(r"width:(\d+)%", html) == ["100", "50", "1"]
    assert [count for *_, count in charts(html)["标签"]] == ["2,000", "1,000", "1"]
    assert re.findall(r'title="(.*?)"', html)[0] == "搜索其中的“a”"
    assert charts_html(NOTHING, "en") == ""
    assert charts_html(NOTHING | {"date": {"2024": 1}}, "en") == ""


def test_of_folders_within_folders_the_outer_ones_are_shown_where_there_are_several() -> None:
    inner = {"/a/": 5, "/a/b/": 4, "/a/b/c/": 1}
    one, two = NOTHING | {"path": inner}, NOTHING | {"path": inner | {"/d/": 1}}
    assert [value for _, value, *_ in charts(charts_html(one, "en"))["Folder"]] == list(inner)
    assert charts(charts_html(two, "en"))["Folder"] == [
        *(("path", "/a/", "a", "5"), ("path", "/d/", "d", "1"))
    ]


def test_more_than_eight_bars_are_folded() -> None:
    for count, folded in ((8, 0), (9, 1), (20, 12)):
        tags = {f"t{n}": 100 - n for n in range(count)}
        html = charts_html(NOTHING | {"tag": tags}, "en")
        assert [value for _, value, *_ in charts(html)["Tag"]] == list(tags)
        assert html.partition("<details>")[2].count("<button") == folded
        more = re.findall(r"<summary>(.*?)</summary>", html)
        assert more == ([f"{folded} more"] if folded else [])


def test_hostile_values_are_only_text() -> None:
    value = "\"><script>x</script>' onclick='y"
    html = charts_html({name: {value: 1} for name in FACETS}, "en")
    assert "<script" not in html
    assert [bars[0][1:3] for bars in charts(html).values()] == [(value, value)] * 6


def test_what_cannot_be_counted_is_told_in_the_librarys_place(own: Assistant) -> None:
    problem = Problem("There is no index in /<i>.", "Check its permissions.")
    status = read_status(own)
    for language in ("en", "zh"):
        told = notice_html(problem, language)
        assert library_html(problem, NOTHING, language, True) == told
        assert library_html(status, problem, language, True) == told
