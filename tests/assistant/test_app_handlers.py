import shutil
from pathlib import Path
from typing import Any

import pytest

import corpus
from assistant.answering.answer import Answer
from assistant.app import handlers
from assistant.app.adding import places_to_add
from assistant.app.conversation import Conversation
from assistant.app.examples import COUNT, SAMPLE, example_questions, in_language_order
from assistant.app.library import library_html, masthead_html
from assistant.app.notice import notice_html
from assistant.app.opened import open_note
from assistant.app.problem import Problem
from assistant.app.results import results_html
from assistant.app.turn import Turn
from assistant.assistant import Assistant
from assistant.bounds import OWN
from assistant.indexing import update_index
from corpus.note import Lines
from index.finding.facets import FACETS
from index.finding.file_now import Place
from index.finding.search import Found

SAMPLE_FOLDER = Path(corpus.__file__).parent / "sample"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The notes that come with the program."""
    folder = tmp_path_factory.mktemp("index")
    update_index(folder, [SAMPLE_FOLDER])
    return Assistant(folder)


@pytest.fixture
def own(tmp_path: Path) -> Assistant:
    """A vault that may be changed: two of the sample's files."""
    vault = tmp_path / "vault"
    vault.mkdir()
    for path in ("glossary.md", "net/tcp.md"):
        shutil.copy(SAMPLE_FOLDER / path, vault)
    update_index(tmp_path / "index", [vault])
    return Assistant(tmp_path / "index")


def test_a_question_is_posed_then_settled(assistant: Assistant) -> None:
    conversation = Conversation()
    posed = conversation.pose("  What does exit code 137 mean? ")
    assert conversation.turns == (Turn(1, "What does exit code 137 mean?"),)
    assert list(conversation.settle(assistant, posed)) == [None]
    outcome = conversation.turns[0].outcome
    assert isinstance(outcome, Answer)
    assert outcome.citations[0].path == "linux/snippets.md"
    assert conversation.pose("And 130?").n == 2


def test_an_answer_does_not_come_back_into_a_new_conversation(assistant: Assistant) -> None:
    conversation = Conversation()
    posed = conversation.pose("What does exit code 137 mean?")
    conversation.begin()
    later = conversation.pose("And 130?")
    assert list(conversation.settle(assistant, posed)) == []
    assert conversation.turns == (later,)


def test_every_example_question_is_answered_from_the_sample(assistant: Assistant) -> None:
    outcomes = {question: handlers.ask(assistant, question) for question in SAMPLE}
    assert {
        question: isinstance(outcome, Answer) and outcome.is_answered
        for question, outcome in outcomes.items()
    } == dict.fromkeys(SAMPLE, True)


@pytest.mark.parametrize(
    ("question", "language", "why"),
    [
        ("", "en", "Type a question first."),
        (" \n", "zh", "请先输入问题。"),
        (
            "x" * 2001,
            "en",
            "This question has 2,001 characters; up to 2,000 are searched. "
            "Ask about one thing at a time, in a sentence or two.",
        ),
        ("x" * 2000, "en", ""),
    ],
)
def test_an_empty_or_endless_question_is_not_asked(question: str, language: str, why: str) -> None:
    assert handlers.objection(OWN, question, language) == why


def test_filters_from_the_page_narrow_the_search(assistant: Assistant) -> None:
    fields = {"type": ["tip", "command"], "lang": ["zh"], "source": []}
    found = handlers.find(assistant, "端口", 5, "terms", fields)
    assert isinstance(found, Found)
    assert {hit.note.meta["type"] for hit in found.hits} <= {"tip", "command"}
    assert found.hits[0].note.body_text == r"`sudo ss -tlnp \| grep :8080`"


def test_filters_from_the_page_join_what_is_typed(assistant: Assistant) -> None:
    fields = {"type": ["command"], "path": ["/net/"], "phrase": ["ss -tlnp"], "without": [" "]}
    found = handlers.find(assistant, "端口 type:tip", 50, "terms", fields)
    assert isinstance(found, Found)
    assert found.query.wanted == {"type": ("tip", "command"), "path": ("/net/",)}
    assert [hit.note.body_text for hit in found.hits] == [r"`sudo ss -tlnp \| grep :8080`"]


def test_a_date_that_is_none_is_told_from_a_control_too(assistant: Assistant) -> None:
    html = results_html(handlers.find(assistant, "锁", 3, "terms", {"after": ["soon"]}), "zh")
    assert "当作词语来搜了：after:soon：不是 2024-01-31、2024-01 或 2024 这样的日期" in html


def test_results_tell_what_was_left_out_and_the_nearest_value(assistant: Assistant) -> None:
    html = results_html(handlers.find(assistant, "lock -mutex type:tipp", 3, "terms", {}), "en")
    assert "Left out: notes with “mutex”." in html
    assert "No note has type:tipp. Nearest: tip." in html


def test_searching_for_nothing_finds_nothing(assistant: Assistant) -> None:
    assert handlers.find(assistant, " ", 5, "hybrid", {"type": []}) is None
    everything = handlers.find(assistant, "", 5, "hybrid", {"kind": ["image"]})
    assert isinstance(everything, Found)
    assert [hit.note.path for hit in everything.hits] == ["net/tcp.md"]


def test_all_notes_are_listed_in_an_order_that_is_not_the_best(assistant: Assistant) -> None:
    listed = handlers.find(assistant, " ", 1000, "hybrid", {"type": []}, "file")
    assert isinstance(listed, Found)
    places = [(hit.note.path, hit.note.lines.first) for hit in listed.hits]
    assert (len(places), places) == (assistant.status().notes, sorted(places))
    assert handlers.find(assistant, " ", 5, "hybrid", {}, "best") is None


def test_an_unknown_order_is_told(assistant: Assistant) -> None:
    assert handlers.find(assistant, "x", 5, "hybrid", {}, "odd") == Problem(
        "There is no order called odd.", "Orders: best, newest, oldest, file."
    )
    assert handlers.find(assistant, "锁", 5, "hybrid", {}, "odd") == Problem(
        "没有 odd 这种排序。", "可用：best, newest, oldest, file。"
    )


def test_an_unknown_mode_is_told(assistant: Assistant) -> None:
    assert handlers.find(assistant, "x", 5, "magic", {}) == Problem(
        "There is no mode magic.", "Modes: hybrid, dense, terms."
    )


def test_results_tell_what_was_no_filter_and_that_nothing_fits(assistant: Assistant) -> None:
    html = results_html(handlers.find(assistant, "lock after:soon", 3, "hybrid", {}), "en")
    assert "after:soon: not a date like 2024-01-31" in html
    assert html.count('<article class="card"') == 3
    nothing = handlers.find(assistant, "lock type:nonsense", 3, "hybrid", {})
    assert "No note fits." in results_html(nothing, "en")


def test_the_sample_has_questions_of_its_own_and_another_vault_its_titles(
    assistant: Assistant, own: Assistant
) -> None:
    ours, others = handlers.examples(assistant, "zh"), handlers.examples(own, "en")
    assert isinstance(ours, tuple)
    assert isinstance(others, tuple)
    assert (set(ours), ours[0]) == (set(SAMPLE), SAMPLE[0])
    assert set(others) == {
        "Keepalive defaults",
        "Nagle meets delayed ACK",
        "Surviving a SYN flood",
    }


def test_examples_are_few_short_and_alternate_in_language() -> None:
    assert in_language_order(["a", "b", "锁", "c"], "zh") == ("锁", "a", "b", "c")
    titles = [f"title {i}" for i in range(100)] + ["x" * 99, "title 1", "y"]
    chosen = example_questions(titles, "en")
    assert len(chosen) == COUNT
    assert chosen[:2] == ("title 0", "title 16")


def test_an_index_without_notes_says_how_to_fill_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    update_index(tmp_path / "index", [tmp_path / "empty"])
    empty = Assistant(tmp_path / "index")
    hint = f"Index a folder: notes index FOLDER --index {tmp_path / 'index'}"
    expected = Problem("The index holds no notes yet.", hint)
    assert handlers.ask(empty, "Where?") == expected
    assert handlers.find(empty, "x", 5, "hybrid", {}) == expected
    assert handlers.examples(empty, "en") == ()


def test_an_index_that_went_away_is_told_everywhere(own: Assistant) -> None:
    folder = own.store.folder
    shutil.rmtree(folder)
    expected = Problem(
        f"There is no index in {folder}.", f"Make one with: notes index FOLDER --index {folder}"
    )
    assert [
        handlers.ask(own, "Where?"),
        handlers.find(own, "x", 5, "hybrid", {}),
        handlers.read_status(own),
        handlers.find(own, "", 5, "hybrid", {}, "newest"),
        handlers.count_values(own, "", {}),
        places_to_add(own),
        open_note(own, Place("vault", "tcp.md", Lines(1, 1))),
        handlers.examples(own, "en"),
    ] == [expected] * 8
    assert expected.hint in masthead_html(expected, "en")
    counts = {name: {"x": 1} for name in FACETS}
    assert library_html(expected, counts, "en", True) == notice_html(expected, "en")


def test_labels_follow_the_words_of_a_search_and_else_the_reader() -> None:
    cases = [("锁", "en"), ("lock", "zh"), ("type:tip", "zh"), ("", "en")]
    assert [handlers.query_language(*case) for case in cases] == ["zh", "en", "zh", "en"]


@pytest.mark.parametrize("count", [0, -1, 1001, None, "many", float("inf"), float("nan")])
def test_a_number_of_results_that_is_none_is_told(assistant: Assistant, count: Any) -> None:
    assert handlers.find(assistant, "锁", count, "hybrid", {}) == Problem(
        f"{count} 不能作为结果数。", "请写 1 到 1,000。"
    )


def test_filters_without_end_are_told(assistant: Assistant) -> None:
    hint = (
        "A search takes up to 100 phrases and words to leave out; "
        "no filter has more than 2,000 characters."
    )
    too_much = Problem("That is too much to filter by.", hint)
    words = [f"word{number}" for number in range(101)]
    for fields in ({"without": words}, {"phrase": ["x" * 2001]}):
        assert handlers.find(assistant, "lock", 5, "hybrid", fields) == too_much
        assert handlers.count_values(assistant, "lock", fields) == too_much
    assert isinstance(handlers.find(assistant, "lock", 5, "hybrid", {"without": words[1:]}), Found)
