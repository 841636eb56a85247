"""Questions from a user's own notes: a note's heading, remark or title asks for the note.

Each asks for one thing that is known to be there (Azzopardi, de Rijke and Balog, Building Simulated
Queries for Known-Item Topics, SIGIR 2007). Left out is what nobody could answer: words that say
nothing ("TODO", "参考"), words that name several notes, and notes in which nothing else is said.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path, PurePosixPath

from corpus.note import Kind, Note
from corpus.roles import DATE, NUMBER, REMARK, SOURCE, TITLE, TYPE
from corpus.words import plain_words
from index.measuring.removal import bare_words, body_without
from index.terms import analyze_query

_SEED = 0
_GENERIC = (
    "todo fixme tbd note notes misc other others overview introduction intro summary conclusion "
    "reference references resource resources link links example examples usage background content "
    "contents faq tip tips more see also further reading description details main test "
    "a an the of to in on for and or what why how when where which "
    "目录 总结 小结 结论 参考 参考资料 参考文献 参考链接 资料 链接 前言 引言 简介 介绍 概述 背景 说明 "
    "其他 其它 备注 示例 例子 举例 待办 更多 相关 附录 笔记 用法 什么 为什么 如何 怎么 "
    "install installation setup pros cons 安装 配置 优点 缺点 限制 方案 使用场景 应用场景 预备知识"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\]\([^)\s]*[^)]*\)|<[^>\s]+>")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]{2,}")
_LABEL = re.compile(r"\[([^\]\n]+)\]\(")


class Wording(StrEnum):
    """Which of the author's words ask for the note."""

    HEADING = "heading"
    REMARK = "remark"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note of the vault called `vault`, which lies at `root`."""

    vault: str
    root: Path
    note: Note

    @property
    def file(self) -> tuple[Path, str]:
        """The file that it is in: vault and path."""
        return self.root, self.note.path


@dataclass(frozen=True, slots=True)
class Item:
    """`query` asks for the note at `position` of the list that it was found in."""

    wording: Wording
    query: str
    position: int


def find_items(notes: Sequence[OwnNote]) -> list[Item]:
    """Return a question for every note that one can be made from, in the notes' order."""
    alone = Counter(own.file for own in notes)
    items = [
        Item(*asked, position)
        for position, own in enumerate(notes)
        if (asked := _wording(own.note, alone[own.file] == 1))
    ]
    told = Counter(bare_words(item.query) for item in items)
    headings = _heading_places(notes)
    return [
        item
        for item in items
        if told[words := bare_words(item.query)] == 1
        and headings[words] == (notes[item.position].note.kind is Kind.SECTION)
        and is_telling(item.query)
        and _says_more(notes[item.position].note, words)
    ]


def sample_items(items: Sequence[Item], most: int) -> list[Item]:
    """Return at most `most` of the items, alike many of each wording; the same ones each time."""
    groups = [[item for item in items if item.wording is wording] for wording in Wording]
    groups.sort(key=len)
    chosen: list[Item] = []
    for left, group in zip(range(len(groups), 0, -1), groups, strict=True):
        share = min(len(group), (most - len(chosen)) // left)
        chosen += random.Random(_SEED).sample(group, share)
    return sorted(chosen, key=lambda item: item.position)


def is_telling(query: str) -> bool:
    """Whether the words could mean one note: not a number, an address or "TODO" alone."""
    terms = {term for term in analyze_query(query) if not term.isdigit()}
    if "://" in query or terms <= _generic_terms():
        return False
    units = sum(1 if "\u3400" <= word <= "\u9fff" else 2 for word in _WORD.findall(query))
    return units >= 2


@cache
def _generic_terms() -> frozenset[str]:
    return frozenset(term for word in _GENERIC.split() for term in analyze_query(word))


def _heading_places(notes: Sequence[OwnNote]) -> Mapping[str, int]:
    """Count the places in the notes' outlines at which a heading says these words."""
    places = {
        (own.file, own.note.headings[: depth + 1])
        for own in notes
        for depth in range(len(own.note.headings))
    }
    return Counter(bare_words(headings[-1]) for _, headings in places)


def _wording(note: Note, alone: bool) -> tuple[Wording, str] | None:
    """Return the words that could ask for the note; `alone`: its file has no other note."""
    if note.kind is Kind.SECTION and note.headings:
        heading = note.headings[-1]
        is_title = note.meta.get(TITLE) == heading
        return (Wording.TITLE if is_title else Wording.HEADING), heading
    if note.kind is Kind.ROW:
        for wording, role in ((Wording.REMARK, REMARK), (Wording.TITLE, TITLE)):
            if role in note.columns:
                return wording, plain_words(note.meta[role])
        return None
    if title := _title(note, alone):
        return Wording.TITLE, title
    return None


def _title(note: Note, alone: bool) -> str:
    """Return a caption, the first line of a quote with a list, a link's words or a file's name."""
    if note.kind in (Kind.CODE, Kind.QUOTE):
        return "" if note.title.endswith("…") else note.title
    if note.kind is Kind.LINK:
        label = _LABEL.search(note.body_text)
        return plain_words(label[1]) if label else ""
    if note.kind is Kind.TEXT and alone:
        name = PurePosixPath(note.path).name.partition(".")[0]
        return " ".join(re.split(r"[-_\s]+", name)).strip()
    return ""


def _says_more(note: Note, words: str) -> bool:
    """Whether the note has words of its own besides; addresses and a row's labels are none."""
    return any(_WORD.search(_ADDRESS.sub(" ", text)) for text in _rest(note, words))


def _rest(note: Note, words: str) -> Iterator[str]:
    if note.kind is not Kind.ROW or note.body != note.span:
        yield body_without(note.body_text, {words})
    labels = (REMARK, SOURCE, TYPE, NUMBER, DATE)
    for key in note.columns:
        if key not in labels and bare_words(note.meta[key]) != words:
            yield note.meta[key]
