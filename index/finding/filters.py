"""The query language: `type:paper source:"crates.io" path:net/ tag:x lang:zh after:2024-01-01`.

Words in quotes must occur as they stand, a word after `-` must not; the rest is the question.
Values of one field are alternatives, fields add up. What looks like a filter but is none is
searched as words, and `problems` says so; `notices` tell what a reader may not have meant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum

from index.days import days_of

FIELDS = ("type", "source", "kind", "lang", "tag", "path", "date", "after", "before")
DATES = ("date", "after", "before")
PHRASE, WITHOUT = "phrase", "without"

_ALIASES = {
    **{"类型": "type", "類型": "type", "types": "type", "来源": "source", "來源": "source"},
    **{"形式": "kind", "语言": "lang", "語言": "lang", "language": "lang", "标签": "tag"},
    **{"標籤": "tag", "tags": "tag", "路径": "path", "路徑": "path", "文件夹": "path"},
    **{"資料夾": "path", "folder": "path", "日期": "date", "之后": "after", "之後": "after"},
    **{"since": "after", "之前": "before", "until": "before"},
}
_NAMES = (*FIELDS, *_ALIASES)
_MOST = 100
"""Filters in a query; more are words."""

_QUOTES = str.maketrans("“”„‟＂「」『』", '"' * 9)
_TOKEN = re.compile(
    r"(?P<minus>(?<!\S)[-－])?"
    r"(?:(?P<field>[^\W\d_]+)[:：](?!//|[:：]))?"
    r'(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|(?P<nothing>(?=\s|"|$)))'
)
_OPTION = re.compile(r"-|[A-Za-z]\d*$|[\W\d]|[A-Za-z][\w-]*=")
"""What after a hyphen makes an option or a number of it: `--all`, `-p`, `-O2`, `-1`, `-std=c++20`."""


class About(StrEnum):
    """What a remark on a query is about."""

    NO_DATE = "no_date"
    NO_VALUE = "no_value"
    NO_FIELD = "no_field"
    OPEN_QUOTE = "open_quote"
    TOO_MANY = "too_many"
    LEFT_OUT = "left_out"
    OPTION = "option"
    NO_SUCH_VALUE = "no_such_value"


@dataclass(frozen=True, slots=True)
class Remark:
    """What to tell of the `part` of a query; `nearest` are fields or values that may be meant."""

    about: About
    part: str = ""
    nearest: tuple[str, ...] = ()


Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """`words` is what is searched; `wanted` maps a field to the values of which one must fit.

    Of `after` and `before` all must fit. `without` holds words and phrases.
    """

    words: str
    wanted: Values = field(default_factory=dict)
    unwanted: Values = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    problems: tuple[Remark, ...] = ()
    notices: tuple[Remark, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the words narrows the search."""
        return bool(self.wanted or self.unwanted or self.phrases or self.without)

    def also(self, fields: Mapping[str, Iterable[str]]) -> "Query":
        """Return the query with more filters (from a page's controls or a program's arguments).

        Names are those of FIELDS, "phrase" and "without". They join what was typed: a further
        value of a field is an alternative, a value that is none is searched as words.
        """
        reading = _Reading.of(self)
        for name, values in fields.items():
            for value in values:
                if name == PHRASE and value.strip():
                    reading.phrase(_unquoted(value.translate(_QUOTES)))
                elif name == WITHOUT:
                    reading.leave_out(_unquoted(value.translate(_QUOTES)))
                elif name in FIELDS and value.strip():
                    reading.filter(name, value.strip(), f"{name}:{value}", is_wanted=True)
        return reading.query()


def parse_query(text: str) -> Query:
    """Part filters from words."""
    reading = _Reading()
    plain = text.translate(_QUOTES)
    if plain.count('"') % 2:
        reading.problems.append(Remark(About.OPEN_QUOTE))
    for match in _tokens(plain):
        reading.take(match)
    return reading.query()


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if text[at].isspace() or match is None or match.end() == at:
            at += 1  # white space, or a quotation mark that none closes
        else:
            yield match
            at = match.end()


class _Reading:
    """A query while it is read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.wanted: dict[str, tuple[str, ...]] = {}
        self.unwanted: dict[str, tuple[str, ...]] = {}
        self.phrases: list[str] = []
        self.without: list[str] = []
        self.problems: list[Remark] = []
        self.notices: list[Remark] = []
        self.filters = 0

    @classmethod
    def of(cls, query: Query) -> "_Reading":
        reading = cls()
        reading.words = [query.words] if query.words else []
        reading.wanted, reading.unwanted = dict(query.wanted), dict(query.unwanted)
        reading.phrases, reading.without = [*query.phrases], [*query.without]
        reading.problems, reading.notices = [*query.problems], [*query.notices]
        return reading

    def query(self) -> Query:
        return Query(
            " ".join(self.words),
            self.wanted,
            self.unwanted,
            tuple(dict.fromkeys(self.phrases)),
            tuple(dict.fromkeys(self.without)),
            tuple(dict.fromkeys(self.problems)),
            tuple(dict.fromkeys(self.notices)),
        )

    def take(self, match: re.Match[str]) -> None:
        """Take in one token."""
        name = (match["field"] or "").lower()
        name, value = _ALIASES.get(name, name), (match["phrase"] or match["word"] or "").strip()
        is_special = name in FIELDS or match["minus"] or match["phrase"] is not None
        if is_special and self.filters >= _MOST:
            self.as_words(match[0], Remark(About.TOO_MANY, str(_MOST)))
        elif name in FIELDS:
            self.filter(name, value, match[0], is_wanted=not match["minus"])
        elif name and value and (meant := _meant(name)):
            self.as_words(match[0], Remark(About.NO_FIELD, match[0], (meant,)))
        elif name or match["phrase"] is None:
            self.word_or_without(_unquoted(match[0]))
        elif match["minus"]:
            self.leave_out(value)
        else:
            self.phrase(value)

    def filter(self, name: str, value: str, written: str, is_wanted: bool) -> None:
        """Keep a filter, or say why it is none."""
        if not value:
            self.as_words(written, Remark(About.NO_VALUE, written))
        elif name in DATES and days_of(value) is None:
            self.as_words(written, Remark(About.NO_DATE, written))
        else:
            self.filters += 1
            target = self.wanted if is_wanted else self.unwanted
            target[name] = tuple(dict.fromkeys((*target.get(name, ()), value)))

    def phrase(self, value: str) -> None:
        if value:
            self.filters += 1
            self.phrases.append(value)
            self.words.append(value)

    def leave_out(self, value: str) -> None:
        if value:
            self.filters += 1
            self.without.append(value)

    def word_or_without(self, written: str) -> None:
        word = written[1:]
        if written[0] not in "-－" or not word or _OPTION.match(word):
            self.words.append(written)
        else:
            self.leave_out(word)
            self.notices.append(Remark(About.LEFT_OUT, word))

    def as_words(self, written: str, problem: Remark) -> None:
        self.words.append(_unquoted(written))
        self.problems.append(problem)


def _unquoted(text: str) -> str:
    return text.replace('"', " ").strip()


def _meant(name: str) -> str:
    """Return the field that `name` is a slip of; "" if of none."""
    for known in _NAMES:
        if sorted(known) == sorted(name):
            return _ALIASES.get(known, known)
    nearest = get_close_matches(name, _NAMES, 1, 0.8) if len(name) < 12 else []
    return _ALIASES.get(nearest[0], nearest[0]) if nearest else ""


def words_of(text: str) -> tuple[str, ...]:
    """Part words to be left out, as a box holds them: `cargo "path dependency"`."""
    matches = _tokens(text.translate(_QUOTES))
    return tuple(value for match in matches if (value := match[0].lstrip("-－").strip('" ')))


def as_option(query: Query, word: str) -> Query:
    """Return the query with what was left out as `-word` searched as the option that it is."""
    left_out = Remark(About.LEFT_OUT, word)
    return replace(
        query,
        words=f"{query.words} -{word}".strip(),
        without=tuple(other for other in query.without if other != word),
        notices=(
            *(notice for notice in query.notices if notice != left_out),
            Remark(About.OPTION, word),
        ),
    )


def typed_without(query: Query) -> Iterable[str]:
    """Return the words that were written after a bare hyphen."""
    return [notice.part for notice in query.notices if notice.about is About.LEFT_OUT]
