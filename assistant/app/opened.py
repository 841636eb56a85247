"""A note opened in its file: what is shown of the file, and what leads on from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.app.problem import Problem, told
from assistant.assistant import Assistant
from corpus.document import MARKDOWN_SUFFIXES
from corpus.lines import LineIndex
from corpus.note import Lines
from index.finding.file_now import FileNow, NotePlace, Place
from index.finding.hit import Hit

LONGEST = 60_000
"""Characters of a file that are shown: whole notes around the one that was opened."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`text` is what is shown of the file: it begins at line `begin` and `is_whole` or a part.

    `here` is the place of the note in `file.notes`; None where the lines are in none. `alike` are
    the notes nearest in meaning.
    """

    file: FileNow
    cited: Lines
    text: str
    begin: int
    is_whole: bool
    here: int | None
    alike: tuple[Hit, ...]

    @property
    def is_markdown(self) -> bool:
        """Whether the file is Markdown, and not plain text."""
        return Path(self.file.path).suffix.lower() in MARKDOWN_SUFFIXES

    @property
    def before(self) -> NotePlace | None:
        """The note before this one in the file."""
        return self.file.notes[self.here - 1] if self.here else None

    @property
    def after(self) -> NotePlace | None:
        """The note after this one in the file."""
        if self.here is None or self.here + 1 == len(self.file.notes):
            return None
        return self.file.notes[self.here + 1]


@told
def open_asked(assistant: Assistant, asked: Mapping[str, Any]) -> Opened | Problem:
    """Open what the page's script asks for: `vault`, `path`, and the `first` and `last` line."""
    lines = Lines(int(asked["first"]), int(asked["last"]))
    return open_note(assistant, Place(str(asked["vault"]), str(asked["path"]), lines))


@told
def open_note(assistant: Assistant, place: Place) -> Opened:
    """Open the note at a place of the index's files."""
    file = assistant.read_file(place.vault, place.path)
    here = _note_at(file.notes, place.lines.first)
    key = "" if here is None else file.notes[here].key
    text, begin, is_whole = _part(file, place.lines, here)
    alike = assistant.like(key) if key else ()
    return Opened(file, place.lines, text, begin, is_whole, here, alike)


def _note_at(notes: Sequence[NotePlace], line: int) -> int | None:
    """Return the smallest note that holds a line."""
    holding = [
        (note.lines.last - note.lines.first, place)
        for place, note in enumerate(notes)
        if note.lines.first <= line <= note.lines.last
    ]
    return min(holding)[1] if holding else None


def _part(file: FileNow, cited: Lines, here: int | None) -> tuple[str, int, bool]:
    """Return what is shown of a file, the line at which that begins, and whether it is all."""
    if len(file.text) <= LONGEST:
        return file.text, 1, True
    lines = LineIndex(file.text)
    first, last = (here, here) if here is not None else (0, -1)

    def size(a: int, b: int) -> int:
        begin, end = file.notes[a].lines.first - 1, file.notes[b].lines.last
        return lines.start(end) - lines.start(begin)

    if here is None or size(here, here) > LONGEST:
        at = lines.start(cited.first - 1)
        edge = at - LONGEST // 4
        begin = 1 if edge <= 0 else min(lines.line_at(edge) + 2, cited.first)
        return file.text[lines.start(begin - 1) :][:LONGEST], begin, False
    while True:
        if first > 0 and size(first - 1, last) <= LONGEST:
            first -= 1
        elif last + 1 < len(file.notes) and size(first, last + 1) <= LONGEST:
            last += 1
        else:
            break
    begin, end = file.notes[first].lines.first, file.notes[last].lines.last
    return file.text[lines.start(begin - 1) : lines.start(end)], begin, False
