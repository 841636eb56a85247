"""The map as the page's script takes it."""

import base64
from pathlib import Path

import numpy as np
import pytest

from assistant.app.map_html import hits_html, map_html
from assistant.app.mapped import Located, drawn, located, map_told, place_of_note
from assistant.app.problem import Problem
from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.places import sample_vault
from index.finding.file_now import Place


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("mapped")
    update_index(folder, [sample_vault()])
    return Assistant(folder)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_note_has_a_place_a_title_and_a_value_of_each_field(
    assistant: Assistant, language: str
) -> None:
    found = drawn(assistant, "pca")
    assert not isinstance(found, Problem)
    told = map_told(*found, language)
    count = assistant.status().notes
    assert len(told["notes"]) == len(told["titles"]) == len(set(told["notes"])) == count
    steps = np.frombuffer(base64.b64decode(told["places"]), "<u2").reshape(-1, 2)
    assert np.allclose(steps / 32767.5 - 1, found[0].places, atol=1e-4)
    fields = {one["field"]: one for one in told["colours"]}
    assert list(fields) == ["cluster", "type", "source", "folder", "lang", "kind"]
    for one in fields.values():
        codes = np.frombuffer(base64.b64decode(one["codes"]), np.uint8)
        assert set(codes.tolist()) <= set(range(len(one["names"])))
        assert len(codes) == count
    names = [name["label"] for name in fields["lang"]["names"]]
    assert set(names) == ({"Chinese", "English"} if language == "en" else {"中文", "英文"})
    assert fields["type"]["names"][-1]["faint"]  # most notes have none


def test_a_question_lies_among_its_hits(assistant: Assistant) -> None:
    found = located(assistant, "tcp handshake", "pca")
    assert isinstance(found, Located)
    assert found.place is not None
    assert "net/" in hits_html(found, "en")
    assert located(assistant, "  ", "pca") == Located((), None)
    assert hits_html(Located((), None), "en") == ""


def test_a_point_leads_to_its_note_and_a_point_that_is_gone_nowhere(assistant: Assistant) -> None:
    hit = assistant.search("exit code 137").hits[0]
    lines = hit.note.lines
    assert place_of_note(assistant, hit.key) == Place(hit.vault, hit.note.path, lines)
    assert place_of_note(assistant, "nonsense") is None


def test_an_unknown_layout_and_an_index_that_is_gone_are_told(
    assistant: Assistant, tmp_path: Path
) -> None:
    assert isinstance(drawn(assistant, "spiral"), Problem)


def test_the_page_is_in_the_readers_language() -> None:
    assert 'aria-label="Map"' in map_html("en")
    assert 'aria-label="地图"' in map_html("zh")
