"""Which word of a question stands for something that was said before it."""

import re
from dataclasses import dataclass

from assistant.follow_ups.cues import any_of
from assistant.follow_ups.topic import content_words

_START = "(?:^|(?<=[^\u3400-\u9fff])|(?<=[的在把和比跟从让给是用对被为由但若如当使将因到向以么那]))"
"""Where a word can begin: 他 of 排他锁 and 其 of 土耳其 stand for nothing."""

_CHINESE = re.compile(
    "(?P<dual>[这那]俩|[这那]两[个者种条]|[两二]者|两个都(?!.*的)|俩)"
    f"|(?P<one>[它她]们|这些|那些|(?<!其)它|{_START}他们?(?![人乡国])|她|{_START}其(?![他它她实中余次妙一二间]))"
    "|(?P<this>[这那](?:[个种样里条本段句篇项类时]|时候|么做|么|东西|件事)|这(?=[是就也会能要算跟和为怎有说不]|$)|上述"
    "|(?:^|(?<=[把对用和除了]))以上(?![0-9\\s]))"
)
_ENGLISH = re.compile(
    r"\b(?P<dual>both(?!\s+(?!of\s+th|are|do|have|work|at|in|for|use|be)\w)|the\s+two)\b"
    r"|\b(?P<one>it's|its|it|he|she|him|his|her|they|them|their|theirs|these|those|which\s+one|(?:that|this)\s+one|ones)\b"
    r"|\b(?P<this>that's|this|that)\b"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!if )(?<!be )\b(?P<there>there)\b(?!'s|\s+(?:is|are|was|were)\b)",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"\b(?:is|was|isn't|would|will)\s+it\s+(?:be\s+)?(?:\w+\s+){1,2}(?:to|that|if|for)\b"
    r"|\bit(?:'s|\s+is|\s+was)\s+(?:\w+\s+){1,2}(?:to|that)\b"
    r"|\b(?:does|do|did|will)\s+it\s+(?:take|cost|mean|matter)\b(?=.*\b(?:to|if|that|when)\b)"
    r"|\bmakes?\s+it\s+\w+\s+to\b",
    re.IGNORECASE,
)
"""The "it" that stands for nothing: "is it ok to …", "how long does it take to …"."""

_BEFORE_THAT = re.compile(
    r"(?:^|\b"
    + any_of(
        "is was are were does do did doing can could should would will about of for with like than from in"
        " on at by and or but fix why how what if after before when not using use"
    )
    + r"\s+|[,;]\s*)$",
    re.IGNORECASE,
)
_PLACED = re.compile(r"(?:in|on|for|with|at|by|from|after|before|if|when)\b", re.IGNORECASE)
_OWN = 3
"""A pronoun after more telling words of its own question stands for one of them."""

_NAMED = re.compile(
    r"\b(?:an?|the|my|our|some|all|any|each|every)\s+(?!(?:way|lot|bit|reason|point|chance|first|last)\b)\w",
    re.IGNORECASE,
)
_OWNER = re.compile(r"\w's\s")
_PREPOSITIONS = "对用在把和比跟从让给是"


@dataclass(frozen=True, slots=True)
class Pronoun:
    """`text[start:end]` stands for something said before; `is_place` where a name cannot take its place.

    `is_dual` asks for two things; `owns` is "its", "their".
    """

    start: int
    end: int
    is_dual: bool = False
    is_place: bool = False
    owns: bool = False


def find_pronoun(text: str) -> Pronoun | None:
    """Return the first pronoun that nothing before it in `text` explains."""
    idle = [match.span() for match in _NO_THING.finditer(text)]
    for match in (*_CHINESE.finditer(text), *_ENGLISH.finditer(text)):
        start, end = match.span()
        if any(first <= start < last for first, last in idle) or _is_own(text, match):
            continue
        word = match[0].casefold()
        if word in ("it's", "that's"):
            end = start + len(word) - 2
        return Pronoun(
            start,
            end,
            is_dual=match["dual"] is not None,
            is_place=_is_whole(word),
            owns=word in ("its", "their", "his", "her", "theirs"),
        )
    return None


def _is_whole(word: str) -> bool:
    """Whether a name cannot take the word's place: "there", "which one", 这本 of 这本书."""
    return word.startswith(("which", "there")) or word[1:2] in tuple("本段篇条句项种类时")


def _is_own(text: str, match: re.Match[str]) -> bool:
    """Whether the question itself says what is meant: "the files that …", "kill a job when it …"."""
    before = text[: match.start()]
    if match.re is _CHINESE:
        is_told = (
            match[0].startswith("那") and before[-1:].isalnum() and before[-1] not in _PREPOSITIONS
        )
        return is_told or len(content_words(before)) > _OWN + 1  # 数据密集型那本书
    if match["this"] and not _BEFORE_THAT.search(before) and text[match.end() :].strip(" ?"):
        return True
    return bool(_NAMED.search(before)) or len(content_words(before)) > _OWN or _names_first(before)


def _names_first(before: str) -> bool:
    """Whether a clause of its own stands before: "lru_cache, what does it drop"."""
    first, comma, _ = before.partition(",")
    return bool(comma) and bool(content_words(first)) and not _PLACED.match(first)
