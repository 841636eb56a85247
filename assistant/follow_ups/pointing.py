"""Which item "the second one", "第二条", "the former" is: a side of the question, a quote, a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.answer import Answer, Citation
from assistant.follow_ups.cues import ELABORATION, without_lead
from assistant.follow_ups.topic import content_words, sides
from corpus.note import Kind
from corpus.words import first_words
from index.finding.hit import Hit

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_AFTER_ZH = r"(?=\s*$|\s+[\u3400-\u9fff]|\s*[，,。.？?！!：:]|[的呢是怎为什啥有能会要该还可再里展详具细说讲解举在用和跟比适叫指算也又到究多哪如])"
_AFTER_EN = (
    r"(?=\s*$|\s*[,.?!;:]|'s\b|\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have"
    r"|work|works|means?|says?|and|or|please|more|again|still|better|too)\b)"
)
_POINTERS = (
    (
        r"(?:(?:你|上面|前面|刚才|里面|其中)(?:说|列|提到)?的?)?第\s*(?P<n>[一二两三四五六七八九十]{1,3}|\d{1,2})\s*"
        r"(?:(?P<quote>条|点|项|句|段|篇|处|则)|(?P<line>步|行)|个|种|本|款|类)"
        r"(?:来源|结果|引用|笔记|答案)?" + _AFTER_ZH
    ),
    r"(?:(?:你|上面|前面|刚才|里面|其中)(?:说|列|提到)?的?)?最后一?(?:(?P<quote>条|点|项|句|段|篇|处)|(?P<line>步|行)|个|种)"
    + _AFTER_ZH,
    (
        rf"\b(?:the|your|that)\s+(?P<n>{'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))"
        r"(?:\s+(?:(?P<quote>points?|items?|results?|sources?|quotes?|notes?|answers?|bullets?|parts?)"
        r"|(?P<line>steps?|lines?)|options?|ways?))?(?:(?P<one>\s+ones?\b)|" + _AFTER_EN + ")"
    ),
    rf"(?<!\S)(?:(?P<line>step\s*)|(?P<quote>(?:number|no\.|point|item|source|result|来源)\s*|[#＃]))"
    rf"(?P<n>\d{{1,2}})(?:{_AFTER_ZH}|{_AFTER_EN})",
    r"(?<!\S)(?P<quote>[\[［【])(?P<n>\d{1,2})[\]］】]",
)
_EXPRESSIONS = [re.compile(words, re.IGNORECASE) for words in _POINTERS]
_FORMER = re.compile(r"(?P<former>前者|\bthe\s+former\b)|后者|\bthe\s+latter\b", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:>\s?)*\s*(?:[-*+]|\d+[.)])\s+(.+)$", re.MULTILINE)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CLOSED = re.compile(
    "什么时候|如果|刚才|上面|前面|里面|[用选看跟和比在从按除]|\\b(?:see|use|using|choose)\\b"
)
"""Words that a place in a list can follow: 怎么用第二个."""

_LONG = 40


@dataclass(frozen=True, slots=True)
class Pointer:
    """`n` counts from 1 (-1: the last); `text[start:end]` are the words that say so.

    `is_quote` where a part of the answer is meant, rather than one of two things in question,
    `is_line` where a step or line of it is.
    """

    n: int
    start: int
    end: int
    is_quote: bool = False
    is_line: bool = False


def find_pointer(text: str) -> Pointer | None:
    """Return the first "second one", "第二条", "[2]" of `text`."""
    for words in _EXPRESSIONS:
        if match := words.search(text):
            part = match.groupdict()
            if part.get("one") is None and _names(text[: match.start()]):
                continue
            is_line = part.get("line") is not None
            is_quote = part.get("quote") is not None or is_line
            return Pointer(_number(part.get("n") or "last"), *match.span(), is_quote, is_line)
    return None


def _names(before: str) -> bool:
    """Whether words before a place say of what it is one: "delete the last line", 数组第 2 个."""
    return bool(content_words(_CLOSED.sub(" ", ELABORATION.sub(" ", without_lead(before)))))


def find_side(text: str) -> Pointer | None:
    """Return "the former" or "the latter" of `text`."""
    match = _FORMER.search(text)
    return Pointer(1 if match["former"] else -1, *match.span()) if match else None


def _number(told: str) -> int:
    word = told.casefold()
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    if digits := re.match(r"\d+", word):
        return int(digits[0])
    if word == "last":
        return -1
    tens, _, ones = word.rpartition("十")
    if "十" not in word:
        return _DIGITS[word[-1]]
    return 10 * (_DIGITS.get(tens, 1)) + _DIGITS.get(ones, 0)


def named_side(questions: Sequence[str], n: int) -> str:
    """Return the nth of the things that the first of `questions` to do so puts side by side."""
    for question in questions:
        named = sides(question)
        if len(named) > 1:
            return _nth(named, n)
    return ""


def pointed_item(answer: Answer, n: int, is_line: bool = False) -> str:
    """Return what names the nth thing that an answer says: a quote, a line of it, a source."""
    quotes = answer.citations
    if quotes and (is_line or len(quotes) == 1):
        items = _ITEM.findall(answer.sources[quotes[0].n - 1].note.body_text)
        if len(items) > 1 and (item := _nth(items, n)):
            return _brief(item)
    if quotes and abs(n) <= len(quotes):
        cited = quotes[n - 1 if n > 0 else n]
        alone = sum(other.n == cited.n for other in quotes) == 1
        return _name(answer.sources[cited.n - 1], cited if not alone else None)
    return _name(answer.sources[n - 1], None) if 0 < n <= len(answer.sources) else ""


def _nth(named: Sequence[str], n: int) -> str:
    return named[n - 1 if n > 0 else n] if abs(n) <= len(named) else ""


def _name(hit: Hit, quoted: Citation | None) -> str:
    """A row by its first cell, one quote of several by its first words, else the note's title."""
    note = hit.note
    if note.kind is Kind.ROW and note.body == note.span and note.columns:
        return _brief(note.meta[note.columns[0]])
    if note.kind is not Kind.ROW and quoted is not None and not _FENCE.match(quoted.quote):
        return _brief(quoted.quote)
    return _brief(note.title) or _brief(note.body_text)


def _brief(markdown: str) -> str:
    """Return the first words, whole ones."""
    words = first_words(markdown, _LONG)
    if not words.endswith("…"):
        return words
    whole = words[:-1].rstrip()
    return whole.rpartition(" ")[0] if whole.isascii() and " " in whole else whole
