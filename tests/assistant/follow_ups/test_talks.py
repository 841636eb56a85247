"""Forty talks over the sample notes that nobody looked at while follow-ups were built."""

from pathlib import Path

from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.places import sample_vault
from tests.bench.talks import TALKS, read_talks, run_talks

HELD_OUT = TALKS.with_name("talks.jsonl")


def test_four_of_five_talks_find_the_right_note_on_their_last_turn(tmp_path: Path) -> None:
    update_index(tmp_path, [sample_vault()])
    talks = read_talks(HELD_OUT)
    assert len(talks) == 40
    assert {len(talk.turns) for talk in talks} == {2, 3}
    held = run_talks(Assistant(tmp_path), talks)
    assert sum(one.is_first for one in held) >= 32
