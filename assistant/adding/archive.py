"""Zip files: what in them can be added, read without believing what they say of themselves."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.adding.limits import Limits
from assistant.adding.names import entry_name, entry_parts, is_left_out, shown_name, suffix_of
from assistant.adding.refused import Reason, Refusal, Refused

_BLOCK = 1 << 16
_RATIO_FROM = 1_000_000  # bytes; what is smaller can do no harm, and repeats itself often
_ENCRYPTED = 0x1 | 0x40 | 0x2000
# bzip2 and LZMA give all that a block holds at once, 80 MB of 4 kB.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HEADER = b"PK\x01\x02"
_HEADERS_AN_ENTRY = 50  # entries that are archives and not packed again have headers of their own
_XML = (".xml", ".rels")
_DTD = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


class TooMuch(Refusal):
    """The archive as a whole holds more than a drop may."""


@dataclass(slots=True)
class Budget:
    """What a drop may still unpack."""

    unpacked_bytes: int
    entries: int


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An entry that was written to `file`; `parts` are its folders in the archive and its name."""

    parts: tuple[str, ...]
    file: Path


def unpack(
    archive: Path, into: Path, suffixes: frozenset[str], limits: Limits, budget: Budget
) -> tuple[list[Unpacked], list[Refused]]:
    """Write the entries that have one of the `suffixes` to files in `into`; say what is refused.

    Raises Refusal where the archive as a whole is: it is broken, or holds too much.
    """
    unpacked: list[Unpacked] = []
    refused: list[Refused] = []
    with _opened(archive, budget.entries, limits) as opened:
        infos = opened.infolist()
        budget.entries -= len(infos)
        reading = _Reading(opened, archive.stat().st_size, limits, budget)
        for number, info in enumerate(infos):
            name = entry_name(info)
            try:
                if parts := _wanted(info, name, suffixes):
                    reading.copy(info, into / str(number))
                    unpacked.append(Unpacked(parts, into / str(number)))
            except TooMuch:
                raise
            except Refusal as refusal:
                refused.append(Refused(shown_name(name), refusal.reason, refusal.detail))
    return unpacked, refused


def check_docx(file: Path, limits: Limits) -> None:
    """Raise Refusal if the archive that a DOCX is would not be read as one from elsewhere.

    Its XML must have no DTD, which the format forbids (ECMA-376-2, 8.1.1) and bombs need.
    """
    budget = Budget(limits.unpacked_bytes, limits.entries)
    with _opened(file, limits.entries, limits) as opened:
        reading = _Reading(opened, file.stat().st_size, limits, budget)
        for info in opened.infolist():
            _refuse_encrypted(info)
            blocks = reading.blocks(info, limits.unpacked_bytes)
            _read_through(blocks, info.filename.lower().endswith(_XML))


def _read_through(blocks: Iterator[bytes], is_xml: bool) -> None:
    kept = b""
    for block in blocks:
        seen = kept + block
        if is_xml and any(mark in seen for mark in _DTD):
            raise Refusal(Reason.BOMB)
        kept = seen[-max(map(len, _DTD)) :]


def _opened(file: Path, entries: int, limits: Limits) -> zipfile.ZipFile:
    """Open an archive of at most so many entries, unless its list alone could fill the memory."""
    if _headers(file) > _HEADERS_AN_ENTRY * max(entries, 1):
        raise Refusal(Reason.TOO_MANY, str(limits.entries))
    with _telling():
        opened = zipfile.ZipFile(file)
    if len(opened.infolist()) > entries:
        opened.close()
        raise Refusal(Reason.TOO_MANY, str(limits.entries))
    return opened


@contextmanager
def _telling() -> Iterator[None]:
    """Turn what `zipfile` raises, of an archive that may be made to break it, into refusals."""
    try:
        yield
    except (NotImplementedError, RuntimeError) as error:
        raise Refusal(Reason.NOT_SUPPORTED) from error
    except (zipfile.BadZipFile, zlib.error, struct.error, ArithmeticError, EOFError) as error:
        raise Refusal(Reason.BROKEN) from error
    except (ValueError, OSError) as error:
        raise Refusal(Reason.BROKEN) from error


def _headers(file: Path) -> int:
    """Count what could be an entry in the list: `zipfile` makes an object of each."""
    count, kept = 0, b""
    with file.open("rb") as data:
        while block := data.read(_BLOCK):
            seen = kept + block
            count += seen.count(_HEADER)
            kept = seen[-len(_HEADER) + 1 :]
    return count


def _wanted(info: zipfile.ZipInfo, name: str, suffixes: frozenset[str]) -> tuple[str, ...]:
    """Return the parts of the name of an entry that is to be added, nothing for what is left out."""
    parts = entry_parts(name)
    if not parts or name.endswith("/") or is_left_out(parts):
        return ()
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refusal(Reason.LINK)
    suffix = suffix_of(parts[-1])
    if suffix == ".zip":
        raise Refusal(Reason.NESTED_ZIP)
    if suffix not in suffixes:
        raise Refusal(Reason.NOT_SUPPORTED, suffix)
    _refuse_encrypted(info)
    return parts


def _refuse_encrypted(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Refusal(Reason.ENCRYPTED)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An open archive of `size` bytes, and what may still be read."""

    archive: zipfile.ZipFile
    size: int
    limits: Limits
    budget: Budget

    def copy(self, info: zipfile.ZipInfo, file: Path) -> None:
        """Write an entry to `file`, which is gone again if it is refused."""
        try:
            with file.open("xb") as out:
                for block in self.blocks(info, self.limits.file_bytes):
                    out.write(block)
        except BaseException:
            file.unlink(missing_ok=True)
            raise

    def blocks(self, info: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
        """Yield what an entry holds, counted as it comes. Raises Refusal, or TooMuch."""
        if info.compress_type not in _METHODS:
            raise Refusal(Reason.NOT_SUPPORTED, str(info.compress_type))
        packed = max(1, min(info.compress_size, self.size))
        count = 0
        for block in _blocks(self.archive, info):
            count += len(block)
            self.budget.unpacked_bytes -= len(block)
            if count > max(_RATIO_FROM, packed * self.limits.ratio):
                raise Refusal(Reason.BOMB)
            if count > most:
                raise Refusal(Reason.TOO_LARGE, str(most))
            if self.budget.unpacked_bytes < 0:
                raise TooMuch(Reason.TOO_LARGE, str(self.limits.unpacked_bytes))
            yield block


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with _telling():
        entry = archive.open(info)
    with entry:
        while True:
            with _telling():
                block = entry.read(_BLOCK)
            if not block:
                return
            yield block
