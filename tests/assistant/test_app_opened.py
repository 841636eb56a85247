"""What is opened where a note is opened in its file."""

from pathlib import Path

import pytest

from assistant.app.opened import LONGEST
from assistant.assistant import Assistant
from corpus.lines import LineIndex
from corpus.note import Kind, Lines
from index.finding.hit import Freshness
from tests.assistant.small_vault import DIG, FILES, KDIG, NET, assistant_over, opened, titles, write


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return assistant_over(tmp_path_factory.mktemp("unchanged"), FILES)


@pytest.fixture
def own(tmp_path: Path) -> Assistant:
    """Over a vault that may be changed."""
    return assistant_over(tmp_path, FILES)


def test_a_short_file_is_shown_whole(assistant: Assistant) -> None:
    outcome = opened(assistant, "net/dns.md", 5, 7)
    assert (outcome.text, outcome.begin, outcome.is_whole) == (NET, 1, True)
    assert outcome.file.freshness is Freshness.CURRENT
    assert [(place.title, place.kind, place.lines) for place in outcome.file.notes] == [
        ("DNS", Kind.SECTION, Lines(1, 3)),
        ("Cache", Kind.SECTION, Lines(5, 7)),
        (DIG, Kind.ROW, Lines(11, 11)),
        (KDIG, Kind.ROW, Lines(12, 12)),
    ]
    assert outcome.is_markdown
    assert not opened(assistant, "plain.txt", 1, 1).is_markdown


@pytest.mark.parametrize(
    ("first", "last", "around"),
    [
        (1, 3, ["", "DNS", "Cache"]),
        (3, 3, ["", "DNS", "Cache"]),
        (5, 7, ["DNS", "Cache", DIG]),
        (11, 11, ["Cache", DIG, KDIG]),
        (12, 12, [DIG, KDIG, ""]),
    ],
)
def test_the_notes_before_and_after_are_named_and_none_at_the_ends(
    assistant: Assistant, first: int, last: int, around: list[str]
) -> None:
    assert titles(opened(assistant, "net/dns.md", first, last)) == around


def test_lines_between_notes_are_in_none(assistant: Assistant) -> None:
    for line in (4, 9, 0, -1, 99):
        outcome = opened(assistant, "net/dns.md", line, line)
        assert (outcome.here, outcome.before, outcome.after) == (None, None, None)
        assert (outcome.text, outcome.alike) == (NET, ())


def test_the_notes_like_it_are_the_nearest_without_itself(assistant: Assistant) -> None:
    outcome = opened(assistant, "net/dns.md", 5, 7)
    alike = [(hit.note.path, hit.note.title) for hit in outcome.alike]
    assert alike[0] == ("copy.md", "Caches")
    assert (len(alike), len(set(alike))) == (5, 5)
    assert ("net/dns.md", "Cache") not in alike
    assert [hit.rank for hit in outcome.alike] == [1, 2, 3, 4, 5]


def test_notes_like_it_are_as_their_files_are_now(own: Assistant, tmp_path: Path) -> None:
    write(tmp_path / "vault", {"copy.md": f"# New\n\nBefore.\n\n{FILES['copy.md']}"})
    (tmp_path / "vault" / "plain.txt").unlink()
    alike = opened(own, "net/dns.md", 5, 7).alike
    places = [(hit.note.path, hit.note.lines) for hit in alike]
    assert places[0] == ("copy.md", Lines(5, 7))
    assert "plain.txt" not in {path for path, _ in places}
    assert [hit.rank for hit in alike] == list(range(1, len(alike) + 1))


# long files

LINE = "some words that go on " * 4 + "\n"
LONG = "".join(f"# Note {n}\n\nIt is about {n}.\n\n{LINE * 12}\n" for n in range(60))
ENORMOUS = f"# Before\n\nWords.\n\n# Enormous\n\nIt begins.\n\n{LINE * 690}"
BEHIND = (
    f"# Before\n\n{LINE[:-1] * 20}\n"
    + f"{LINE[:-1] * 10}\n" * 99
    + f"\n# Enormous\n\nIt begins.\n\n{LINE * 690}"
)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    files = {"long.md": LONG, "enormous.md": ENORMOUS, "behind.md": BEHIND}
    return assistant_over(tmp_path_factory.mktemp("long"), files)


@pytest.mark.parametrize("wanted", [0, 1, 30, 58, 59])
def test_of_a_long_file_whole_notes_around_the_note_are_shown(long: Assistant, wanted: int) -> None:
    lines = long.read_file("vault", "long.md").notes[wanted].lines
    outcome = opened(long, "long.md", lines.first, lines.last)
    assert (outcome.is_whole, outcome.here, len(outcome.file.notes)) == (False, wanted, 60)
    start = LineIndex(LONG).start(outcome.begin - 1)
    rest = LONG[start + len(outcome.text) :].lstrip()
    assert LONG[start:].startswith(outcome.text)
    assert outcome.text.startswith("# Note ")
    assert f"It is about {wanted}." in outcome.text
    assert rest.startswith("# Note ") or not rest
    assert LONGEST - len(LONG) // 60 < len(outcome.text) <= LONGEST


def test_of_an_enormous_note_the_part_where_it_begins_is_shown(long: Assistant) -> None:
    outcome = opened(long, "enormous.md", 5, 698)
    assert (outcome.begin, outcome.is_whole, outcome.here) == (1, False, 1)
    assert outcome.text == ENORMOUS[:LONGEST]


def test_an_enormous_note_behind_long_lines_is_shown(long: Assistant) -> None:
    place = long.read_file("vault", "behind.md").notes[1]
    outcome = opened(long, "behind.md", place.lines.first, place.lines.last)
    assert "It begins." in outcome.text


def test_lines_of_no_note_are_shown_too_in_a_long_file(long: Assistant) -> None:
    between = long.read_file("vault", "long.md").notes[50].lines.first - 1
    outcome = opened(long, "long.md", between, between)
    assert (outcome.here, outcome.is_whole) == (None, False)
    start, cited = (LineIndex(LONG).start(line - 1) for line in (outcome.begin, between))
    assert outcome.text == LONG[start : start + LONGEST]
    assert 0 < cited - start <= LONGEST // 4
