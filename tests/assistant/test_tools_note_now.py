"""Programs read notes as their files are now, and no other file."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.tools import open_note, search_notes
from corpus.errors import NotesError
from tests.assistant.small_vault import FILES, NET, assistant_over, write

KDIG = "| kdig | asks a name server too |"


@pytest.fixture
def own(tmp_path: Path) -> Assistant:
    return assistant_over(tmp_path, FILES)


def read(
    assistant: Assistant,
    note: Any = "",
    file: Any = "",
    lines: Any = None,
    vault: Any = "",
    most: int = 10_000,
) -> dict[str, Any]:
    return open_note(assistant, note, file, lines, vault, most)


def told(assistant: Assistant, **named: Any) -> str:
    with pytest.raises(NotesError) as caught:
        read(assistant, **named)
    return f"{caught.value.message} {caught.value.hint}"


def found(assistant: Assistant, phrase: str) -> dict[str, Any]:
    report = search_notes(assistant, "", 1, "terms", {"phrase": phrase})
    (hit,) = report["hits"]
    return dict(hit)


def key_of(assistant: Assistant, phrase: str) -> str:
    return str(found(assistant, phrase)["note"])


# what is read


def test_a_note_is_read_by_its_id_with_those_around_it(own: Assistant) -> None:
    cache, dig, kdig = (key_of(own, said) for said in ("kept in a cache.", "| dig", "kdig"))
    note = read(own, dig)
    assert note == {
        "note": dig,
        "file": "net/dns.md",
        "lines": [11, 11],
        "title": "dig | asks a name server",
        "kind": "row",
        "headings": ["Cache"],
        "text": "| dig | asks a name server |",
        "is_cut": False,
        "more": None,
        "before": {"note": cache, "title": "Cache", "lines": [5, 7]},
        "after": {"note": kdig, "title": "kdig | asks a name server too", "lines": [12, 12]},
        "vault": "vault",
        "freshness": "current",
    }


def test_a_hit_and_its_note_name_the_same_lines(own: Assistant) -> None:
    hits = search_notes(own, "", 100, "hybrid", {"path": "/net/"}, "file")["hits"]
    assert len(hits) == 4
    for hit in hits:
        note = read(own, hit["note"])
        assert (note["file"], note["lines"], note["title"]) == (
            hit["file"],
            hit["lines"],
            hit["title"],
        )
        assert hit["text"] in note["text"]


def test_a_whole_hit_may_be_given_back(own: Assistant) -> None:
    hit = found(own, "kdig")
    assert read(own, hit["note"], hit["file"], None, hit["vault"]) == read(own, hit["note"])
    assert read(own, hit["note"], hit["file"], hit["lines"]) == read(own, hit["note"])


def test_lines_of_a_file_are_read_with_the_note_that_they_begin_in(own: Assistant) -> None:
    part = read(own, file="net/dns.md", lines=[6, 11])
    assert part["text"] == NET.split("# Cache\n")[1].split("| kdig")[0].rstrip("\n")
    assert (part["title"], part["lines"], part["before"]["title"]) == ("Cache", [6, 11], "DNS")
    assert part["note"] == key_of(own, "kept in a cache.")


def test_a_whole_file_is_read_without_lines(own: Assistant) -> None:
    whole = read(own, file="net/dns.md")
    assert (whole["text"], whole["lines"]) == (NET.rstrip("\n"), [1, 12])
    assert (whole["note"], whole["title"], whole["kind"], whole["headings"]) == (
        *("", "dns.md"),
        *(None, []),
    )
    assert (whole["before"], whole["after"]) == (None, None)


def test_lines_past_the_end_are_the_last_ones(own: Assistant) -> None:
    assert read(own, file="net/dns.md", lines=[12, 99])["lines"] == [12, 12]


@pytest.mark.parametrize("most", [33, 34, 60, 61, 62, 63, 100, 1000])
def test_what_is_cut_is_read_on_to_the_end(own: Assistant, most: int) -> None:
    parts = [read(own, file="net/dns.md", most=most)]
    while parts[-1]["more"]:
        assert parts[-1]["is_cut"]
        parts.append(read(own, file="net/dns.md", lines=parts[-1]["more"], most=most))
    assert not parts[-1]["is_cut"]
    assert "\n".join(part["text"] for part in parts) == NET.rstrip("\n")
    assert max(len(part["text"]) for part in parts) <= most
    assert len(parts) == 1 or most < len(NET)


def test_as_many_lines_are_read_as_fit(own: Assistant) -> None:
    most = len("# DNS\n\nA name is resolved.")
    assert read(own, file="net/dns.md", most=most)["lines"] == [1, 3]
    assert read(own, file="net/dns.md", most=most - 1)["lines"] == [1, 2]


def test_an_endless_line_is_cut(tmp_path: Path) -> None:
    own = assistant_over(tmp_path, {"long.md": f"# Long\n\n{'word ' * 400}\n\nEnd.\n"})
    part = read(own, file="long.md", lines=[3, 5], most=100)
    assert (part["lines"], len(part["text"]), part["is_cut"], part["more"]) == (
        *([3, 3], 100),
        *(True, [4, 5]),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_are_no_text(tmp_path: Path, end: str) -> None:
    own = assistant_over(tmp_path, {"a.md": f"\ufeff# One{end}{end}Two 二.{end}".encode()})
    assert read(own, file="a.md")["text"] == f"# One{end}{end}Two 二."
    assert read(own, file="a.md", lines=[1, 1])["text"] == "# One"
    assert read(own, file="a.md", lines=[3, 3])["text"] == "Two 二."


# files that have changed


def test_a_note_that_moved_is_read_at_its_new_place(own: Assistant, tmp_path: Path) -> None:
    key = key_of(own, "kdig")
    write(tmp_path / "vault", {"net/dns.md": f"# New\n\nAt the top.\n\n{NET}"})
    note = read(own, key)
    assert (note["lines"], note["text"], note["freshness"]) == ([16, 16], KDIG, "current")
    assert note["before"]["title"] == "dig | asks a name server"


def test_a_note_that_was_edited_is_read_as_it_is_now(own: Assistant, tmp_path: Path) -> None:
    key = key_of(own, "kept in a cache.")
    write(tmp_path / "vault", {"net/dns.md": NET.replace("in a cache.", "in two caches.")})
    note = read(own, key)
    assert (note["text"], note["freshness"]) == (
        "# Cache\n\nNames are kept in two caches.",
        "changed",
    )


def test_a_note_that_is_gone_is_told(own: Assistant, tmp_path: Path) -> None:
    key = key_of(own, "kdig")
    write(tmp_path / "vault", {"net/dns.md": NET.replace(KDIG, "")})
    assert told(own, note=key) == (
        f"The note {key} is no longer found in net/dns.md, which has changed. "
        "Read the file by its lines, or search for what it says."
    )
    (tmp_path / "vault" / "net" / "dns.md").unlink()
    assert told(own, note=key).startswith("There is no net/dns.md among the notes of vault.")


@pytest.mark.parametrize(
    ("was", "now", "lines"), [("", "N\n\n", [[3, 5], [7, 9]]), ("N\n\n", "", [[1, 3], [5, 7]])]
)
def test_of_twins_the_nearer_one_is_read(
    tmp_path: Path, was: str, now: str, lines: list[list[int]]
) -> None:
    twins = "# A\n\nSame.\n\n# A\n\nSame.\n"
    own = assistant_over(tmp_path, {"a.md": f"{was}{twins}"})
    hits = search_notes(own, "", 9, "hybrid", {"path": "a.md"}, "file")["hits"]
    write(tmp_path / "vault", {"a.md": f"{now}{twins}"})
    assert [read(own, hit["note"])["lines"] for hit in hits if hit["title"] == "A"] == lines


def test_a_new_note_of_a_changed_file_has_no_id(own: Assistant, tmp_path: Path) -> None:
    write(tmp_path / "vault", {"net/dns.md": f"{NET}\n# New\n\nSaid now.\n"})
    part = read(own, file="net/dns.md", lines=[14, 16])
    assert (part["note"], part["title"], part["freshness"]) == ("", "New", "changed")
    assert part["before"]["title"] == "kdig | asks a name server too"


def test_of_a_vault_that_is_away_the_indexs_text_is_read(own: Assistant, tmp_path: Path) -> None:
    key = key_of(own, "kdig")
    shutil.move(tmp_path / "vault", tmp_path / "away")
    note = read(own, key)
    assert (note["text"], note["lines"], note["freshness"]) == (KDIG, [12, 12], "unreachable")


# what cannot be read


@pytest.mark.parametrize("key", ["no", "0" * 16, "%", "' OR 1=1 --", "\ud800", "注", 7, True])
def test_an_unknown_id_is_told(own: Assistant, key: Any) -> None:
    shown = str(key).replace("\ud800", "?")
    assert told(own, note=key) == (
        f"There is no note with the id {shown}. "
        "A note that was changed has another id; search for it."
    )


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.md", "../../etc/passwd", "/etc/passwd", "net/../plain.txt", "./plain.txt"),
        *("net//dns.md", "net", ".", "plain.txt/", "PLAIN.TXT", "plain.txt\0", "~/secret.md"),
        *(
            "%2e%2e/secret.md",
            "..\\secret.md",
            "file:///etc/passwd",
            "hidden.md",
            "\udcff",
            "link.md",
        ),
    ],
)
def test_a_file_that_is_none_of_the_notes_is_not_read(
    own: Assistant, tmp_path: Path, path: str
) -> None:
    write(tmp_path, {"secret.md": "secret", "vault/hidden.md": "hidden"})
    (tmp_path / "vault" / "link.md").symlink_to(tmp_path / "secret.md")
    own.update()
    (tmp_path / "vault" / "hidden.md").unlink()
    shown = path.encode(errors="replace").decode()
    for wanted in (None, [1, 1]):
        assert told(own, file=path, lines=wanted).startswith(f"There is no {shown} among the notes")
        for vault in ("vault", "..", "/", str(tmp_path)):
            assert "There is no" in told(own, file=path, lines=wanted, vault=vault)


def test_an_absolute_path_names_no_note_and_none_is_given(own: Assistant, tmp_path: Path) -> None:
    absolute = str(tmp_path / "vault" / "plain.txt")
    assert told(own, file=absolute).startswith(f"There is no {absolute} among the notes.")
    notes = [read(own, file=path) for path in FILES]
    assert str(tmp_path) not in json.dumps(notes)


def test_a_note_whose_file_became_a_link_is_not_read(own: Assistant, tmp_path: Path) -> None:
    key = key_of(own, "Descale the kettle.")
    write(tmp_path, {"secret.md": "secret"})
    file = tmp_path / "vault" / "plain.txt"
    file.unlink()
    file.symlink_to(tmp_path / "secret.md")
    assert told(own, note=key).startswith("There is no plain.txt among the notes of vault.")
    assert told(own, file="plain.txt").startswith("There is no plain.txt among the notes of vault.")


def test_a_file_that_two_vaults_have_needs_its_vault(own: Assistant, tmp_path: Path) -> None:
    write(tmp_path / "other", {"plain.txt": "Fill the kettle.\n"})
    update_index(own.store.folder, [tmp_path / "other"])
    assert told(own, file="plain.txt") == (
        "There is a plain.txt in each of these: other, vault. Name one of them as vault."
    )
    assert read(own, file="plain.txt", vault="other")["text"] == "Fill the kettle."


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([0, 1], "There are no lines 0 to 1."),
        ([-5, -1], "There are no lines -5 to -1."),
        ([3, 2], "There are no lines 3 to 2."),
        ([13, 14], "There is no line 13: the file has 12."),
        ([10**30, 10**30], f"There is no line {10**30}: the file has 12."),
        ([1], "Lines are two numbers."),
        ([], "Lines are two numbers."),
        ([1, 2, 3], "Lines are two numbers."),
        (["1", "2"], "Lines are two numbers."),
        ([1.5, 2], "Lines are two numbers."),
        ([True, True], "Lines are two numbers."),
        ("12", "Lines are two numbers."),
        (7, "Lines are two numbers."),
        ({"first": 1}, "Lines are two numbers."),
    ],
)
def test_lines_that_are_none_are_told(own: Assistant, lines: Any, why: str) -> None:
    assert told(own, file="net/dns.md", lines=lines).startswith(why)


def test_naming_nothing_is_told(own: Assistant) -> None:
    why = "Which note is meant? Give its id as note, or its file and lines."
    assert told(own) == why
    assert told(own, note=None, file=None, vault=None) == why
    assert told(own, note=key_of(own, "kdig"), lines=[1, 2]) == why


def test_a_name_without_end_is_told_in_short(own: Assistant) -> None:
    for named in ({"note": "x" * 10**6}, {"file": "x" * 10**6}):
        assert len(told(own, **named)) < 500


def test_an_index_that_went_away_is_told(own: Assistant) -> None:
    key = key_of(own, "kdig")
    shutil.rmtree(own.store.folder)
    for named in ({"note": key}, {"file": "plain.txt"}):
        assert told(own, **named).startswith(f"There is no index in {own.store.folder}. Make one")
