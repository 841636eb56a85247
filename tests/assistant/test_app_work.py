"""Long work of a page: how far it is, how it ends, and how it is ended."""

import copy
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app.problem import Problem
from assistant.app.work import Ending, Work
from assistant.assistant import Assistant
from corpus.errors import NotesError
from corpus.progress import OnProgress, Progress
from index.finding.order import Order
from index.keeping.update import Update
from tests.assistant.small_vault import assistant_over, write

NOTES = {f"n{n}.md": f"# Note {n}\n\nIt is about subject{n}.\n" for n in range(150)}


def many() -> list[Progress]:
    return [Progress("read", done, 3) for done in range(1, 4)]


def test_work_ends_in_its_result() -> None:
    assert list(Work().run(lambda _: 7)) == [7]
    assert list(Work().run(lambda _: None)) == [None]


def test_how_far_it_is_is_told_while_it_runs() -> None:
    heard = threading.Event()

    def action(on_progress: OnProgress) -> str:
        for part in many():
            on_progress(part)
        assert heard.wait(10)
        return "done"

    states = Work().run(action)
    assert next(states) == Progress("read", 3, 3)  # of several parts the latest
    heard.set()
    assert list(states) == ["done"]


def test_an_error_becomes_a_problem_and_a_bug_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(error: Exception) -> Callable[[OnProgress], None]:
        def action(_: OnProgress) -> None:
            raise error

        return action

    work = Work()
    assert list(work.run(fail(NotesError("what", "how")))) == [Problem("what", "how")]
    assert caplog.records == []
    with caplog.at_level(logging.ERROR):
        assert list(work.run(fail(ZeroDivisionError("oh")))) == [Problem()]
    assert "ZeroDivisionError: oh" in caplog.text
    assert list(work.run(lambda _: 7)) == [7]


def test_work_is_cancelled_where_it_next_tells_how_far_it_is() -> None:
    work = Work()
    done: list[int] = []

    def action(on_progress: OnProgress) -> str:
        for part in many():
            done.append(part.done)
            if part.done == 2:
                work.cancel()
            on_progress(part)
        return "done"

    assert list(work.run(action))[-1] is Ending.CANCELLED
    assert done == [1, 2]
    assert list(work.run(lambda _: 7)) == [7]


def test_what_was_cancelled_before_it_began_runs() -> None:
    work = Work()
    work.cancel()
    assert list(work.run(lambda on_progress: on_progress(many()[0])))[-1] is None


def test_a_second_run_at_the_same_time_is_told_to_wait() -> None:
    work, go_on = Work(), threading.Event()
    begun: list[str] = []

    def action(on_progress: OnProgress) -> str:
        on_progress(many()[0])
        assert go_on.wait(10)
        return "first"

    states = work.run(action)
    next(states)
    assert list(work.run(lambda _: begun.append("second"))) == [Ending.BUSY]
    go_on.set()
    assert (list(states), begun) == (["first"], [])
    assert list(work.run(lambda _: "third")) == ["third"]


def test_work_that_nobody_listens_to_is_still_the_only_one() -> None:
    work, go_on, ended = Work(), threading.Event(), threading.Event()

    def action(on_progress: OnProgress) -> None:
        on_progress(many()[0])
        assert go_on.wait(10)
        ended.set()

    states = work.run(action)
    next(states)
    states.close()  # type: ignore[attr-defined]
    second = list(work.run(lambda _: "second"))
    go_on.set()
    assert ended.wait(10)
    assert second == [Ending.BUSY]


def test_work_goes_on_where_nobody_listens() -> None:
    go_on, ended = threading.Event(), threading.Event()

    def action(on_progress: OnProgress) -> None:
        on_progress(many()[0])
        assert go_on.wait(10)
        on_progress(many()[1])
        ended.set()

    states = Work().run(action)
    next(states)
    states.close()  # type: ignore[attr-defined]
    go_on.set()
    assert ended.wait(10)


def test_every_page_has_work_of_its_own() -> None:
    work = Work()
    one, other = copy.deepcopy(work), copy.deepcopy(work)
    assert len({id(work), id(one), id(other)}) == 3

    def action(on_progress: OnProgress) -> object:
        work.cancel()
        other.cancel()
        on_progress(many()[0])
        return list(other.run(lambda _: 1)), list(copy.deepcopy(one).run(lambda _: 2))

    assert list(one.run(action))[-1] == ([1], [2])


# an update of a vault


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return assistant_over(tmp_path, {"old.md": "# Old\n\nIt was here before.\n"})


def titles(assistant: Assistant) -> list[str]:
    hits = assistant.search("", 1000, order=Order.FILE).hits
    return sorted(hit.note.title for hit in hits)


def test_an_update_ends_in_what_it_did(assistant: Assistant, tmp_path: Path) -> None:
    write(tmp_path / "vault", NOTES)
    steps: list[str] = []

    def action(on_progress: OnProgress) -> Update:
        return assistant.update(lambda part: (steps.append(part.step), on_progress(part))[1])

    *_, ended = Work().run(action)
    assert isinstance(ended, Update)
    assert (ended.added, ended.changed, ended.removed, ended.unchanged) == (150, 0, 0, 1)
    assert list(dict.fromkeys(steps)) == ["read", "embed", "store"]


@pytest.mark.parametrize(
    ("step", "least", "kept"),
    [("read", 1, 0), ("embed", 1, 128), ("embed", 129, 151), ("store", 9, 151)],
)
def test_an_update_that_is_cancelled_loses_nothing(
    assistant: Assistant, tmp_path: Path, step: str, least: int, kept: int
) -> None:
    before = assistant.status()
    write(tmp_path / "vault", NOTES)
    (tmp_path / "vault" / "old.md").write_text("# Old\n\nIt is still here.\n")
    work = Work()

    def action(on_progress: OnProgress) -> Update:
        def tell(part: Progress) -> None:
            if part.step == step and part.done >= least:
                work.cancel()
            on_progress(part)

        return assistant.update(tell)

    assert list(work.run(action))[-1] is Ending.CANCELLED
    after = assistant.status()
    assert (after.notes, after.generation, after.updated) == (1, before.generation, before.updated)
    assert titles(assistant) == ["Old"]
    *_, ended = work.run(assistant.update)
    assert isinstance(ended, Update)
    assert (ended.added, ended.changed, ended.embedded) == (150, 1, 151 - kept)
    assert titles(assistant) == sorted(["Old", *(f"Note {n}" for n in range(150))])
    assert assistant.search("subject77", 1).hits[0].note.title == "Note 77"
    *_, again = work.run(assistant.update)
    assert isinstance(again, Update)
    assert (again.added, again.changed, again.unchanged, again.embedded) == (0, 0, 151, 0)


def test_an_update_without_an_index_is_told(assistant: Assistant) -> None:
    folder = assistant.store.folder
    for file in folder.iterdir():
        file.unlink()
    *_, ended = Work().run(assistant.update)
    assert ended == Problem(
        f"There is no index in {folder}.", f"Make one with: notes index FOLDER --index {folder}"
    )
