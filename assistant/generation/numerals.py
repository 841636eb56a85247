"""Which numbers does a text name? Digits, English and Chinese number words, months, centuries."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_VULGAR = {"½": ".5", "¼": ".25", "¾": ".75"}
_DIGITS = re.compile(
    r"(?<![\d.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d]|\.\d)"
    r"(?:\s*(hundred|thousand|million|billion|trillion|[百千十]?[万亿]|[百千])(?![a-z]))?",
    re.IGNORECASE,
)
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_WORDS: dict[str, float] = {
    **{word: float(i) for i, word in enumerate(_ONES)},
    **{word: 10.0 * i for i, word in enumerate(_TENS, start=2)},
    **{word: float(i) for i, word in enumerate(_ORDINALS)},
    **{f"{word[:-1]}ieth": 10.0 * i for i, word in enumerate(_TENS, start=2)},
    **{"twice": 2.0, "dozen": 12.0, "hundredth": 100.0},
}
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = re.compile(
    rf"\b({'|'.join(f'{m[:3]}(?:{m[3:]})?' if m != 'may' else 'May' for m in _MONTHS)})\b\.?",
    re.IGNORECASE,
)
_WORD_RUN = re.compile(
    r"\b(?:{0})(?:(?:[\s-]+|\s+and\s+)(?:{0}))*\b".format(
        "|".join(sorted((*_WORDS, *list(_SCALES)[:5]), key=len, reverse=True))
    ),
    re.IGNORECASE,
)
_HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_RUN = re.compile("[〇零一二三四五六七八九十百千万亿两]+")
_ROMAN = re.compile(r"\b(?=[IVXLC]{2,}\b)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_AFTER_NOON = re.compile(r"(\d{1,2})(?::\d\d)?\s*p\.?m\b|(?:下午|晚上|傍晚)\s*(\d{1,2})", re.I)
_CLOCK = re.compile(r"\b(1[3-9]|2[0-3]):\d\d")
_DECADE = re.compile(
    r"(?<!\d)(1\d|20)(\d0)'?s\b|(?<!\d)(1\d|20|上)个?\s*世纪\s*([1-9]0|[二三四五六七八九]十)\s*年代"
)
_SHORT_SCALE = re.compile(
    r"(?<![\d.])(\d{1,15}(?:\.\d{1,15})?)\s?(k|m|mln|bn|b|tn)\b", re.IGNORECASE
)
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}
_SCALED_RANGE = re.compile(
    r"(?<![\d.])(\d{1,15}(?:\.\d{1,15})?)\s?(?:to|or|-|–|—|~|到|至|或)\s?\d{1,15}(?:\.\d{1,15})?\s?"
    r"(hundred|thousand|million|billion|trillion|[百千十]?[万亿]|[百千])",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(
    r"\b(\w{1,12}) and a half\b|(?<!\d)(\d{1,9}|[一二三四五六七八九十两]{1,4})"
    r"\s?(?:个|分钟?|小时|年|倍|天|点|斤|米|公里)?半",
    re.IGNORECASE,
)
_ONE_SCALE = re.compile(r"\ban?\s+(?:half\s+)?(hundred|thousand|million|billion|trillion)\b", re.I)
_ABOUT = re.compile(
    r"(?:about|around|nearly|almost|roughly|approximately|some|over|more than|less than|under"
    r"|at least|up to|大?约|近|将近|接近|超过|不到|至少|至多|多达|大概)\s*(?:\W\s*)?$",
    re.IGNORECASE,
)
_MORE = re.compile(r"^\s*(?:多|余|左右|上下|\+|or so|or more)")
_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a text names; `is_word` where it is written out, `is_about` where it is rounded."""

    value: float
    is_word: bool = False
    is_about: bool = False

    def is_in(self, values: frozenset[float]) -> bool:
        """Whether a text with these values names it."""
        if self.value in values:
            return True
        near = _ROUNDING * abs(self.value)
        return self.is_about and any(
            abs(self.value - value) <= near and _figures(self.value) < _figures(value)
            for value in values
        )


def numbers(text: str) -> list[Number]:
    """Return the numbers that a claim names."""
    text = _even(text)
    found = [
        Number(value, is_about=_is_about(text, start, end))
        for value, start, end, _ in _in_digits(text)
    ]
    found += [Number(value, True, _is_about(text, a, b)) for value, a, b in _in_words(text)]
    return found


def values(text: str) -> frozenset[float]:
    """Return every value that a note may be said to name: more readings than `numbers` takes."""
    text = _even(text)
    found: set[float] = set()
    for value, _, _, bare in _in_digits(text):
        found |= {value, bare}
    found.update(value for value, _, _ in _in_words(text))
    found.update(float(_HAN_DIGITS[c]) for c in text if c in _HAN_DIGITS)
    found.update(_readings(text))
    return frozenset(found)


def _even(text: str) -> str:
    for sign, decimal in _VULGAR.items():
        text = re.sub(rf"(?<!\d){sign}", f"0{decimal}", text).replace(sign, decimal)
    return unicodedata.normalize("NFKC", text)


def _is_about(text: str, start: int, end: int) -> bool:
    return bool(_ABOUT.search(text[max(0, start - 16) : start]) or _MORE.match(text[end:]))


def _in_digits(text: str) -> Iterator[tuple[float, int, int, float]]:
    """Yield value, start, end, and the value without "million"."""
    for match in _DIGITS.finditer(text):
        bare = float(match[1].replace(",", ""))
        scale = _SCALES.get((match[2] or "").lower(), 1.0)
        yield _round(bare * scale), match.start(), match.end(), bare


def _in_words(text: str) -> Iterator[tuple[float, int, int]]:
    for match in _WORD_RUN.finditer(text):
        words = re.findall(r"[a-z]+", match[0].lower())
        if (value := _english([word for word in words if word != "and"])) is not None:
            yield value, match.start(), match.end()
    for match in _HAN_RUN.finditer(text):
        if match.start() and text[match.start() - 1] in "0123456789":
            continue  # 200万
        if (value := _chinese(match[0])) is not None:
            yield value, match.start(), match.end()
    for match in _MONTH.finditer(text):
        month = next(i for i, m in enumerate(_MONTHS, 1) if m[:3] == match[1][:3].lower())
        yield float(month), match.start(), match.end()


def _english(words: Sequence[str]) -> float | None:
    """Read "two hundred and five thousand"; a scale without a number ("millions") says nothing."""
    if words[0] in _SCALES:
        return None
    total, part = 0.0, 0.0
    for word in words:
        if word == "hundred":
            part *= 100
        elif word in _SCALES:
            total, part = total + part * _SCALES[word], 0.0
        else:
            part += _WORDS[word]
    return total + part


def _chinese(run: str) -> float | None:
    """Read 二百零五万, 二〇一六 or 二十四; a unit without a number (千万别) says nothing."""
    if all(c in _HAN_DIGITS for c in run):
        return float("".join(str(_HAN_DIGITS[c]) for c in run))
    if run[0] in "百千万亿":
        return None
    total, part, digit = 0.0, 0.0, 0.0
    for c in run:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in _HAN_UNITS:
            part, digit = part + (digit or 1) * _HAN_UNITS[c], 0
        else:
            scale = 1e4 if c == "万" else 1e8
            total, part, digit = (total + part + digit) * scale, 0, 0
    return total + part + digit


def _readings(text: str) -> Iterator[float]:
    """Yield what is meant though it is not written: 14 for 2 pm, 1990 for the 90s of a century."""
    for match in _AFTER_NOON.finditer(text):
        yield float(match[1] or match[2]) + 12
    for match in _CLOCK.finditer(text):
        yield float(match[1]) - 12
    for match in _DECADE.finditer(text):
        if match[1]:
            yield from (float(match[1]) + 1, float(match[2]))
        else:
            decade = float(match[4]) if match[4].isdigit() else (_chinese(match[4]) or 0.0)
            century = 20.0 if match[3] == "上" else float(match[3])
            yield (century - 1) * 100 + decade
    for match in _SHORT_SCALE.finditer(text):
        yield _round(float(match[1]) * _SHORT_SCALES[match[2].lower()])
    for match in _SCALED_RANGE.finditer(text):
        yield _round(float(match[1]) * _SCALES[match[2].lower()])
    for match in _ONE_SCALE.finditer(text):
        yield _SCALES[match[1].lower()]
    for match in filter(lambda m: m[0], _ROMAN.finditer(text)):
        yield float(_roman(match[0]))
    if re.search(r"\bhal(?:f|ves)\b|半", text, re.IGNORECASE):
        yield from (0.5, 50.0, 30.0)  # of one, of a hundred, of an hour
    for match in _AND_A_HALF.finditer(text):
        whole = match[1] or match[2]
        named = [value for value, *_ in (*_in_digits(whole), *_in_words(whole))]
        yield from (value + 0.5 for value in named)


def _roman(text: str) -> int:
    worth = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[c] for c in text]
    following = [*worth[1:], 0]
    return sum(-a if a < b else a for a, b in zip(worth, following, strict=True))


def _figures(value: float) -> int:
    """Return how many figures a number has without the zeros at its end."""
    return len(f"{value:.10g}".replace(".", "").strip("0"))


def _round(value: float) -> float:
    return float(f"{value:.10g}")
