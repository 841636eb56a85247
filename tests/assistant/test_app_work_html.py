"""What a page says of its work."""

import re
from html import unescape

import pytest

from assistant.adding.add import Added, Reason, Refused
from assistant.app.adding import Dropped
from assistant.app.notice import notice_html
from assistant.app.problem import Problem
from assistant.app.work import Ending
from assistant.app.work_html import work_html
from corpus.progress import Progress
from index.keeping.update import Update

LANGUAGES = ("en", "zh")


def update(added: int = 0, changed: int = 0, removed: int = 0) -> Update:
    return Update(5, 9, 9, added, changed, removed, 2, (), 3, 1.25)


def both(state: Progress | Update | Dropped | Problem | Ending) -> list[str]:
    """The words in English and in Chinese."""
    return [_words(work_html(state, language)) for language in LANGUAGES]


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("read", ["Reading files", "读取文件"]),
        ("embed", ["Reading for meaning", "计算语义"]),
        ("store", ["Storing", "保存"]),
        ("add", ["Adding files", "添加文件"]),
    ],
)
def test_progress_is_a_bar_with_its_step(step: str, told: list[str]) -> None:
    assert both(Progress(step, 0, 0)) == told
    assert both(Progress(step, 1200, 3456)) == [f"{one} 1,200 / 3,456" for one in told]
    assert work_html(Progress(step, 0, 0), "en") == (
        f'<div class="progress" role="status"><p>{told[0]}</p>'
        f'<progress aria-label="{told[0]}"></progress></div>'
    )
    assert f'<progress aria-label="{told[1]}" max="3456" value="1200"></progress>' in (
        work_html(Progress(step, 1200, 3456), "zh")
    )


def test_an_update_tells_what_it_changed() -> None:
    for update_of in (update(added=1), update(changed=1), update(removed=1)):
        english, chinese = both(update_of)
        assert english.startswith("Index updated in 1.2 s ")
        assert chinese.startswith("索引已更新，用时 1.2 秒 ")
    assert both(update(3, 4, 5)) == [
        "Index updated in 1.2 s 3 added, 4 changed, 5 removed, 2 as before",
        "索引已更新，用时 1.2 秒 新增 3，改动 4，删除 5，不变 2",
    ]


def test_an_update_that_changed_nothing_says_so() -> None:
    assert both(update()) == [
        "Nothing has changed. 0 added, 0 changed, 0 removed, 2 as before",
        "没有变化。 新增 0，改动 0，删除 0，不变 2",
    ]


def test_what_was_cancelled_says_what_is_kept() -> None:
    assert both(Ending.CANCELLED) == [
        "Cancelled. What was read so far is kept; the next update goes on from there.",
        "已取消。 已读的部分会保留，下次更新接着做。",
    ]


def test_a_problem_is_told_with_what_helps() -> None:
    problem = Problem("There is no index in /<i>.", "Check its permissions.")
    for language in LANGUAGES:
        assert work_html(problem, language) == notice_html(problem, language)
    assert both(Problem())[0].startswith("Something went wrong on this side")


def test_what_was_added_is_named_without_the_update() -> None:
    dropped = Dropped(Added(("added/a <b>.md", "added/c.md"), ()), update(added=2))
    assert both(dropped) == [
        "Added: 2 added/a <b>.md added/c.md",
        "已添加 2 个 added/a <b>.md added/c.md",
    ]
    assert "<code>added/a &lt;b&gt;.md</code>" in work_html(dropped, "en")


def test_what_was_not_added_is_named_with_the_reason() -> None:
    refused = (
        Refused("a.zip/<i>.md", Reason.BROKEN),
        Refused("b.pdf", Reason.TOO_LARGE, "50000000"),
    )
    dropped = Dropped(Added((), refused), None)
    assert both(dropped) == [
        "Not added: 2 a.zip/<i>.md is damaged b.pdf is larger than 50 MB",
        "未添加 2 个 a.zip/<i>.md 已损坏 b.pdf 大于 50 MB",
    ]
    assert work_html(dropped, "en").startswith('<div class="notice problem" role="status">')
    assert both(Dropped(Added((), ()), None)) == ["", ""]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_a_sentence_in_both_languages(reason: Reason) -> None:
    english, chinese = both(Dropped(Added((), (Refused("x", reason, "7000000"),)), None))
    assert re.fullmatch(r"Not added: 1 x [a-z][^{}]+", english)
    assert re.fullmatch(r"未添加 1 个 x [^{}]*[\u4e00-\u9fff][^{}]*", chinese)
    has_detail = reason.value in ("too_large", "too_many", "too_slow", "too_heavy")
    assert [bool(re.search(r"\b7", told)) for told in (english, chinese)] == [has_detail] * 2


def test_of_many_files_the_first_are_named_and_the_rest_counted() -> None:
    paths = tuple(f"added/{n}.md" for n in range(1500))
    refused = tuple(Refused(f"{n}.exe", Reason.NOT_SUPPORTED, ".exe") for n in range(21))
    html = work_html(Dropped(Added(paths, refused), None), "en")
    assert re.findall(r"<code>(.*?)</code>", html) == [
        *(f"added/{n}.md" for n in range(20)),
        *(f"{n}.exe" for n in range(20)),
    ]
    assert re.findall(r"<strong>(.*?)</strong>", html) == ["Added: 1,500", "Not added: 21"]
    assert re.findall(r"<p>(and .*?)</p>", html) == ["and 1,480 more", "and 1 more"]
