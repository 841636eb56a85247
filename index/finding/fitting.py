"""Does a note that is in no index pass a query's filters? As `allowed.py` says of those that are."""

from collections.abc import Callable, Iterator, Sequence

from corpus.language import language_of
from corpus.note import Note
from index.days import days_of_note
from index.finding.filters import DATES, Query
from index.finding.matching import fits, fits_dates

Passes = Callable[[Note], bool]


def passing_test(query: Query) -> Passes:
    """Return the test whether a note passes the filters by fields; phrases and words say nothing."""
    tests = list(_tests(query))
    return lambda note: all(test(note) is wanted for test, wanted in tests)


def _tests(query: Query) -> Iterator[tuple[Passes, bool]]:
    for name, wanted in query.wanted.items():
        yield _test(name, wanted), True
    for name, unwanted in query.unwanted.items():
        for value in unwanted:
            yield _test(name, (value,)), False


def _test(name: str, wanted: Sequence[str]) -> Passes:
    if name in DATES:
        in_days = fits_dates(name, wanted)

        def is_dated(note: Note) -> bool:
            days = days_of_note(note.meta.get("date"), note.path)
            return days is not None and in_days(days)

        return is_dated
    fit = fits(name, wanted)
    return lambda note: any(fit(value) for value in _values(note, name))


def _values(note: Note, name: str) -> Sequence[str]:
    match name:
        case "path":
            return (note.path,)
        case "tag":
            return note.tags
        case "kind":
            return (note.kind.value,)
        case "lang":
            return (language_of(note.text),)
    return (note.meta[name],) if name in note.meta else ()
