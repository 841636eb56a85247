import logging
import shutil
from pathlib import Path
from typing import Any

import pytest

import corpus
from assistant.answering.answer import Answer
from assistant.app import handlers
from assistant.app.conversation import Conversation
from assistant.app.examples import COUNT, SAMPLE, example_questions, in_language_order
from assistant.app.library import library_html, masthead_html, update_html
from assistant.app.problem import Problem, told
from assistant.app.results import results_html
from assistant.app.turn import Turn
from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.errors import NotesError
from corpus.progress import Progress
from index.finding.search import Found
from index.keeping.status import Status
from index.keeping.update import Update

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
    assert handlers.objection(question, language) == why


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


def test_counts_are_kept_until_the_notes_change(own: Assistant, tmp_path: Path) -> None:
    before = own.facets()
    assert own.facets() is before
    (tmp_path / "vault" / "2020-01-02.md").write_text("# Day\n\nRain. #weather\n")
    handlers.update_index(own, lambda _: None)
    after = own.facets()
    assert (after["tag"]["weather"], after["date"]["2020"]) == (1, 1)
    assert "weather" not in before["tag"]


def test_searching_for_nothing_finds_nothing(assistant: Assistant) -> None:
    assert handlers.find(assistant, " ", 5, "hybrid", {"type": []}) is None
    everything = handlers.find(assistant, "", 5, "hybrid", {"kind": ["image"]})
    assert isinstance(everything, Found)
    assert [hit.note.path for hit in everything.hits] == ["net/tcp.md"]


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


def test_filters_offer_what_notes_have_with_counts(assistant: Assistant) -> None:
    choices = handlers.facet_choices(assistant, "zh")
    assert isinstance(choices, dict)
    assert list(choices) == list(handlers.FACETS)
    assert ("图片 (1)", "image") in choices["kind"]
    assert "gotchas" in {value for _, value in choices["tag"]}
    counts = assistant.facets()["path"]
    assert (f"net ({counts['/net/']})", "/net/") in choices["path"]
    assert {value for _, value in choices["lang"]} == {"zh", "en"}
    assert all(label.startswith(value) for label, value in choices["type"])


def test_folders_read_as_a_tree_and_what_no_note_has_is_not_offered(
    own: Assistant, tmp_path: Path
) -> None:
    for folder in ("b", "a/z", "a"):
        file = tmp_path / "vault" / folder / "note.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# A note of {folder}\n\nWords.\n" * (4 if folder == "b" else 1))
    (tmp_path / "vault" / "tcp.md").unlink()
    handlers.update_index(own, lambda _: None)
    choices = handlers.facet_choices(own, "en")
    assert isinstance(choices, dict)
    assert choices["path"] == [("a (2)", "/a/"), ("a/z (1)", "/a/z/"), ("b (4)", "/b/")]
    assert (choices["tag"], handlers.has_dates(own)) == ([], False)


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


def test_an_update_is_told_with_what_changed(own: Assistant, tmp_path: Path) -> None:
    steps: list[Progress] = []
    (tmp_path / "vault" / "new.md").write_text("# New\n\nA new note.\n")
    updated = handlers.update_index(own, steps.append)
    assert isinstance(updated, Update)
    assert "1 added, 0 changed, 0 removed, 2 as before" in update_html(updated, "en")
    assert {step.step for step in steps} == {"read", "embed", "store"}
    again = handlers.update_index(own, steps.append)
    assert "没有变化。" in update_html(again, "zh")


def test_the_library_tells_counts_and_files_that_were_not_read(
    own: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "vault" / "bad.md").write_bytes(b"\0\1\2" * 50)
    handlers.update_index(own, lambda _: None)
    status = handlers.read_status(own)
    assert isinstance(status, Status)
    html = library_html(status, "en")
    assert "<code>bad.md</code>" in html
    assert "Table row" in html
    assert f"{status.notes} notes in 2 files" in masthead_html(status, "en")


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
        handlers.facet_choices(own, "en"),
        handlers.examples(own, "en"),
    ] == [expected] * 5
    assert expected.hint in masthead_html(expected, "en")


def test_labels_follow_the_words_of_a_search_and_else_the_reader() -> None:
    cases = [("锁", "en"), ("lock", "zh"), ("type:tip", "zh"), ("", "en")]
    assert [handlers.query_language(*case) for case in cases] == ["zh", "en", "zh", "en"]


def test_a_problem_of_the_users_is_told_and_a_bug_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @told
    def work(error: Exception | None) -> int:
        if error:
            raise error
        return 1

    assert work(None) == 1
    assert work(NotesError("what", "how")) == Problem("what", "how")
    assert caplog.records == []
    with caplog.at_level(logging.ERROR):
        assert work(ZeroDivisionError("oh")).is_bug
    assert "ZeroDivisionError: oh" in caplog.text


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
