"""The text a model is made of: pairs of a translation, and questions with the passage below them.

Folders like `train/`: `parallel.jsonl` (`en`, `zh`, `src`), `qa_zh.jsonl` (`query`, `passage`,
`src`) and `qa_cross.jsonl` (with `dir`, "zh-en" or "en-zh"), each plain or as `.xz`.
"""

import json
import lzma
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from opencc import OpenCC

from corpus.errors import NotesError
from index.distill.refused import refuse_source

PARALLEL = "parallel"
QUESTIONS = {"zh": "qa_zh", "cross": "qa_cross"}
DICTIONARY = "CC-CEDICT"


@dataclass(frozen=True, slots=True)
class Translation:
    """The same said twice; `zh` in simplified characters."""

    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """A heading or question and the text below it. `direction` is "zh-zh", "en-en", "zh-en", ..."""

    query: str
    passage: str
    direction: str
    source: str


def translations(folders: Sequence[Path]) -> Iterator[Translation]:
    """Read the parallel text, the dictionary's entries too; a pair that was there already once."""
    fold = simplified()
    seen: set[tuple[str, str]] = set()
    for row in _rows(folders, PARALLEL):
        pair = Translation(fold(row["zh"]), row["en"], row["src"])
        if (pair.zh, pair.en) not in seen:
            seen.add((pair.zh, pair.en))
            yield pair


def questions(folders: Sequence[Path], kind: str) -> Iterator[Question]:
    """Read one kind of questions: "zh" or "cross"."""
    fold = simplified()
    for row in _rows(folders, QUESTIONS[kind]):
        direction = row.get("dir", f"{kind}-{kind}")
        yield Question(fold(row["query"]), fold(row["passage"]), direction, row["src"])


def lines(file: Path) -> TextIO:
    """Open a file of lines, packed or plain."""
    if file.suffix == ".xz":
        return lzma.open(file, "rt", encoding="utf-8")
    return file.open(encoding="utf-8")


def simplified() -> Callable[[str], str]:
    """The folding that the embedder does before it tokenises."""
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return lambda text: text if text.isascii() else convert(text)


def _rows(folders: Sequence[Path], name: str) -> Iterator[dict[str, str]]:
    """Each line's strings in the folders that have such a file. NotesError if none has."""
    files = [
        file
        for folder in folders
        for file in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.xz")
        if file.exists()
    ]
    if not files:
        raise NotesError(
            f"No {name}.jsonl or {name}.jsonl.xz in {', '.join(map(str, folders))}",
            "Name the folders that hold the training text.",
        )
    for file in files:
        yield from objects(file)


def objects(file: Path) -> Iterator[dict[str, str]]:
    """Each line's strings. NotesError if one has none where they belong, or a refused source."""
    needed = ("zh", "en", "src") if file.name.startswith(PARALLEL) else ("query", "passage", "src")
    for number, row in numbered(file):
        missing = [key for key in needed if not isinstance(row.get(key), str)]
        if missing:
            raise NotesError(
                f"{file}, line {number}: no {' and no '.join(missing)}",
                "Write objects with the strings that index/distill/texts.py names.",
            )
        refuse_source(row["src"], f"{file}, line {number}")
        yield {key: value for key, value in row.items() if isinstance(value, str)}


def numbered(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object. NotesError if one is not an object."""
    with lines(file) as rows:
        for number, line in enumerate(rows, 1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise NotesError(f"{file}, line {number}: not a JSON object", "Mend the line.")
            yield number, row
