"""Add what a user drops on the app to a vault."""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.adding.archive import Budget, check_docx, unpack
from assistant.adding.conversion import CONVERTER, Conversions
from assistant.adding.limits import Limits
from assistant.adding.names import last_part, shown_name, suffix_of
from assistant.adding.placing import FOLDER, place, writable
from assistant.adding.refused import Reason, Refusal, Refused, system_refusals
from assistant.adding.tidy import note_of
from corpus.decode import NotText, decode
from corpus.progress import OnProgress, Progress, silent
from corpus.scan import NOTE_SUFFIXES

__all__ = ["ACCEPTED", "FOLDER", "Added", "Limits", "Reason", "Refused", "add_files", "writable"]

CONVERTED = frozenset({".pdf", ".docx", ".html", ".htm"})
TAKEN = frozenset(NOTE_SUFFIXES) | CONVERTED
ACCEPTED = (*NOTE_SUFFIXES, ".pdf", ".docx", ".html", ".htm", ".zip")
"""What can be dropped, by suffix."""

_OLE = b"\xd0\xcf\x11\xe0"  # an office document of the old kind, or one with a password
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PDF_HEAD = 1024  # bytes in which readers look for a PDF's mark
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Added:
    """Paths in the vault, in the order of the files: what was written, or was there already."""

    paths: tuple[str, ...]
    refused: tuple[Refused, ...]


def add_files(
    files: Sequence[tuple[str, Path]],
    vault: Path,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    on_progress: OnProgress = silent,
    converter: Sequence[str] = CONVERTER,
) -> Added:
    """Add files to the vault's folder of added notes; each is the user's name for it, and the file.

    `vault` is a resolved folder. Text is added as it is, documents are converted, and of archives
    is added what is either. Nothing is replaced. What cannot be added is named with its reason.
    """
    with tempfile.TemporaryDirectory(prefix="notes-adding-") as folder:
        work = Path(folder).resolve()
        with Conversions(work, limits, converter) as conversions:
            adding = _Adding(vault, work, limits, conversions)
            dropped = adding.collected(files)
            for done, one in enumerate(dropped):
                on_progress(Progress("add", done, len(dropped)))
                adding.add(one)
    _log.info("%s notes added, %s files refused", len(adding.paths), len(adding.refused))
    return Added(tuple(dict.fromkeys(adding.paths)), tuple(adding.refused))


@dataclass(frozen=True, slots=True)
class _One:
    """A file to add; `folders` lie in the folder of added notes, `shown` names it to the user."""

    shown: str
    name: str
    file: Path
    folders: tuple[str, ...] = ()


@dataclass(slots=True)
class _Adding:
    vault: Path
    work: Path
    limits: Limits
    conversions: Conversions
    paths: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def collected(self, files: Sequence[tuple[str, Path]]) -> list[_One]:
        """Return the files with the archives' in their places; note what is refused already."""
        budget = Budget(self.limits.unpacked_bytes, self.limits.entries)
        ones: list[_One] = []
        for number, (given, file) in enumerate(files):
            name = last_part(given)
            try:
                with system_refusals():
                    ones += self.taken(_One(shown_name(name), name, file), budget, str(number))
            except Refusal as refusal:
                self.refuse(shown_name(name), refusal)
        return ones

    def taken(self, one: _One, budget: Budget, number: str) -> list[_One]:
        """Return a dropped file, or what is in it if it is an archive. Raises Refusal."""
        if not writable(self.vault):
            raise Refusal(Reason.NOT_WRITABLE)
        if budget.entries < 1:
            raise Refusal(Reason.TOO_MANY, str(self.limits.entries))
        budget.entries -= 1
        if one.file.is_symlink() or not one.file.is_file():
            raise Refusal(Reason.LINK)
        if one.file.stat().st_size > self.limits.file_bytes:
            raise Refusal(Reason.TOO_LARGE, str(self.limits.file_bytes))
        suffix = suffix_of(one.name)
        if suffix == ".zip":
            return self.archived(one, budget, number)
        if suffix not in TAKEN:
            raise Refusal(Reason.NOT_SUPPORTED, suffix)
        return [one]

    def archived(self, one: _One, budget: Budget, number: str) -> list[_One]:
        into = self.work / f"zip-{number}"
        into.mkdir()
        unpacked, refused = unpack(one.file, into, TAKEN, self.limits, budget)
        for entry in refused:
            self.refused.append(Refused(f"{one.shown}/{entry.name}", entry.reason, entry.detail))
        stem = one.name[: -len(".zip")]
        return [
            _One(
                shown_name(f"{one.shown}/{'/'.join(entry.parts)}"),
                entry.parts[-1],
                entry.file,
                (stem, *entry.parts[:-1]),
            )
            for entry in unpacked
        ]

    def add(self, one: _One) -> None:
        """Write the note that a file is, or becomes."""
        suffix = suffix_of(one.name)
        stem = one.name[: -len(suffix)]
        try:
            with system_refusals():
                if suffix in CONVERTED:
                    data, suffix = self.converted(one, suffix), ".md"
                else:
                    data = _text(one.file, self.limits)
            self.paths.append(place(data, self.vault, one.folders, stem, suffix))
        except Refusal as refusal:
            self.refuse(one.shown, refusal)

    def converted(self, one: _One, suffix: str) -> bytes:
        """Return the note that a document becomes. Raises Refusal."""
        _check(one.file, suffix, self.limits)
        converted = self.conversions.convert(one.file, suffix)
        return note_of(converted.text, converted.title, one.name)

    def refuse(self, shown: str, refusal: Refusal) -> None:
        self.refused.append(Refused(shown, refusal.reason, refusal.detail))


def _text(file: Path, limits: Limits) -> bytes:
    """Return a text's bytes as they are. Raises Refusal if they are none."""
    if file.stat().st_size > limits.note_bytes:
        raise Refusal(Reason.TOO_LARGE, str(limits.note_bytes))
    data = file.read_bytes()
    try:
        text = decode(data).text
    except NotText as error:
        raise Refusal(Reason.NOT_TEXT) from error
    if not text.strip("\ufeff \t\r\n"):
        raise Refusal(Reason.EMPTY)
    return data


def _check(file: Path, suffix: str, limits: Limits) -> None:
    """Raise Refusal for a document that is not worth a conversion."""
    if file.stat().st_size == 0:
        raise Refusal(Reason.EMPTY)
    with file.open("rb") as data:
        head = data.read(_PDF_HEAD)
    if suffix == ".pdf" and b"%PDF-" not in head:
        raise Refusal(Reason.BROKEN)
    if suffix == ".docx":
        if head.startswith(_OLE):
            encrypted = _OLE_ENCRYPTED in file.read_bytes()
            raise Refusal(Reason.ENCRYPTED if encrypted else Reason.BROKEN)
        check_docx(file, limits)
