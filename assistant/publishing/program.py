"""The program itself, as far as it is needed to serve a published index."""

import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import assistant
import corpus
import index
from corpus.errors import NotesError
from index.embedding.model_files import BUNDLED, DIGESTS, HASHED

PACKAGES = (assistant, corpus, index)
_CODE = frozenset((".py", ".css", ".js", ".html", ".svg"))
_LEFT_OUT = (
    *("assistant/publishing", "assistant/cli.py", "assistant/__main__.py", "assistant/eval_"),
    *("assistant/evaluation.py", "assistant/query_report.py", "corpus/sample", "index/model"),
    *("index/distill", "index/measuring"),
)
"""What only makes, measures, mends or publishes an index; the model's files are named one by one."""
_CARD = "README.md"


def copy_program(folder: Path) -> None:
    """Copy the packages into `folder`, and the licences of program and model beside it.

    Raises NotesError where the model is not whole.
    """
    for path, file in _files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    for name in (*HASHED, DIGESTS, _CARD):
        target = folder / "index" / "model" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(BUNDLED / name, target)
        except FileNotFoundError as error:
            raise NotesError(
                f"The model is not whole: {BUNDLED / name} is missing",
                "Install the package again, or choose another model with --model.",
            ) from error


def license_text() -> str:
    """Return the program's licence; "" where it was installed without."""
    try:
        found = distribution("notes-assistant").read_text("licenses/LICENSE")
    except PackageNotFoundError:
        found = None
    beside = Path(str(assistant.__file__)).parents[1] / "LICENSE"
    return found or (beside.read_text(encoding="utf-8") if beside.is_file() else "")


def _files() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        home = Path(str(package.__file__)).parent
        for file in sorted(home.rglob("*")):
            path = file.relative_to(home.parent).as_posix()
            if file.suffix in _CODE and file.is_file() and not path.startswith(_LEFT_OUT):
                yield path, file
