"""Several processes answer as one does, and the rest is told when one dies."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.app.conversation import Conversation
from assistant.app.found_html import found_html
from assistant.app.transcript import sources_html, transcript_html
from assistant.assistant import Assistant
from assistant.bounds import SHARED
from assistant.crew import Crew
from assistant.indexing import update_index
from assistant.tools import ask_notes, search_notes
from corpus.errors import NotesError
from tests.e2e.conftest import SAMPLE

QUESTION = "What does exit code 137 mean?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    update_index(folder, [SAMPLE])
    return folder


@pytest.fixture(scope="module")
def crew(index: Path) -> Iterator[Crew]:
    crew = Crew(index, 2, bounds=SHARED)
    yield crew
    crew.close()


def number(assistant: Assistant) -> int:
    """Say which process works, after a while, so that another one takes the next call."""
    time.sleep(0.2)
    return os.getpid()


def fail(assistant: Assistant) -> None:
    raise ZeroDivisionError


def end(assistant: Assistant) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_processes_answer_side_by_side_what_one_answers(crew: Crew, index: Path) -> None:
    alone = Assistant(index, bounds=SHARED)
    form = {"query": ["docker"], "lit": True}
    assert crew.call(found_html, form, "en") == alone.call(found_html, form, "en")
    assert crew.call(ask_notes, QUESTION) == ask_notes(alone, QUESTION)
    with ThreadPoolExecutor(4) as threads:
        deadline = time.monotonic() + 60  # the second one may still be starting
        pids: set[int] = set()
        while len(pids) < 2 and time.monotonic() < deadline:
            pids |= set(threads.map(lambda _: crew.call(number), range(8)))
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_a_conversation_is_shown_as_without_them(crew: Crew, index: Path) -> None:
    shown = []
    for assistant in (crew, Assistant(index, bounds=SHARED)):
        conversation = Conversation()
        for question in (QUESTION, "and 143?", "今天天气怎么样"):
            for _ in conversation.settle(assistant, conversation.pose(question)):
                pass
        turns = conversation.turns
        shown.append((transcript_html(turns, "en"), sources_html(turns, "en")))
    assert shown[0] == shown[1]
    assert "137" in shown[0][0]


def test_what_a_user_can_mend_is_told_across_processes(crew: Crew) -> None:
    with pytest.raises(NotesError) as error:
        crew.call(search_notes, "docker", 51, "hybrid", {})
    assert error.value.message == "51 is no number of results."
    assert error.value.hint == "Ask for 1 to 50."
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        crew.call(fail)
    assert crew.call(ask_notes, QUESTION)["answered"]


def test_others_take_the_place_of_a_process_that_died(index: Path) -> None:
    crew = Crew(index, 2)
    with pytest.raises(RuntimeError):  # whoever takes its place dies of it too
        crew.call(end)
    assert crew.call(ask_notes, QUESTION)["answered"]
    crew.close()


def test_the_processes_end_with_who_asks_them(index: Path) -> None:
    crew = Crew(index, 2)
    pids = {crew.call(number) for _ in range(4)}
    crew.close()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
