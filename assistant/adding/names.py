"""Names from elsewhere: what may a file be called here, and which entry of a zip is meant?"""

import re
import unicodedata
from pathlib import PurePosixPath
from zipfile import ZipInfo

from assistant.adding.refused import Reason, Refusal
from corpus.scan import HEAVY_FOLDERS

MAX_NAME_BYTES = 120
_MAX_PART_BYTES = 255  # what file systems take
_MAX_PATH_BYTES = 1024
_MAX_DEPTH = 16
_ROOM_FOR_NUMBER = len(" 9999")
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])[ ]*(?:\..*)?", re.I | re.S
)
_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))  # on Windows, or everywhere
_LEFT_OUT = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"}) | HEAVY_FOLDERS
_UTF_8_FLAG = 0x800


def shown_name(name: str) -> str:
    """Return a name as it may be shown and kept: no controls, no Bidi controls, valid Unicode."""
    visible = (c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    return unicodedata.normalize("NFC", "".join(visible))


def numbered(name: str, suffix: str, number: int) -> str:
    """Return `name.md`, `name 2.md`, `name 3.md`: all of a safe name's length, but for the digits."""
    safe = safe_name(name, suffix)
    return safe if number == 1 else f"{safe.removesuffix(suffix)} {number}{suffix}"


def safe_name(name: str, suffix: str = "") -> str:
    """Return a file name of at most 120 bytes, with room left for a number.

    `name` is the last part of a path, without the `suffix` that the file is to have. The result has
    no separators, is not hidden, and means no device on any system.
    """
    stem = _trimmed(shown_name(name).translate(_FORBIDDEN))
    if _RESERVED.fullmatch(stem):
        first, dot, rest = stem.partition(".")
        stem = f"{first.rstrip()}_{dot}{rest}"
    room = MAX_NAME_BYTES - _ROOM_FOR_NUMBER - len(suffix.encode())
    stem = _trimmed(stem.encode()[:room].decode(errors="ignore"))
    return (stem or "note") + suffix


def _trimmed(stem: str) -> str:
    return stem.lstrip(". ").rstrip(". ")


def last_part(name: str) -> str:
    """Return the file's own name, whatever folders of whatever system stand before it."""
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1]


def entry_name(info: ZipInfo) -> str:
    """Return an entry's name as its maker wrote it.

    Without the flag for UTF-8 the bytes are of any encoding, and `zipfile` took them for cp437.
    """
    name = info.orig_filename
    if info.flag_bits & _UTF_8_FLAG or name.isascii():
        return name
    data = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def entry_parts(name: str) -> tuple[str, ...]:
    """Return the folders and the file that an entry's name gives; of a folder, nothing after it.

    Raises Refusal for what could lead elsewhere, on any system.
    """
    if "\0" in name or "\\" in name or name.startswith("/") or _DRIVE.match(name):
        raise Refusal(Reason.UNSAFE_NAME)
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if any(not part.strip(". ") or _RESERVED.fullmatch(part) for part in parts):
        raise Refusal(Reason.UNSAFE_NAME)
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        raise Refusal(Reason.UNSAFE_NAME) from None
    if max(sizes, default=0) > _MAX_PART_BYTES or sum(sizes) > _MAX_PATH_BYTES:
        raise Refusal(Reason.LONG_NAME)
    if len(parts) > _MAX_DEPTH:
        raise Refusal(Reason.LONG_NAME)
    return parts


def is_left_out(parts: tuple[str, ...]) -> bool:
    """Whether an entry is a system's own, hidden, or where no notes are read."""
    return any(part.startswith(".") or part in _LEFT_OUT for part in parts)


def suffix_of(name: str) -> str:
    """Return the suffix in lower case, with its dot."""
    return PurePosixPath(last_part(name)).suffix.lower()
