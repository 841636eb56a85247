from pathlib import Path

import pytest

from assistant.settings import read_settings
from corpus.errors import NotesError


def write(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("NOTES_CONFIG", str(file))


def test_the_file_sets_options_and_roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path, 'port = 8000\nk = 3\nmode = "terms"\n[roles]\n"词条" = "content"\n', monkeypatch
    )
    settings = read_settings()
    assert settings.defaults == {"port": 8000, "k": 3, "mode": "terms"}
    assert settings.roles["词条"] == "content"
    assert settings.roles["备注"] == "remark"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense = 1", "'nonsense'"),
        ("port = 'x'", "port = 'x'"),
        ("= 3", "cannot be read"),
        ('[roles]\na = "no role"', "no role 'no role'"),
    ],
)
def test_a_wrong_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    write(tmp_path, text, monkeypatch)
    with pytest.raises(NotesError, match=message):
        read_settings()


def test_a_named_file_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTES_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(NotesError, match="no settings file"):
        read_settings()
