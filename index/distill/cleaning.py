"""What must never be trained on: the collections that the model is measured on.

`refused.py` knows them by name; here text, whatever its source is called, by what it shares with them.
`python -m index.distill.cleaning --data FOLDER... --test FOLDER... --out FOLDER` writes the training
text without the lines that share a run with text below the test folders.
"""

import argparse
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from corpus.errors import NotesError
from index.distill import texts
from index.distill.command import run

# So many words (or Chinese characters) in a row that two texts share are no accident.
RUN = 24
_UNIT = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that powers of it never become 0 modulo 2^64
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Overlap:
    """A text for training that shares `run` with a text for testing."""

    text: str
    run: str


class Reserved:
    """The runs of the texts that are kept for testing, in simplified characters."""

    def __init__(self, reserved: Iterable[str], length: int = RUN) -> None:
        self._length = length
        self._folded = texts.simplified()
        hashes = [_hashes(_units(self._folded(text)), length) for text in reserved]
        self._seen: Hashes = np.unique(np.concatenate(hashes or [np.empty(0, np.uint64)]))

    def overlap(self, text: str) -> Overlap | None:
        """The first run that `text` shares with a reserved text, if there is one."""
        units = _units(self._folded(text))
        hashes = _hashes(units, self._length)
        if not len(hashes) or not len(self._seen):
            return None
        places = np.searchsorted(self._seen, hashes).clip(max=len(self._seen) - 1)
        shared = np.flatnonzero(self._seen[places] == hashes)
        if not len(shared):
            return None
        first = int(shared[0])
        return Overlap(text, " ".join(units[first : first + self._length]))


def _units(text: str) -> list[str]:
    return _UNIT.findall(text.lower())


def _hashes(units: Sequence[str], run: int) -> Hashes:
    """A polynomial hash, modulo 2^64, of each run of units."""
    count = len(units) - run + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    codes = np.array([crc32(unit.encode()) for unit in units], np.uint64)
    total = np.zeros(count, np.uint64)
    for place in range(run):
        total = total * np.uint64(_FACTOR) + codes[place : place + count]
    return total


def cleaned(data: Sequence[Path], test: Sequence[Path], out: Path) -> list[Overlap]:
    """Write the lines of `data` that share no run with `test`; return what was left out.

    Folders' files of one name become one file. `out` is there only when it is whole. NotesError if
    a line is of a refused source, or there is nothing to read.
    """
    for folder in (*data, *test):
        if out.resolve() in (folder.resolve(), *folder.resolve().parents):
            raise NotesError(f"{out} would be written over {folder}", "Name another folder.")
    if out.exists() and any(file.suffix != ".jsonl" for file in out.iterdir()):
        raise NotesError(f"{out} holds something else than text", "Name another folder.")
    reserved = Reserved(_texts(test))
    left_out: list[Overlap] = []
    new = out.with_name(f"{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    files = _files(data)
    if not files:
        raise NotesError(
            f"No .jsonl or .jsonl.xz below {', '.join(map(str, data))}",
            "Name the folders that hold the training text.",
        )
    for file in files:
        with (new / file.name.removesuffix(".xz")).open("a", encoding="utf-8") as kept:
            for row in texts.objects(file):
                overlap = next(filter(None, map(reserved.overlap, _strings(row))), None)
                if overlap:
                    left_out.append(overlap)
                else:
                    kept.write(json.dumps(row, ensure_ascii=False) + "\n")
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
    return left_out


def _files(folders: Sequence[Path]) -> list[Path]:
    return [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.name.endswith((".jsonl", ".jsonl.xz"))
    ]


def _texts(folders: Sequence[Path]) -> Iterator[str]:
    """Every text of the collections below the folders, and every Markdown file."""
    for file in _files(folders):
        for _, row in texts.numbered(file):
            yield from _strings(row)
    for folder in folders:
        for file in sorted(folder.rglob("*.md")):
            if file.is_file():
                yield file.read_text(encoding="utf-8", errors="replace")


def _strings(row: Mapping[str, object]) -> list[str]:
    return [value for value in row.values() if isinstance(value, str)]


def _write(data: Sequence[Path], test: Sequence[Path], out: Path) -> None:
    left_out = cleaned(data, test, out)
    for overlap in left_out:
        print(f"left out, it shares {overlap.run!r}: {overlap.text[:80]!r}")
    print(f"{out}: {len(left_out)} lines left out")


def main() -> int:
    """Write the cleaned text as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="training text")
    parser.add_argument("--test", type=Path, nargs="+", required=True, help="text kept for testing")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    given = parser.parse_args()
    return run(lambda: _write(given.data, given.test, given.out))


if __name__ == "__main__":
    raise SystemExit(main())
