"""When does a value fit a filter? The same rules for notes and for the lists of known values."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from index.days import Days, days_of
from index.terms import normalized

_CODES = {
    **dict.fromkeys(("中文", "汉语", "漢語", "chinese", "zh-cn", "zh-tw"), "zh"),
    **dict.fromkeys(("英文", "英语", "英語", "english", "en-us", "en-gb"), "en"),
}
_SEVERAL = re.compile(r"\s*[,，、;；|]\s*")
_MARKUP = re.compile(r"[*`]+|__|~~")

Fits = Callable[[str], bool]


def folded(text: str) -> str:
    """Fold what looks the same: case, width, traditional characters, diacritics, white space."""
    return " ".join(normalized(text).casefold().split())


def parts_of(value: str) -> list[str]:
    """Return what a cell with several values holds: `paper, tip` is both."""
    return [part for part in _SEVERAL.split(value.strip()) if part]


def fits(name: str, wanted: Sequence[str]) -> Fits:
    """Return the test whether a note's value of the field `name` fits any of `wanted`."""
    texts = [folded(value) for value in wanted]
    test: Fits
    match name:
        case "type":
            test = _is_one_of(texts)
        case "source":
            test = _holds(texts)
        case "tag":
            test = _is_tag(texts)
        case "path":
            test = _is_at([_place(text) for text in texts])
        case "lang":
            codes = {_CODES.get(text, text) for text in texts}
            test = codes.__contains__
        case _:
            test = set(texts).__contains__
    return lru_cache(maxsize=4096)(test)


def fits_dates(name: str, wanted: Sequence[str]) -> Callable[[Days], bool]:
    """Return the test for dates: `after` and `before` include the days that they name."""
    asked = [days for value in wanted if (days := days_of(value))]
    if name == "after":
        return lambda days: all(days.last >= day.first for day in asked)
    if name == "before":
        return lambda days: all(days.first <= day.last for day in asked)
    return lambda days: any(days.meets(day) for day in asked)


def says(text: str, phrase: str) -> bool:
    """Whether `text` has `phrase` (folded), not as a part of a longer Latin word or number."""
    text = folded(text)
    return _has(text, phrase) or (_MARKUP.search(text) is not None and _has(_bare(text), phrase))


def _bare(text: str) -> str:
    return _MARKUP.sub("", text)


def _has(text: str, phrase: str) -> bool:
    at = text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if _parted(text[at - 1 : at], phrase[0]) and _parted(phrase[-1], text[end : end + 1]):
            return True
        at = text.find(phrase, at + 1)
    return False


def _parted(left: str, right: str) -> bool:
    """Whether a word may end between two characters."""
    return not (left.isalnum() and right.isalnum() and left < "\u1100" and right < "\u1100")


def _is_one_of(texts: Sequence[str]) -> Fits:
    def test(value: str) -> bool:
        whole = folded(value)
        return whole in texts or any(part in texts for part in parts_of(whole))

    return test


def _holds(texts: Sequence[str]) -> Fits:
    def test(value: str) -> bool:
        whole = folded(value)
        return any(text in whole for text in texts)

    return test


def _is_tag(texts: Sequence[str]) -> Fits:
    tags = [text.lstrip("#").rstrip("/") for text in texts]

    def test(value: str) -> bool:
        tag = folded(value)
        return any(tag == wanted or tag.startswith(f"{wanted}/") for wanted in tags)

    return test


def _is_at(places: Sequence[re.Pattern[str]]) -> Fits:
    def test(path: str) -> bool:
        place = folded(path)
        return any(wanted.search(place) for wanted in places)

    return test


def _place(text: str) -> re.Pattern[str]:
    """A path begins with `net/t` at any folder, with `/net/t` at the vault; `*` is no `/`."""
    text = text.replace("\\", "/").removeprefix("./")
    start = "^" if text.startswith("/") else "(?:^|/)"
    text = text.lstrip("/")
    pattern = ""
    for part in re.findall(r"\*\*/|\*+|\?|[^*?]+", text):
        if part == "**/":
            pattern += "(?:.*/)?"
        elif part == "?":
            pattern += "[^/]"
        elif part[0] == "*":
            pattern += "[^/]*" if part == "*" else ".*"
        else:
            pattern += re.escape(part)
    is_glob = "*" in text or "?" in text
    return re.compile(start + pattern + ("(?:/|$)" if is_glob and not text.endswith("/") else ""))
