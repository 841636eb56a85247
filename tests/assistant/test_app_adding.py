"""Files that are dropped on the page become notes that are found."""

import io
import zipfile
from pathlib import Path

import pytest

from assistant.adding.add import Reason, Refused
from assistant.app.adding import Dropped, add_dropped, places_to_add
from assistant.app.work import Ending, Work
from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.progress import OnProgress, Progress, silent
from tests.assistant.small_vault import assistant_over, write

PAGE = "<html><head><title>Sourdough</title></head><body><p>Feed the levain.</p></body></html>"


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return assistant_over(tmp_path, {"old.md": "# Old\n\nIt was here before.\n"})


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


def archive(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return packed.getvalue()


def drop(
    assistant: Assistant, uploads: Path, files: dict[str, str | bytes], told: OnProgress = silent
) -> Dropped:
    write(uploads, files)
    (vault,) = _places(assistant).values()
    return add_dropped(assistant, [uploads / name for name in files], vault, told)


def _places(assistant: Assistant) -> dict[str, Path]:
    places = places_to_add(assistant)
    assert isinstance(places, dict)
    return places


def found(assistant: Assistant, words: str) -> str:
    return assistant.search(words, 1).hits[0].note.path


def all_files(folder: Path) -> list[str]:
    return sorted(
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    )


def test_markdown_a_page_and_an_archive_become_notes(
    assistant: Assistant, uploads: Path, tmp_path: Path
) -> None:
    steps: list[Progress] = []
    packed = archive({"deep/inner.md": "# Inner\n\nThe otter holt.\n", "tool.exe": "MZ"})
    files = {"tea.md": "# Tea\n\nGyokuro wants 60 degrees.\n", "bread.html": PAGE, "a.zip": packed}
    dropped = drop(assistant, uploads, files, steps.append)
    assert dropped.added.paths == ("added/tea.md", "added/bread.md", "added/a/deep/inner.md")
    assert dropped.added.refused == (Refused("a.zip/tool.exe", Reason.NOT_SUPPORTED, ".exe"),)
    assert dropped.update is not None
    assert (dropped.update.added, dropped.update.unchanged) == (3, 1)
    assert [found(assistant, words) for words in ("gyokuro", "levain", "otter holt")] == [
        *dropped.added.paths
    ]
    assert {step.step for step in steps} == {"add", "read", "embed", "store"}
    assert all_files(tmp_path / "vault") == ["added/a/deep/inner.md", *(
        "added/bread.md", "added/tea.md", "old.md",
    )]  # fmt: skip
    assert all_files(uploads) == sorted(files)


def test_an_archive_writes_nothing_outside_of_the_folder_of_added_notes(
    assistant: Assistant, uploads: Path, tmp_path: Path
) -> None:
    names = ("../up.md", "../../upper.md", f"{tmp_path}/absolute.md", "a/../../b.md", "..\\w.md")
    packed = archive(dict.fromkeys(names, "# Out\n\nsecret\n") | {"in.md": "# In\n\nfine\n"})
    dropped = drop(assistant, uploads, {"z.zip": packed})
    assert dropped.added.paths == ("added/z/in.md",)
    assert {one.reason for one in dropped.added.refused} == {Reason.UNSAFE_NAME}
    assert len(dropped.added.refused) == len(names)
    assert all_files(tmp_path / "vault") == ["added/z/in.md", "old.md"]
    beside = {path.partition("/")[0] for path in all_files(tmp_path)}
    assert beside == {"vault", "index", "uploads"}


def test_where_nothing_is_added_nothing_is_updated(
    assistant: Assistant, uploads: Path, tmp_path: Path
) -> None:
    (tmp_path / "vault" / "new.md").write_text("# New\n\nNot looked at.\n")
    dropped = drop(assistant, uploads, {"a.exe": b"MZ", "b.md": b"\0\1\2" * 50})
    assert (dropped.added.paths, dropped.update) == ((), None)
    assert [one.reason for one in dropped.added.refused] == [Reason.NOT_SUPPORTED, Reason.NOT_TEXT]
    assert assistant.status().notes == 1


def test_what_is_dropped_again_is_there_already(assistant: Assistant, uploads: Path) -> None:
    files: dict[str, str | bytes] = {"tea.md": "# Tea\n\nGyokuro.\n"}
    first, second = drop(assistant, uploads, files), drop(assistant, uploads, files)
    assert first.added == second.added
    assert second.update is not None
    assert (second.update.added, second.update.unchanged) == (0, 2)


def test_what_is_added_when_it_is_cancelled_stays(assistant: Assistant, uploads: Path) -> None:
    work = Work()
    files = {f"{n}.md": f"# Note {n}\n\nSubject{n}.\n" for n in range(3)}

    def action(on_progress: OnProgress) -> Dropped:
        def tell(part: Progress) -> None:
            if part == Progress("add", 2, 3):
                work.cancel()
            on_progress(part)

        return drop(assistant, uploads, dict(files), tell)

    assert list(work.run(action))[-1] is Ending.CANCELLED
    assert assistant.status().notes == 1
    assert assistant.update().added == 2
    assert found(assistant, "subject1") == "added/1.md"


def test_a_vault_that_cannot_be_written_to_is_not_offered(
    assistant: Assistant, tmp_path: Path
) -> None:
    write(tmp_path, {"one.md": "# One\n", "second/two.md": "# Two\n"})
    update_index(tmp_path / "index", [tmp_path / "one.md", tmp_path / "second"])
    assert _places(assistant) == {"vault": tmp_path / "vault", "second": tmp_path / "second"}
    (tmp_path / "second" / "added").symlink_to(tmp_path / "uploads")
    assert _places(assistant) == {"vault": tmp_path / "vault"}
    (tmp_path / "vault").rename(tmp_path / "away")
    assert _places(assistant) == {}
