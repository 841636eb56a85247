import os
import re
import sqlite3
from collections.abc import Mapping
from errno import (
    EACCES,
    EADDRINUSE,
    EBUSY,
    EDQUOT,
    EIO,
    EISDIR,
    ELOOP,
    EMFILE,
    ENAMETOOLONG,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    EPERM,
    EROFS,
    ESTALE,
)
from pathlib import Path

import pytest

from assistant.app.chinese_reasons import REASONS
from assistant.app.chinese_sentences import SENTENCES
from assistant.app.library import library_html
from assistant.app.notice import notice_html
from assistant.app.problem import Problem
from assistant.app.sentences import in_language
from assistant.generation import failures
from corpus.decode import NotText, decode
from corpus.document import read_document
from corpus.errors import NotesError
from corpus.note import Skip
from corpus.scan import scan
from index.finding.facets import FACETS
from index.keeping.lock import Writer
from index.keeping.status import Status
from index.keeping.store import Store
from tests.assistant.sentences_of_source import VALUE, Source

ROOT = Path(__file__).parents[2]
PAGE = "assistant.app.layout"
LEFT_OUT = {
    "index.distill": "makes the bundled model, from its own commands",
    "index.measuring": "notes eval",
    "index.bulk": "notes index --ray: no page has others embed",
    "assistant.eval": "notes eval",
    "assistant.cli": "the command line, which is English",
    "assistant.sharing": "said to who starts a server, in the terminal",
    "assistant.settings": "read by the command line before there is a page",
}
"""Modules (by the beginnings of their names) whose sentences no page can show, and why."""

FIELD = re.compile(r"\{(\w+)\}")
AS_IT_IS = re.compile(
    r"\bnotes (?:index|doctor|serve)\b|--[a-z-]+|https?://\S*|NOTES_LLM_KEY|chunks of \d+ tokens"
    r"|milvus(?:-lite|\+https)?://\S*|\bfaiss\b|\bpip install [a-z-]+"
)
"""Commands, settings, addresses; recipes."""
NAMES = {
    *("notes-assistant", "hub", "token", "gzip", "front", "matter"),
    *("unsaved", "updated", "dimension"),  # what an index says of itself, by its keys
}
"""Small-letter words that Chinese sentences may hold."""

NOTHING: dict[str, dict[str, int]] = {name: {} for name in FACETS}


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(ROOT, ("corpus", "index", "assistant"))


@pytest.fixture(scope="module")
def said(source: Source) -> Mapping[str, str]:
    return source.sentences(tuple(LEFT_OUT))


def filled(text: str) -> tuple[str, list[str]]:
    """A sentence with numbers for its values, and those."""
    values = [str(9000 + n) for n in range(text.count(VALUE))]
    rest = iter(values)
    return re.sub(VALUE, lambda _: next(rest), text), values


def english_in(chinese: str) -> list[str]:
    words = re.findall(r"[A-Za-z][A-Za-z-]+", AS_IT_IS.sub("", chinese))
    return [word for word in words if word.islower() and word not in NAMES]


def pattern_of(template: str) -> re.Pattern[str]:
    parts = FIELD.split(template)[::2]
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def index_with(*skips: Skip) -> Status:
    return Status("/i", {}, 0, 0, 0, {}, {}, skips, "bundled", "", 1, 0, {})


# all that can be said


def test_all_that_a_page_can_be_told_has_a_chinese_form(said: Mapping[str, str]) -> None:
    lacking = {}
    for text, place in said.items():
        sentence, values = filled(text)
        chinese = in_language(sentence, "zh")
        is_chinese = re.search(r"[\u4e00-\u9fff]", chinese) and not english_in(chinese)
        if not is_chinese or any(value not in chinese for value in values):
            lacking[place] = sentence, chinese
    assert lacking == {}


def test_what_is_left_out_is_out_of_the_pages_reach(source: Source) -> None:
    reached = source.reached_from(PAGE)
    assert {PAGE, "index.keeping.updater", "assistant.generation.failures"} <= reached
    assert [name for name in sorted(reached) if name.startswith(tuple(LEFT_OUT))] == []


def test_each_translation_is_of_something_that_is_said(said: Mapping[str, str]) -> None:
    sentences = [filled(text)[0] for text in said]
    unsaid = [
        template
        for template in SENTENCES
        if not any(pattern_of(template).fullmatch(sentence) for sentence in sentences)
    ]
    assert unsaid == []


def test_both_languages_have_the_same_places() -> None:
    templates = {**REASONS, **SENTENCES}
    assert len(templates) == len(REASONS) + len(SENTENCES)
    assert [
        english
        for english, chinese in templates.items()
        if sorted(FIELD.findall(english)) != sorted(FIELD.findall(chinese))
    ] == []


# the reading of the source


def test_sentences_are_read_from_the_source_however_they_are_put_together(tmp_path: Path) -> None:
    (tmp_path / "said").mkdir()
    (tmp_path / "said" / "why.py").write_text(
        """
_MEND = "Mend it."
KINDS = (("a book", 1), ("a map", 2))

class NotesError(Exception): ...
class LateError(NotesError): ...
class GoneError(LateError):
    def __init__(self, what):
        super().__init__(f"{what} is gone.", _MEND)

def go(size, late):
    hint = f"Wait {size} s." if late else _MEND
    if late:
        raise LateError(f"Too late by {size} s; "
                        "nothing\\n  was done.", hint)
    raise NotesError(reason_of(size))

def reason_of(size):
    return f"no {next((name for name, n in KINDS if n == size), '')}"

class Walk:
    def skip(self, path, reason): ...
    def both(self):
        self.refused("file")
        self.refused("folder")
        for word in ("odd", "even"):
            self.skip("", word + " number")
    def refused(self, kind):
        self.skip("", f"a {kind} is " + (kind or "nothing"))

def bug():
    raise ValueError("not for users")
"""
    )
    assert {text.replace(VALUE, "#") for text in Source(tmp_path, ("said",)).sentences()} == {
        *("Mend it.", "Wait # s.", "Too late by # s; nothing\n  was done.", "# is gone."),
        *("no a book", "no a map", "no "),
        *("a file is file", "a file is folder", "a file is nothing"),
        *("a folder is file", "a folder is folder", "a folder is nothing"),
        *("odd number", "even number"),
    }


# whole sentences


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "The index folder /a/b cannot be made: Permission denied.",
            "无法创建索引文件夹 /a/b：没有权限。",
        ),
        (
            "The index folder /a cannot be written: "
            "[Errno 28] No space left on device: '/a/notes.sqlite'.",
            "无法写入索引文件夹 /a：磁盘空间不足（错误 28）：'/a/notes.sqlite'。",
        ),
        (
            "The index /a is damaged: chunk 12 is not as it was written.",
            "索引 /a 已损坏：片段 12 与写入时不同。",
        ),
        (
            "The index /a is damaged: database disk image is malformed.",
            "索引 /a 已损坏：数据库文件内容已损坏。",
        ),
        (
            "The index /a was made with another model or recipe:\n  there: x: y\n  now:   z",
            "索引 /a 是用另一个模型或配方建立的：\n  索引：x: y\n  现在：z",
        ),
        (
            "The index /a is being updated by another process.",
            "另一个进程正在更新索引 /a。",
        ),
        ("larger than 10 MB: 10.3 MB", "文件太大：10.3 MB，上限 10 MB"),
        ("larger than 1 kB: 1,200 bytes", "文件太大：1,200 字节，上限 1 kB"),
        ("a file that cannot be read: Input/output error", "文件无法读取：输入输出错误"),
        (
            "front matter is not YAML: mapping values are not allowed in this context",
            "文件头（front matter）不是有效的 YAML：此处不能有映射的值（多余的冒号？）",
        ),
        (
            "/笔记 held 12 files and holds none now; nothing was changed.",
            "/笔记 原有 12 个文件，现在一个也没有；索引没有改动。",
        ),
    ],
)
def test_a_known_sentence_is_chinese_with_its_values(english: str, chinese: str) -> None:
    assert in_language(english, "zh") == chinese
    assert in_language(english, "en") == english


@pytest.mark.parametrize(
    "sentence",
    ["", "Something new.", "请先输入问题。", "no text at all", "There is no file or folder"],
)
def test_an_unknown_sentence_stays_as_it_is(sentence: str) -> None:
    assert in_language(sentence, "zh") == sentence


def test_words_of_a_library_that_are_not_known_stay_within_the_sentence() -> None:
    assert (
        in_language("The model in /m cannot be loaded: size mismatch, 4 bytes", "zh")
        == "无法加载 /m 里的模型：size mismatch, 4 bytes"
    )


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "The index folder /a cannot be made: b cannot be made: Is a directory.",
            "无法创建索引文件夹 /a cannot be made: b：是文件夹，不是文件。",
        ),
        ("There is no index in no text.", "no text 里没有索引。"),
        ("There is no index in another process.", "another process 里没有索引。"),
        (
            "a symbolic link to not a regular file, which is not read",
            "符号链接指向 not a regular file，其内容没有读取",
        ),
        (
            "There is no file or folder /{path}\\1; nothing was changed.",
            "没有 /{path}\\1 这个文件或文件夹；索引没有改动。",
        ),
    ],
)
def test_a_value_that_reads_like_a_sentence_is_a_value(english: str, chinese: str) -> None:
    assert in_language(english, "zh") == chinese


def test_a_value_of_many_sentences_takes_no_time() -> None:
    odd = "/a cannot be read: b" * 200
    sentence = f"The folder {odd} cannot be read: {odd}."
    assert in_language(sentence, "zh").startswith("无法读取文件夹 /a")


def test_a_message_with_its_hint_behind_it_is_chinese_too() -> None:
    error = failures.overlong("h:1", "180 seconds")
    assert (
        in_language(f"{error.message} {error.hint}", "zh")
        == "h:1 的语言模型没能在 180 秒内答完。请再问一次，或换一个模型。"
    )


# what the program says when it says it


def test_the_systems_reasons_are_chinese() -> None:
    usual = (EACCES, EPERM, ENOENT, ENOTDIR, EISDIR, ENOSPC, EROFS, EIO, EMFILE, ENAMETOOLONG)
    reasons = [os.strerror(code) for code in (*usual, ELOOP, EDQUOT, ESTALE, EBUSY, EADDRINUSE)]
    assert [one for one in reasons if in_language(one, "zh") == one] == []


def test_the_holder_of_an_index_is_named() -> None:
    holder = Writer(41, "box", "notes index", 0.0)
    assert re.fullmatch(
        r"box 上的进程 41（notes index，始于 \d\d:\d\d:\d\d）正在更新索引 /i。",
        in_language(f"The index /i is being updated by {holder}.", "zh"),
    )


def test_what_is_no_text_is_named() -> None:
    with pytest.raises(NotText) as caught:
        decode(b"\x89PNG\0\0\0\xff")
    assert in_language(caught.value.reason, "zh") == "不是文本：PNG 图片"


@pytest.mark.parametrize(
    ("front_matter", "chinese"),
    [
        ("a: b: c", "此处不能有映射的值（多余的冒号？）"),
        ("a: [1", "流式列表 [] 有误"),
        ("a: 'x", "引号里的值有误（引号没有配对？）"),
        ("a: @x", "遇到不能出现在此处的字符"),
        ("a: &x 1\nb: *x", "不支持别名（alias）"),
        ("a: \x01", "含有不允许的控制字符 #x0001"),
        ("a: b\n- c", "块映射有误"),
    ],
)
def test_what_is_wrong_with_front_matter_is_told(front_matter: str, chinese: str) -> None:
    problem = read_document("a.md", f"---\n{front_matter}\n---\nText".encode()).problem
    assert in_language(problem, "zh") == f"文件头（front matter）不是有效的 YAML：{chinese}"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotesError) as caught:
        scan(tmp_path / "no text")
    error = caught.value
    assert in_language(error.message, "zh") == f"没有 {tmp_path}/no text 这个文件或文件夹。"
    assert in_language(error.hint, "zh") == "请检查路径，或给出存放笔记的文件夹。"


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.database.write_bytes(b"no database" * 1000)
    with pytest.raises(NotesError) as caught, store.reading():
        pass
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
    assert in_language(caught.value.message, "zh") == f"索引 {tmp_path} 已损坏：文件不是数据库。"


# on the page


def test_a_notice_is_in_the_readers_language() -> None:
    problem = Problem("There is no index in /<i>.", "Check its permissions.")
    assert "/&lt;i&gt; 里没有索引。" in notice_html(problem, "zh")
    assert "请检查它的权限。" in notice_html(problem, "zh")
    assert "There is no index in /&lt;i&gt;." in notice_html(problem, "en")


def test_the_reasons_of_skipped_files_are_in_the_readers_language() -> None:
    status = index_with(Skip("no text", "no text"), Skip("b.md", "not a regular file"))
    assert re.findall(r"<li><code>.*?</li>", library_html(status, NOTHING, "zh", True)) == [
        "<li><code>no text</code> <span>没有文字</span></li>",
        "<li><code>b.md</code> <span>不是普通文件</span></li>",
    ]
    assert "<span>no text</span>" in library_html(status, NOTHING, "en", True)
