"""A note opened in its file, as HTML."""

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from assistant.app.notice import notice_html
from assistant.app.opened import Opened, Place, open_note
from assistant.app.opened_html import opened_html
from assistant.app.problem import Problem
from assistant.assistant import Assistant
from corpus.note import Lines
from tests.assistant.shown_html import shown
from tests.assistant.small_vault import DIG, FILES, NET, assistant_over, opened, write

HOSTILE = "\" onclick='x' <img src=x onerror=y>&amp;"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant_over(tmp_path_factory.mktemp("vault"), FILES)


def dialog(assistant: Assistant, language: str = "en", edits: bool = False) -> str:
    return opened_html(opened(assistant, "net/dns.md", 5, 7), language, edits)


def text(html: str) -> str:
    return re.sub(r"\s+", " ", shown(html).text).strip()


def links(html: str) -> list[tuple[str, str]]:
    """The editors, by name, with the addresses that open them."""
    found = re.findall(r'<a class="editor" href="([^"]*)">([^<]*)</a>', html)
    return [(name, unescape(url)) for url, name in found]


def test_it_names_the_place_and_what_is_around(assistant: Assistant) -> None:
    html = dialog(assistant)
    said = text(html)
    assert said.startswith("vault net/dns.md:5-7Copy link×DNS A name is resolved. Cache Names")
    assert f"In this file 4 notes← BeforeDNS→ After{DIG}More like thisCaches" in said
    assert '<h1 class="cited">Cache</h1>\n<p class="cited">Names are kept in a cache.</p>' in html
    assert 'aria-label="Notes around this one"' in html
    assert shown(html).complaints == []


def test_it_is_in_chinese_for_a_chinese_reader(assistant: Assistant) -> None:
    html = dialog(assistant, "zh", edits=True)
    said = text(html)
    assert said.startswith("vault net/dns.md:5-7复制链接用 VS Code 打开×DNS")
    assert f"同一文件 4 条笔记← 前一条DNS→ 后一条{DIG}相近的笔记Caches" in said
    assert 'data-copied="已复制"' in html
    assert 'aria-label="关闭" title="关闭 (Esc)"' in html
    assert 'aria-label="前后和相近的笔记"' in html


def test_its_buttons_open_the_notes_around_and_those_like_it(assistant: Assistant) -> None:
    html = dialog(assistant)
    alike = [hit.note for hit in opened(assistant, "net/dns.md", 5, 7).alike]
    places = [("net/dns.md", Lines(1, 3)), ("net/dns.md", Lines(11, 11))]
    places += [(note.path, note.lines) for note in alike]
    assert shown(html).opens == [
        ("vault", path, str(lines.first), str(lines.last)) for path, lines in places
    ]
    assert re.findall(r'data-key="(\w+)" aria-keyshortcuts="(\w+)"', html) == [
        ("ArrowLeft", "ArrowLeft"),
        ("ArrowRight", "ArrowRight"),
    ]


def test_at_an_end_of_the_file_one_neighbour_is_left_out(assistant: Assistant) -> None:
    first = opened_html(opened(assistant, "net/dns.md", 1, 3), "en", False)
    last = opened_html(opened(assistant, "net/dns.md", 12, 12), "en", False)
    alone = opened_html(opened(assistant, "plain.txt", 1, 1), "en", False)
    keys = [re.findall(r'data-key="(\w+)"', html) for html in (first, last, alone)]
    assert keys == [["ArrowRight"], ["ArrowLeft"], []]
    assert '<pre class="as-written"><span class="cited">Descale the kettle.\n</span></pre>' in alone


def test_a_shared_page_does_not_say_where_files_lie(assistant: Assistant) -> None:
    html = dialog(assistant)
    folder = assistant.roots()[0].parent
    assert (links(html), str(folder) in html, folder.name in html) == ([], False, False)
    assert links(dialog(assistant, edits=True)) == [
        ("Open in VS Code", f"vscode://file{folder}/vault/net/dns.md:5")
    ]


def test_obsidian_is_offered_where_the_folder_is_its_vault(tmp_path: Path) -> None:
    assistant = assistant_over(tmp_path, FILES)
    assert [name for name, _ in links(dialog(assistant, edits=True))] == ["Open in VS Code"]
    (tmp_path / "vault" / ".obsidian").mkdir()
    name, url = links(dialog(assistant, "zh", edits=True))[0]
    assert (name, url.partition("=")[0]) == ("用 Obsidian 打开", "obsidian://open?path")
    assert re.fullmatch(r"[\w.%-]+", url.partition("=")[2])
    assert unquote(url.partition("=")[2]) == str(tmp_path / "vault" / "net" / "dns.md")
    assert links(dialog(assistant)) == []


def test_hostile_names_do_nothing(tmp_path: Path) -> None:
    name, path = HOSTILE.replace("/", ":"), f"{HOSTILE}/?a#b%2e:9.md"
    said = f"# {HOSTILE}\n\nA\n\n# B\n\nB\n\n# {HOSTILE}\n\nC\n"
    assistant = assistant_over(tmp_path, {path: said}, name)
    (tmp_path / name / ".obsidian").mkdir()
    outcome = open_note(assistant, Place(name, path, Lines(5, 7)))
    assert isinstance(outcome, Opened)
    for language in ("en", "zh"):
        html = opened_html(outcome, language, edits=True)
        (_, obsidian), (_, code) = links(html)
        assert unquote(obsidian) == f"obsidian://open?path={tmp_path / name / path}"
        assert unquote(code) == f"vscode://file{tmp_path / name / path}:5"
        assert re.fullmatch(r"vscode://file[/\w.%-]+:5", code)
        page = shown(html, frozenset({obsidian, code}))
        assert page.complaints == []
        assert page.opens[:2] == [(name, path, "1", "3"), (name, path, "9", "11")]
        assert page.text.count(HOSTILE) >= 4


def test_a_changed_file_and_one_that_is_away_have_a_warning(tmp_path: Path) -> None:
    assistant = assistant_over(tmp_path, FILES)
    assert "warning" not in dialog(assistant)
    write(tmp_path / "vault", {"net/dns.md": f"{NET}\nMore.\n"})
    assert warnings(assistant) == [
        "The file has changed since it was indexed; this is how it is now.",
        "文件在索引之后改动过，这里是现在的内容。",
    ]
    shutil.move(tmp_path / "vault", tmp_path / "away")
    assert warnings(assistant) == [
        "The file cannot be read now; this is what the index has of it.",
        "现在读不到这个文件，这里是索引里的内容。",
    ]


def warnings(assistant: Assistant) -> list[str]:
    """The warning in English and in Chinese."""
    html = dialog(assistant) + dialog(assistant, "zh")
    return re.findall(r'<p class="warning" role="status">([^<]*)</p>', html)


def test_a_part_of_a_long_file_is_called_so(assistant: Assistant) -> None:
    outcome = replace(opened(assistant, "net/dns.md", 5, 7), is_whole=False, begin=1)
    told = [opened_html(outcome, language, False) for language in ("en", "zh")]
    assert "The file is long: this is a part of it, from line 1." in told[0]
    assert "文件很长，这里是其中一部分，从第 1 行起。" in told[1]
    assert "part" not in dialog(assistant)


def test_a_note_that_cannot_be_opened_is_told_in_the_readers_language() -> None:
    problem = Problem("There is no index in /<i>.", "Check its permissions.")
    english, chinese = (opened_html(problem, language, True) for language in ("en", "zh"))
    assert english == (
        '<header><h2 id="opened-title">This note cannot be opened</h2>'
        '<button type="button" class="close" aria-label="Close" title="Close (Esc)">×</button>'
        f'</header><div class="file">{notice_html(problem, "en")}</div>'
    )
    assert "打不开这条笔记" in chinese
    assert "/&lt;i&gt; 里没有索引。" in chinese


def test_that_a_file_is_gone_is_told_in_the_readers_language(assistant: Assistant) -> None:
    outcome = open_note(assistant, Place("vault", "<b>.md", Lines(1, 1)))
    assert "There is no &lt;b&gt;.md among the notes of vault." in opened_html(outcome, "en", True)
    assert "vault 的笔记里没有" in opened_html(outcome, "zh", True)


def test_a_long_note_that_is_like_it_is_cut_short(tmp_path: Path) -> None:
    long = "Names are kept in a cache. " * 20
    assistant = assistant_over(tmp_path, {"a.md": "Names are kept in a cache.\n", "b.md": long})
    html = opened_html(opened(assistant, "a.md", 1, 1), "en", False)
    (snippet,) = re.findall(r'<div class="said snippet" aria-hidden="true">(.*?)</div>', html, re.S)
    assert text(snippet) == f"{long[:160]}…"
