"""A page's conversation: follow-ups, searches that the user edits, answers that are stopped."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from assistant.answering.answer import Answer
from assistant.app.conversation import Conversation
from assistant.app.problem import Problem
from assistant.app.transcript import sources_html, transcript_html
from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.places import sample_vault
from tests.assistant.generation.faulty_server import Reply, Wire, saying, serving
from tests.assistant.generation.reading import endpoint_of


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    update_index(folder, [sample_vault()])
    return folder


@pytest.fixture(scope="module")
def assistant(index: Path) -> Assistant:
    return Assistant(index)


def ask(conversation: Conversation, assistant: Assistant, question: str) -> Answer:
    for _ in conversation.settle(assistant, conversation.pose(question)):
        pass
    answer = conversation.turns[-1].outcome
    assert isinstance(answer, Answer)
    return answer


def test_a_follow_up_is_searched_for_as_what_it_means(assistant: Assistant) -> None:
    conversation = Conversation()
    assert ask(conversation, assistant, "LSM 树是怎么写数据的").searched == ""
    answer = ask(conversation, assistant, "它的缺点呢")
    assert "LSM" in answer.searched
    assert "缺点" in answer.searched
    assert answer.sources[0].note.path == "db/storage.zh.md"
    assert conversation.turns[-1].searched_for == answer.searched


def test_the_user_edits_what_is_searched_for(assistant: Assistant) -> None:
    conversation = Conversation()
    ask(conversation, assistant, "LSM 树是怎么写数据的")
    ask(conversation, assistant, "它的缺点呢")
    turn = conversation.pose_again(" keepalive default on linux ")
    assert turn is not None
    assert list(conversation.settle(assistant, turn)) == [None]
    assert [t.n for t in conversation.turns] == [1, 2]
    outcome = conversation.turns[-1].outcome
    assert isinstance(outcome, Answer)
    assert (outcome.question, outcome.searched) == ("它的缺点呢", "keepalive default on linux")
    assert outcome.sources[0].note.path == "net/tcp.md"


def test_without_a_question_nothing_is_asked_again() -> None:
    assert Conversation().pose_again("x") is None


def test_a_new_topic_is_searched_for_as_it_is(assistant: Assistant) -> None:
    conversation = Conversation()
    ask(conversation, assistant, "LSM 树是怎么写数据的")
    assert ask(conversation, assistant, "what does exit code 137 mean").searched == ""


def test_thanks_are_not_searched_for_and_leave_the_topic(assistant: Assistant) -> None:
    conversation = Conversation()
    ask(conversation, assistant, "LSM 树是怎么写数据的")
    reply = ask(conversation, assistant, "谢谢")
    assert (reply.is_reply, reply.text, reply.sources) == (True, "好的，随时接着问。", ())
    assert "db/storage.zh.md" in sources_html(conversation.turns, "zh")
    assert "好的，随时接着问。" in transcript_html(conversation.turns, "zh")
    assert "LSM" in ask(conversation, assistant, "它的缺点呢").searched


def endlessly(wire: Wire) -> None:
    wire.head()
    while not wire.is_closing.is_set():
        wire.event(content="Drop the guard. ")
        time.sleep(0.05)


def writing(index: Path, reply: Reply) -> Iterator[Assistant]:
    with serving(reply) as server:
        yield Assistant(index, endpoint=endpoint_of(server))


def test_a_written_answer_grows_and_can_be_stopped(index: Path) -> None:
    for assistant in writing(index, endlessly):
        conversation = Conversation()
        turn = conversation.pose("keepalive default on linux")
        seen = 0
        for _ in conversation.settle(assistant, turn):
            seen += 1
            if seen == 3:
                assert conversation.turns[-1].is_being_written
                Thread(target=conversation.stop).start()
        assert seen > 3
        assert not conversation.turns[-1].is_being_written


def test_a_new_conversation_stops_what_is_being_written(index: Path) -> None:
    for assistant in writing(index, endlessly):
        conversation = Conversation()
        turn = conversation.pose("keepalive default on linux")
        seen = 0
        for _ in conversation.settle(assistant, turn):
            seen += 1
            conversation.begin()
        assert seen == 1
        assert turn.stop.is_set()
        assert conversation.turns == ()


def test_no_model_is_asked_about_what_the_notes_do_not_hold(index: Path) -> None:
    with serving(saying("Fly!")) as server:
        assistant = Assistant(index, endpoint=endpoint_of(server))
        assert not assistant.ask("how do I fly to the moon in a balloon").is_answered
        assert server.requests == []


def test_earlier_turns_are_given_to_the_model(index: Path) -> None:
    with serving(saying("Up to 9 probes [1].")) as server:
        assistant = Assistant(index, endpoint=endpoint_of(server))
        conversation = Conversation()
        ask(conversation, assistant, "keepalive default on linux")
        ask(conversation, assistant, "and how many probes?")
        given = str(server.requests[1].body["messages"][1]["content"])
    assert "question: keepalive default on linux" in given
    assert "Question: and how many probes?" in given


def test_a_problem_is_the_outcome(tmp_path: Path) -> None:
    update_index(tmp_path / "index", [tmp_path])
    conversation = Conversation()
    turn = conversation.pose("Why?")
    assert list(conversation.settle(Assistant(tmp_path / "index"), turn)) == [None]
    assert isinstance(conversation.turns[-1].outcome, Problem)
