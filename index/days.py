"""Dates as people write them: a day, a month or a year, as the days that they cover."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from unicodedata import normalize

_DATE = re.compile(
    r"(?P<year>[12]\d{3})(?:\s?[-/.年]\s?(?P<month>\d{1,2})(?:\s?[-/.月]\s?(?P<day>\d{1,2}))?)?"
    r"\s?[年月日]?(?!\d)"
)
_IN_NAME = re.compile(r"(?<!\d)[12]\d{3}([-_.])\d{2}\1\d{2}(?!\d)[^/]*$")


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day that a date covers, both included, first ≤ last."""

    first: date
    last: date

    def meets(self, other: "Days") -> bool:
        """Whether any day is in both."""
        return self.first <= other.last and other.first <= self.last


def days_of(text: str) -> Days | None:
    """Read `2024`, `2024-06`, `2024/6/30` or `2024年6月30日`; None if that is not all of it."""
    text = normalize("NFKC", text).strip()
    match = _DATE.fullmatch(text)
    return _days(match) if match else None


@lru_cache(maxsize=1 << 14)
def days_of_note(written: str | None, path: str) -> Days | None:
    """Return a note's days: of its date (a time may follow it), else of its file's name.

    A file's own time is not taken for a date: copies and checkouts change it.
    """
    match = _DATE.match(normalize("NFKC", written).strip()) if written else None
    days = _days(match) if match else None
    if days is None and (named := _IN_NAME.search(path)):
        days = days_of(named[0][:10].replace("_", "-"))
    return days


def _days(match: re.Match[str]) -> Days | None:
    year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
    assert year is not None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Days(first, first)
    last_month = month or 12
    return Days(first, date(year, last_month, monthrange(year, last_month)[1]))
