"""Filters as boxes to tick, and the counts beside them."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest

import corpus
from assistant.app.facets_html import FIELDS, facets_html, value_name
from assistant.app.handlers import count_values
from assistant.assistant import Assistant
from assistant.indexing import update_index
from tests.assistant.small_vault import assistant_over

SAMPLE_FOLDER = Path(corpus.__file__).parent / "sample"
NOTHING: dict[str, dict[str, int]] = {name: {} for name in FIELDS}
MANY = {f"t{n}": 20 - n for n in range(9)}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The notes that come with the program."""
    folder = tmp_path_factory.mktemp("index")
    update_index(folder, [SAMPLE_FOLDER])
    return Assistant(folder)


def boxes(html: str, field: str) -> list[tuple[str, str, str, bool]]:
    """Each box of a filter: its value, what it is called, its count, whether it is ticked."""
    found = re.findall(
        r'<label><input type="checkbox" name="(\w+)" value="([^"]*)"( checked)?>'
        r'<span class="value" title="([^"]*)">([^<]*)</span> <span class="n">([\d,]+)</span></label>',
        html,
    )
    assert len(found) == html.count("<input")
    return [
        (unescape(value), unescape(shown), count, bool(ticked))
        for name, value, ticked, title, shown, count in found
        if name == field and title == shown
    ]


def counted(assistant: Assistant, text: str = "", **fields: list[str]) -> dict[str, dict[str, int]]:
    counts = count_values(assistant, text, fields)
    assert isinstance(counts, dict)
    return counts


def test_filters_offer_what_notes_have_with_counts(assistant: Assistant) -> None:
    counts = counted(assistant)
    html = facets_html(counts, {}, "zh")
    assert re.findall(r'<fieldset class="facet" data-facet="(\w+)">', html) == list(FIELDS)
    assert re.findall(r"<legend>(.*?)</legend>", html) == [
        *("类型", "来源", "形式", "语言", "标签", "文件夹")
    ]
    assert ("image", "图片", "1", False) in boxes(html, "kind")
    assert "gotchas" in {value for value, *_ in boxes(html, "tag")}
    assert ("/net/", "net", f"{counts['path']['/net/']}", False) in boxes(html, "path")
    assert {(value, name) for value, name, *_ in boxes(html, "lang")} == {
        *(("zh", "中文"), ("en", "英文"))
    }
    assert all(value == name for value, name, *_ in boxes(html, "type"))
    for field in FIELDS:
        told = [(value, count) for value, _, count, _ in boxes(html, field)]
        assert sorted(told) == sorted((value, f"{n:,}") for value, n in counts[field].items())


def test_counts_are_kept_until_the_notes_change(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    shutil.copy(SAMPLE_FOLDER / "glossary.md", tmp_path / "vault")
    own = assistant_over(tmp_path, {})
    before = own.facets()
    assert own.facets() is before
    (tmp_path / "vault" / "2020-01-02.md").write_text("# Day\n\nRain. #weather\n")
    own.update()
    after = own.facets()
    assert (after["tag"]["weather"], after["date"]["2020"]) == (1, 1)
    assert "weather" not in before["tag"]


def test_folders_read_as_a_tree_and_what_no_note_has_is_not_offered(tmp_path: Path) -> None:
    files = {
        f"{folder}/note.md": f"# A note of {folder}\n\nWords.\n" * (4 if folder == "b" else 1)
        for folder in ("b", "a/z", "a")
    }
    counts = counted(assistant_over(tmp_path, {**files}))
    html = facets_html(counts, {}, "en")
    assert boxes(html, "path") == [
        ("/a/", "a", "2", False),
        ("/a/z/", "a/z", "1", False),
        ("/b/", "b", "4", False),
    ]
    assert re.findall(r'data-facet="(\w+)"', html) == ["kind", "lang", "path"]
    assert counts["date"] == {}
    assert facets_html(NOTHING, {}, "en") == ""


def test_what_is_chosen_narrows_the_other_filters_and_not_its_own(assistant: Assistant) -> None:
    everything, narrowed = counted(assistant), counted(assistant, type=["tip"], lang=["zh"])
    assert narrowed["type"]["command"] > 0
    assert sum(narrowed["source"].values()) < sum(everything["source"].values())
    html = facets_html(narrowed, {"type": ["tip"], "lang": ["zh"]}, "en")
    ticked = [one for field in FIELDS for one in boxes(html, field) if one[3]]
    assert [(value, name) for value, name, *_ in ticked] == [("tip", "tip"), ("zh", "Chinese")]


def test_what_is_chosen_stays_though_nothing_fits_it() -> None:
    html = facets_html(NOTHING | {"type": {"tip": 3}}, {"type": ["<b>"], "lang": ["zh"]}, "en")
    assert boxes(html, "type") == [("tip", "tip", "3", False), ("<b>", "<b>", "0", True)]
    assert boxes(html, "lang") == [("zh", "Chinese", "0", True)]
    assert re.findall(r'data-facet="(\w+)"', html) == ["type", "lang"]


@pytest.mark.parametrize(
    ("count", "seen", "folded"), [(0, 0, 0), (1, 1, 0), (6, 6, 0), (7, 7, 0), (8, 6, 2), (9, 6, 3)]
)
def test_more_than_six_values_are_folded(count: int, seen: int, folded: int) -> None:
    html = facets_html(NOTHING | {"tag": dict(list(MANY.items())[:count])}, {}, "en")
    first, _, rest = html.partition("<details>")
    assert (len(boxes(first, "tag")), len(boxes(rest, "tag"))) == (seen, folded)
    assert re.findall(r"<summary>(.*?)</summary>", html) == ([f"{folded} more"] if folded else [])


def test_a_chosen_value_that_is_folded_is_seen() -> None:
    for chosen, is_open in (("t1", False), ("t7", True), ("none", True)):
        html = facets_html(NOTHING | {"tag": MANY}, {"tag": [chosen]}, "zh")
        assert ("<details open>" in html) is is_open
        assert [value for value, *_, ticked in boxes(html, "tag") if ticked] == [chosen]


def test_of_endless_values_the_most_frequent_are_listed() -> None:
    counts = NOTHING | {"source": {f"s{n}": 1000 - n for n in range(1000)}}
    listed = boxes(facets_html(counts, {"source": ["s999"]}, "en"), "source")
    assert [value for value, *_ in listed] == [*(f"s{n}" for n in range(300)), "s999"]
    assert listed[-1] == ("s999", "s999", "1", True)


def test_a_value_has_a_name_where_it_is_one_of_ours() -> None:
    named = [("kind", "row"), ("kind", "odd"), ("lang", "zh"), ("path", "/a/b/"), ("tag", "row")]
    assert [value_name(*one, "en") for one in named] == [
        "Table row",
        "odd",
        "Chinese",
        "a/b",
        "row",
    ]
    assert [value_name(*one, "zh") for one in named] == ["表格行", "odd", "中文", "a/b", "row"]


def test_hostile_values_are_only_text() -> None:
    value = "\"><script>x</script>' onclick='y"
    html = facets_html({name: {value: 1} for name in FIELDS}, {}, "en")
    assert "<script" not in html
    assert [boxes(html, name) for name in FIELDS] == [[(value, value, "1", False)]] * 6
