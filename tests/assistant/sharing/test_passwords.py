import stat
import sys
from pathlib import Path

import pytest

from assistant.sharing.passwords import Passwords, keep_password, read_passwords
from corpus.errors import NotesError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people"


def keep_only(file: Path, name: str) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if line.startswith(name)), encoding="utf-8")


def test_a_password_is_kept_hashed_and_fits_only_its_name(file: Path) -> None:
    assert keep_password(file, "ann", "correct horse")
    assert keep_password(file, "小明", "正确的马 电池 订书钉")
    known = Passwords(file)
    assert known.fits("ann", "correct horse")
    assert known.fits("ann", "correct horse")  # what is known already takes another way
    assert known.fits("小明", "正确的马 电池 订书钉")
    wrong = [("ann", "correct horse "), ("ann", ""), ("小明", "correct horse"), ("bob", "correct horse"), ("", "")]  # fmt: skip
    assert [known.fits(*pair) for pair in wrong] == [False] * 5
    text = file.read_text(encoding="utf-8")
    assert "horse" not in text
    assert [line.split("$")[1] for line in text.splitlines()] == ["argon2id", "argon2id"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_its_owner_may_read_the_file(file: Path) -> None:
    keep_password(file, "ann", "correct horse")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_changed_file_counts_at_once(file: Path) -> None:
    keep_password(file, "ann", "correct horse")
    keep_password(file, "bob", "battery staple")
    known = Passwords(file)
    assert known.fits("ann", "correct horse")
    assert not keep_password(file, "ann", "another horse")
    assert not known.fits("ann", "correct horse")
    assert known.fits("ann", "another horse")
    keep_only(file, "bob")
    assert (known.hash_of("ann"), known.fits("ann", "another horse")) == ("", False)
    file.unlink()
    assert not known.fits("bob", "battery staple")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ann:secret word\n", "Line 1 of .* is not a name and a hashed password"),
        ("ann\n", "Line 1 of"),
        (":$argon2id$v=19\n", "Line 1 of"),
        ("# nobody yet\n\n", "holds no name and password"),
    ],
)
def test_a_file_of_something_else_is_refused(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(NotesError, match=message) as error:
        Passwords(file)
    assert "notes password NAME --auth" in error.value.hint


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    with pytest.raises(NotesError, match=f"{file} cannot be read: No such file"):
        Passwords(file)
    file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(NotesError, match="it is not text"):
        Passwords(file)


def test_a_hash_that_is_none_lets_nobody_in(file: Path) -> None:
    file.write_text("ann:$argon2id$v=19$broken\n")
    assert not Passwords(file).fits("ann", "anything at all")


@pytest.mark.parametrize("name", ["", "a:b", " ann", "an\nn", "#ann"])
def test_what_cannot_be_a_name_is_refused(file: Path, name: str) -> None:
    with pytest.raises(NotesError, match="cannot be a name"):
        keep_password(file, name, "correct horse")
    assert not file.exists()


def test_a_short_password_is_refused_and_nothing_is_lost(file: Path) -> None:
    keep_password(file, "ann", "correct horse")
    with pytest.raises(NotesError, match="too short: 7 characters"):
        keep_password(file, "ann", "1234567")
    assert list(read_passwords(file)) == ["ann"]
    assert Passwords(file).fits("ann", "correct horse")
