"""Which words of a question another name takes the place of: "那 X 呢", "and X?"."""

import re
from collections.abc import Iterator

from assistant.follow_ups.topic import content_words, subject
from corpus.language import language_of

_WORD = re.compile(r"[A-Za-z0-9_@#$%&*+./'’<>-]*[A-Za-z0-9_+#]|[\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_NAME = re.compile(r"[A-Za-z][\w+#.-]*(?:\s+[A-Za-z0-9][\w+#.-]*)*", re.ASCII)
_MIXED = re.compile(r"[A-Za-z0-9][^\u3400-\u9fff]*?([\u3400-\u9fff]+)")
_DIGITS = re.compile(r"\d+")
_BREAK = re.compile(r"[,，。;；?？!！]")
_GIVEN = re.compile(r"\bthe\s+([A-Za-z][\w-]*)", re.IGNORECASE)
_LONGEST_WORDS = 4
_LONGEST_HAN = 8
_LEAD = re.compile(r"^(?:the|an?|for|in|with|on|at|to|from)\s+", re.IGNORECASE)
_TAIL = re.compile(
    r"\s+(?:ones?|too|then|instead)$|(?:也|的|那个|那条|那本|那篇|那种)$", re.IGNORECASE
)
_OPTIONS = re.compile(r"(?:\s+--?[A-Za-z][\w-]*)+")
_PLACED = re.compile(
    r"(?:for|in|on|with|without|by|at|to|from|of|as|using|via)\s+\w", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:^|\s)an?\s+$", re.IGNORECASE)


def bare_name(named: str) -> str:
    """Return the name itself: "the resnet one" names resnet."""
    while (shorter := _TAIL.sub("", _LEAD.sub("", named)).strip()) not in ("", named):
        named = shorter
    return named


def is_placed(named: str) -> bool:
    """Whether a preposition stands before the name: "by train", "for a method"."""
    return bool(_PLACED.match(named))


def is_same_number(asked: str, named: str) -> bool:
    """Whether a number of the same form as `named` stands in the question."""
    form = _DIGITS.sub("0", named).casefold()
    return bool(_DIGITS.search(named)) and any(
        _DIGITS.sub("0", word[0]).casefold() == form for word in _WORD.finditer(asked)
    )


def swapped_alike(asked: str, named: str) -> str:
    """Put `named` where a name of the same form stands: "502" for "504", 缓存击穿 for 缓存穿透.

    "" if there is no such name.
    """
    for start, end in _spans(asked):
        if _is_alike(asked[start:end], named):
            options = _OPTIONS.match(asked, end)
            return _put(asked, start, options.end() if options else end, named)
    if (mixed := _MIXED.fullmatch(named)) and (
        old := re.search(rf"[A-Za-z0-9][\w+#./-]*\s*{mixed[1]}", asked, re.ASCII)
    ):
        return "" if old[0] == named else _put(asked, *old.span(), named)
    return ""


def swapped_given(asked: str, named: str) -> list[str]:
    """Put "the X" in the place of another "the Y"."""
    return [_put(asked, *match.span(1), named) for match in _GIVEN.finditer(asked)]


def swaps(asked: str, named: str) -> list[str]:
    """Put `named` in the place of each telling word of a question, in Chinese of a Latin name or the subject."""
    is_chinese = language_of(asked) == "zh"
    if is_chinese and _HAN.search(named):
        about = subject(asked)
        return [asked.replace(about, named, 1)] if about in asked and about != asked else []
    ours = set(map(str.casefold, content_words(named)))
    words = (_NAME if is_chinese else _WORD).finditer(asked)
    return [
        _put(asked, *word.span(), named)
        for word in words
        if content_words(word[0])
        and not ours & set((asked[: word.start()] + " " + asked[word.end() :]).casefold().split())
        and word[0].casefold() != named.casefold()
        and (_LATIN.search(word[0]) or not _LATIN.search(named))
    ]


def _put(asked: str, start: int, end: int, named: str) -> str:
    before, after = asked[:start], asked[end:]
    if language_of(named) == "en":
        before += " " if _HAN.search(before[-1:]) else ""
        after = " " + after if _HAN.search(after[:1]) else after
        if article := _ARTICLE.search(before):
            kept = article[0] if _DIGITS.match(named) else f" {_article(named)} "
            before = before[: article.start()] + (kept if article.start() else kept.lstrip())
    return before + named + after


def _article(named: str) -> str:
    return "an" if named[:1].casefold() in "aeiou" else "a"


def _spans(asked: str) -> Iterator[tuple[int, int]]:
    """Yield the places that a name may take, the longest first."""
    words = list(_WORD.finditer(asked))
    for length in range(_LONGEST_WORDS, 0, -1):
        for i in range(len(words) - length + 1):
            start, end = words[i].start(), words[i + length - 1].end()
            if not _BREAK.search(asked[start:end]):
                yield start, end
    for word in words:
        if _HAN.search(word[0]):
            for length in range(min(_LONGEST_HAN, len(word[0])), 1, -1):
                for start in range(word.start(), word.end() - length + 1):
                    yield start, start + length


def _is_alike(one: str, other: str) -> bool:
    """Numbers alike, a word and more words about it, words that differ in one, Chinese in one end."""
    if one.casefold() == other.casefold():
        return False
    if _DIGITS.search(one) and _DIGITS.search(other):
        return _DIGITS.sub("0", one).casefold() == _DIGITS.sub("0", other).casefold()
    if _HAN.search(one) and _HAN.search(other):
        if len(one) != len(other) or len(one) < 2 or _LATIN.search(one + other):
            return False
        return one[0] == other[0] or one[-1] == other[-1]
    ours, theirs = one.casefold().split(), other.casefold().split()
    if len(ours) == 1 and content_words(one) and ours[0] in re.split(r"[\s_-]", other.casefold()):
        return True  # "sentence-bert" is what was meant by "bert"
    if len(ours) != len(theirs) or len(ours) < 2 or _HAN.search(one + other):
        return False
    differing = sum(a != b for a, b in zip(ours, theirs, strict=True))
    return differing == 1 and bool(content_words(" ".join(set(ours) & set(theirs))))
