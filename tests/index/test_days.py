from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.days import Days, days_of, days_of_note


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024/6/3", date(2024, 6, 3), date(2024, 6, 3)),
        ("2024年6月3日", date(2024, 6, 3), date(2024, 6, 3)),
        ("２０２４年６月", date(2024, 6, 1), date(2024, 6, 30)),
    ],
)
def test_a_date_covers_its_days(text: str, first: date, last: date) -> None:
    assert days_of(text) == Days(first, last)


@pytest.mark.parametrize("text", ["", "soon", "2024-13", "2023-02-29", "20240101", "2024-01-01x"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert days_of(text) is None


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert days_of(day.isoformat()) == Days(day, day)


@pytest.mark.parametrize(
    ("written", "path", "day"),
    [
        ("2024-05-06T10:00:00Z", "a.md", date(2024, 5, 6)),
        ("2024-05-06", "2020-01-01.md", date(2024, 5, 6)),
        (None, "diary/2020-01-02-rain.md", date(2020, 1, 2)),
        ("some day", "2020_01_02.md", date(2020, 1, 2)),
        (None, "2020-01-02/a.md", None),
        (None, "rfc9293.md", None),
    ],
)
def test_a_notes_date_is_its_own_or_its_files_name(
    written: str | None, path: str, day: date | None
) -> None:
    assert days_of_note(written, path) == (Days(day, day) if day else None)
