"""A note, or lines of a file, as the file says them now."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asked import encodable
from assistant.assistant import Assistant
from corpus.errors import NotesError
from corpus.lines import LineIndex
from corpus.note import Lines, Span
from index.finding.file_now import FileNow, NotePlace
from index.finding.hit import Freshness
from index.finding.named import note_named, vaults_with
from index.keeping.notes import StoredNote

_MOST_SHOWN = 200
"""Characters of what a program named that an error repeats."""


@dataclass(frozen=True, slots=True)
class NoteNow:
    """`text` is `lines` of the file, whole, without the last line end.

    Where that is more than was wanted, `is_cut`; `more` are then the lines to go on with, unless
    one endless line was cut. `here` is the place in `file.notes` of the smallest note that holds
    the first line, `stored` that note as the index has it; None where there is none.
    `freshness` is the note's, of lines in no note the file's.
    """

    file: FileNow
    lines: Lines
    text: str
    is_cut: bool
    more: Lines | None
    here: int | None
    stored: StoredNote | None
    freshness: Freshness

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


def read_note(assistant: Assistant, key: str, most: int) -> NoteNow:
    """Read the note with id `key`, at most `most` characters. Raises NotesError."""
    with assistant.store.reading() as db:
        stored = note_named(db, encodable(key))
    if stored is None:
        raise NotesError(
            f"There is no note with the id {_short(key)}.",
            "A note that was changed has another id; search for it.",
        )
    file = assistant.read_file(stored.vault, stored.note.path)
    lines = LineIndex(file.text)
    place = _place_now(file, stored, lines)
    return _taken(file, lines, place, _here(file, place.first), stored, most)


def read_lines(
    assistant: Assistant, path: str, wanted: Sequence[int] | None, vault: str, most: int
) -> NoteNow:
    """Read lines of a file that the index has, all of them if none are wanted; see `read_note`."""
    file = assistant.read_file(vault or _vault_of(assistant, path), path)
    lines = LineIndex(file.text)
    last = len(lines) - (len(lines) > 1 and not lines.text(len(lines) - 1))
    if wanted is None:
        return _taken(file, lines, Lines(1, last), None, None, most)
    place = _lines(wanted, last)
    here = _here(file, place.first)
    with assistant.store.reading() as db:
        stored = None if here is None else note_named(db, file.notes[here].key)
    return _taken(file, lines, place, here, stored, most)


def _place_now(file: FileNow, stored: StoredNote, lines: LineIndex) -> Lines:
    """Return the lines of a note: where its text stands now, else where its title does."""
    note = stored.note
    if file.freshness is Freshness.CHANGED:
        start = _nearest(file.text, note.text, note.span.start)
        if start is not None:
            return lines.lines(Span(start, start + len(note.text)))
    for place in file.notes:
        if place.key == stored.key:
            return place.lines
    raise NotesError(
        f"The note {stored.key} is no longer found in {file.path}, which has changed.",
        "Read the file by its lines, or search for what it says.",
    )


def _nearest(source: str, text: str, old: int) -> int | None:
    """Return the offset of `text` in `source` that is nearest to `old`."""
    after, before = source.find(text, old), source.rfind(text, 0, old + len(text))
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - old)) if found and text else None


def _taken(
    file: FileNow,
    lines: LineIndex,
    place: Lines,
    here: int | None,
    stored: StoredNote | None,
    most: int,
) -> NoteNow:
    """Take as many whole lines as `most` characters hold, or the beginning of an endless one."""
    start, stop, last = lines.start(place.first - 1), lines.start(place.last), place.last
    text = _without_end(file.text[start:stop])
    is_cut = len(text) > most
    if is_cut:
        last = max(lines.line_at(start + most + 1), place.first)  # a line end does not count
        text = _without_end(file.text[start : lines.start(last)])[:most]
    return NoteNow(
        file,
        Lines(place.first, last),
        text.removeprefix("\ufeff") if start == 0 else text,
        is_cut,
        Lines(last + 1, place.last) if last < place.last else None,
        here,
        stored,
        _freshness(file, stored),
    )


def _without_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def _here(file: FileNow, line: int) -> int | None:
    """Return the place of the smallest note that holds a line."""
    holding = [
        (note.lines.last - note.lines.first, place)
        for place, note in enumerate(file.notes)
        if note.lines.first <= line <= note.lines.last
    ]
    return min(holding)[1] if holding else None


def _freshness(file: FileNow, stored: StoredNote | None) -> Freshness:
    if file.freshness is Freshness.CHANGED and stored and stored.note.text in file.text:
        return Freshness.CURRENT
    return file.freshness


def _vault_of(assistant: Assistant, path: str) -> str:
    """Return the one folder of notes that has a file. Raises NotesError."""
    with assistant.store.reading() as db:
        vaults = vaults_with(db, encodable(path))
    if not vaults:
        raise NotesError(
            f"There is no {_short(path)} among the notes.",
            "Name a file as hits give it, from the top of its folder of notes.",
        )
    if len(vaults) > 1:
        raise NotesError(
            f"There is a {_short(path)} in each of these: {', '.join(vaults)}.",
            "Name one of them as vault.",
        )
    return vaults[0]


def _lines(wanted: Sequence[int], last: int) -> Lines:
    """Return the lines that `wanted` names as hits do: [first, last]; past the end is the end."""
    is_pair = isinstance(wanted, list | tuple) and len(wanted) == 2
    if not is_pair or any(type(one) is not int for one in wanted):
        raise NotesError("Lines are two numbers.", "Give the first and the last: [12, 20]")
    first, end = wanted
    if not 1 <= first <= end:
        raise NotesError(
            f"There are no lines {_short(str(first))} to {_short(str(end))}.",
            "Give the first and the last, counted from 1: [12, 20]",
        )
    if first > last:
        raise NotesError(
            f"There is no line {_short(str(first))}: the file has {last}.",
            "Give the first and the last, counted from 1: [12, 20]",
        )
    return Lines(first, min(end, last))


def _short(named: str) -> str:
    shown = encodable(named)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
