"""Between a change of the notes and the next update, nothing is answered that they no longer say."""

import shutil
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.places import sample_vault
from index.finding.hit import Freshness

QUESTION = "What does exit code 137 mean?"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    shutil.copytree(sample_vault(), folder)
    return folder


@pytest.fixture
def assistant(vault: Path, tmp_path: Path) -> Assistant:
    update_index(tmp_path / "index", [vault])
    return Assistant(tmp_path / "index")


def test_a_deleted_note_is_neither_quoted_nor_evidence(assistant: Assistant, vault: Path) -> None:
    before = assistant.ask(QUESTION)
    assert before.is_answered
    cited = before.citations[0].path
    (vault / cited).unlink()
    answer = assistant.ask(QUESTION)
    assert cited not in {hit.note.path for hit in answer.sources}
    assert answer.confidence < before.confidence
    assert not answer.is_answered
    assistant.update()
    assert not assistant.ask(QUESTION).is_answered


def test_an_edited_note_is_not_quoted(assistant: Assistant, vault: Path) -> None:
    file = vault / assistant.ask(QUESTION).citations[0].path
    file.write_text(file.read_text(encoding="utf-8").replace("137", "one hundred and thirty-eight"))
    answer = assistant.ask(QUESTION)
    assert all("137" not in citation.quote for citation in answer.citations)
    stale = [hit for hit in assistant.search(QUESTION).hits if "137" in hit.note.text]
    assert {hit.freshness for hit in stale} == {Freshness.CHANGED}


def test_notes_that_are_gone_make_room_for_others(assistant: Assistant, vault: Path) -> None:
    found = assistant.search("shell command", 5)
    for path in {hit.note.path for hit in found.hits[:2]}:
        (vault / path).unlink()
    again = assistant.search("shell command", 5)
    assert len(again.hits) == 5
    assert [hit.rank for hit in again.hits] == [1, 2, 3, 4, 5]
    assert all((vault / hit.note.path).exists() for hit in again.hits)
