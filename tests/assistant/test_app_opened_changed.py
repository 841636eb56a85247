"""Notes are opened in files that are not as they were indexed, and no other file is."""

import logging
import shutil
from pathlib import Path

import pytest

from assistant.app.opened import Place, open_note
from assistant.app.problem import Problem
from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.note import Lines
from index.finding.hit import Freshness
from tests.assistant.small_vault import DIG, FILES, NET, assistant_over, opened, titles, write


@pytest.fixture
def own(tmp_path: Path) -> Assistant:
    return assistant_over(tmp_path, FILES)


def closed(path: str, vault: str = "vault") -> Problem:
    return Problem(
        f"There is no {path} among the notes of {vault}.",
        "It may have been moved or deleted; search for what it says.",
    )


def test_a_changed_file_is_shown_as_it_is_now(own: Assistant, tmp_path: Path) -> None:
    now = f"# New\n\nAt the top.\n\n{NET}"
    write(tmp_path / "vault", {"net/dns.md": now})
    outcome = opened(own, "net/dns.md", 9, 11)
    assert (outcome.text, outcome.file.freshness) == (now, Freshness.CHANGED)
    assert titles(outcome) == ["DNS", "Cache", DIG]
    assert [bool(place.key) for place in outcome.file.notes] == [False, *[True] * 4]
    assert outcome.alike[0].note.path == "copy.md"
    assert opened(own, "net/dns.md", 1, 3).alike == ()


def test_a_file_that_shrank_has_no_longer_the_lines(own: Assistant, tmp_path: Path) -> None:
    write(tmp_path / "vault", {"net/dns.md": "Gone.\n"})
    outcome = opened(own, "net/dns.md", 12, 12)
    assert (outcome.text, outcome.here, outcome.alike) == ("Gone.\n", None, ())


def test_in_a_changed_file_a_note_is_not_like_itself(own: Assistant, tmp_path: Path) -> None:
    write(tmp_path / "vault", {"twins.md": f"{FILES['twins.md']}\n\nMore.\n"})
    places = [(hit.note.path, hit.note.lines) for hit in opened(own, "twins.md", 1, 3).alike]
    assert ("twins.md", Lines(1, 3)) not in places


def test_a_deleted_file_is_told(own: Assistant, tmp_path: Path) -> None:
    (tmp_path / "vault" / "net" / "dns.md").unlink()
    wanted = Place("vault", "net/dns.md", Lines(1, 3))
    assert open_note(own, wanted) == closed("net/dns.md")
    (tmp_path / "vault" / "net").rmdir()
    assert open_note(own, wanted) == closed("net/dns.md")
    write(tmp_path / "vault", {"net": "a file where a folder was"})
    assert open_note(own, wanted) == closed("net/dns.md")


def test_of_a_vault_that_is_away_the_indexs_text_is_shown(own: Assistant, tmp_path: Path) -> None:
    shutil.move(tmp_path / "vault", tmp_path / "away")
    outcome = opened(own, "net/dns.md", 5, 7)
    assert outcome.file.freshness is Freshness.UNREACHABLE
    assert titles(outcome) == ["DNS", "Cache", DIG]
    lines = outcome.text.split("\n")
    assert lines[4:7] == ["# Cache", "", "Names are kept in a cache."]
    assert lines[10:] == ["| dig | asks a name server |", "| kdig | asks a name server too |"]
    assert outcome.alike[0].freshness is Freshness.UNREACHABLE


def test_a_note_is_not_opened_where_the_index_is_gone(own: Assistant) -> None:
    shutil.rmtree(own.store.folder)
    outcome = open_note(own, Place("vault", "net/dns.md", Lines(1, 3)))
    assert isinstance(outcome, Problem)
    assert outcome.message == f"There is no index in {own.store.folder}."


# paths that the index does not have


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "..", "../secret.md", "net/../plain.txt", "./plain.txt", "net//dns.md", "net"),
        *("/etc/passwd", "plain.txt/", "PLAIN.TXT", "plain.txt\0", "%2e%2e/secret.md", "'--"),
        *("..\\secret.md", "file:///etc/passwd", "~/secret.md", "hidden.md"),
    ],
)
def test_a_path_that_the_index_does_not_have_is_not_read(
    own: Assistant, tmp_path: Path, path: str
) -> None:
    write(tmp_path, {"secret.md": "secret", "vault/hidden.md": "hidden"})
    for vault in ("vault", "..", "", str(tmp_path)):
        assert open_note(own, Place(vault, path, Lines(1, 1))) == closed(path, vault)
    absolute = str(tmp_path / "vault" / "plain.txt")
    assert open_note(own, Place("vault", absolute, Lines(1, 1))) == closed(absolute)
    assert open_note(own, Place("other", "plain.txt", Lines(1, 1))) == closed("plain.txt", "other")


def test_a_link_that_leads_out_of_the_vault_is_not_followed(
    own: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, {"out/dns.md": NET.replace("resolved", "secret"), "vaulted.md": "secret"})
    file = tmp_path / "vault" / "net" / "dns.md"
    wanted = Place("vault", "net/dns.md", Lines(1, 3))
    for target in (tmp_path / "out" / "dns.md", Path("../../out/dns.md"), tmp_path / "vaulted.md"):
        file.unlink()
        file.symlink_to(target)
        with caplog.at_level(logging.DEBUG):
            assert open_note(own, wanted) == closed("net/dns.md")
    shutil.rmtree(file.parent)
    file.parent.symlink_to(tmp_path / "out")
    assert open_note(own, wanted) == closed("net/dns.md")
    assert "secret" not in caplog.text


def test_a_link_that_leads_to_itself_is_told(own: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "vault" / "plain.txt"
    file.unlink()
    file.symlink_to("plain.txt")
    assert open_note(own, Place("vault", "plain.txt", Lines(1, 1))) == closed("plain.txt")


def test_a_vault_of_one_file_does_not_become_another_file(tmp_path: Path) -> None:
    write(tmp_path, {"one.md": "# One\n", "secret.md": "secret"})
    update_index(tmp_path / "index", [tmp_path / "one.md"])
    own = Assistant(tmp_path / "index")
    (tmp_path / "one.md").unlink()
    (tmp_path / "one.md").symlink_to("secret.md")
    outcome = open_note(own, Place("one.md", "one.md", Lines(1, 1)))
    assert outcome == closed("one.md", "one.md")


def test_a_file_in_the_place_of_a_vault_opens_nothing_beside_it(
    own: Assistant, tmp_path: Path
) -> None:
    shutil.move(tmp_path / "vault", tmp_path / "away")
    write(tmp_path, {"vault": "no folder", "plain.txt": "secret"})
    outcome = open_note(own, Place("vault", "plain.txt", Lines(1, 1)))
    assert "secret" not in repr(outcome)


def test_an_empty_mount_point_is_a_vault_that_is_away(own: Assistant, tmp_path: Path) -> None:
    shutil.move(tmp_path / "vault", tmp_path / "away")
    (tmp_path / "vault").mkdir()
    hits = own.search("kettle", 1).hits
    assert [hit.freshness for hit in hits] == [Freshness.UNREACHABLE]
    assert opened(own, "plain.txt", 1, 1).file.freshness is Freshness.UNREACHABLE
