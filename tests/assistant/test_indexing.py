from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.errors import NotesError
from tests.index import tiny_bert


def test_an_index_remembers_a_model_that_was_named_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_bert.make(tmp_path / "models" / "tiny")
    vault, index = tmp_path / "vault", tmp_path / "index"
    vault.mkdir()
    (vault / "a.md").write_text("parallel notes\n")
    monkeypatch.chdir(model.parent)
    update_index(index, [vault], model=model.name)
    monkeypatch.chdir(tmp_path)
    assistant = Assistant(index)
    assert assistant.embedder.dimension == tiny_bert.WIDTH
    assert assistant.search("parallel").hits[0].note.path == "a.md"
    assert update_index(index, []).unchanged == 1
    with pytest.raises(NotesError, match="made with another model or recipe"):
        Assistant(index, model="bundled")
    with pytest.raises(NotesError, match="made with another model or recipe"):
        update_index(index, [], model="bundled")
    assert update_index(index, [], model="bundled", rebuild=True).embedded == 1
    assert Assistant(index).search("parallel").hits[0].note.path == "a.md"
