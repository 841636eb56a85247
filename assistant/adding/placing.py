"""A note's file comes into the vault: whole or not at all, never over another, never elsewhere."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from assistant.adding.names import numbered
from assistant.adding.refused import Reason, Refusal, system_refusals

FOLDER = "added"
"""Where in a vault everything that is added goes."""

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def writable(vault: Path) -> bool:
    """Whether notes can be added: to a folder, not to a single file, and where writing is allowed.

    `vault` is resolved. A folder of added notes that is a link, or no folder, is not written to.
    """
    added = vault / FOLDER
    if not vault.is_dir() or added.is_symlink():
        return False
    if not added.exists():
        return os.access(vault, os.W_OK | os.X_OK)
    return _is_folder(added) and os.access(added, os.W_OK | os.X_OK)


def place(data: bytes, vault: Path, folders: Sequence[str], stem: str, suffix: str) -> str:
    """Write a note under the vault's folder of added notes, and return its path in the vault.

    Names are made safe, and numbered where something else has them; a file that holds just this
    is not written again. Raises Refusal.
    """
    with system_refusals():
        folder = _own_folder(vault)
        for name in folders:
            folder = _folder(folder, name)
        if not folder.resolve().is_relative_to(vault.resolve() / FOLDER):
            raise Refusal(Reason.LINK)
        for file in _numbered(folder, stem, suffix):
            if _holds(file, data) or (not _taken(file) and _written(data, file)):
                return file.relative_to(vault).as_posix()
    raise AssertionError("numbers do not end")


def _own_folder(vault: Path) -> Path:
    folder = vault / FOLDER
    with suppress(FileExistsError):
        folder.mkdir()
    if folder.is_symlink():
        raise Refusal(Reason.LINK)
    if not _is_folder(folder):
        raise Refusal(Reason.NOT_WRITABLE, "ENOTDIR")
    return folder


def _folder(parent: Path, name: str) -> Path:
    """Make a folder, or take the one that is there; what is a link or a file keeps its name."""
    for folder in _numbered(parent, name, ""):
        with suppress(FileExistsError):
            folder.mkdir()
        if _is_folder(folder):
            return folder
    raise AssertionError("numbers do not end")


def _numbered(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    """Yield `stem.md`, `stem 2.md`, `stem 3.md` and so on."""
    for number in count(1):
        yield folder / numbered(stem, suffix, number)


def _is_folder(file: Path) -> bool:
    return stat.S_ISDIR(file.lstat().st_mode)


def _taken(file: Path) -> bool:
    return os.path.lexists(file)


def _holds(file: Path, data: bytes) -> bool:
    """Whether this is a file, no link, that holds just this."""
    try:
        status = file.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
        return False
    return file.read_bytes() == data


def _written(data: bytes, file: Path) -> bool:
    """Write a file whole; False if another took the name meanwhile."""
    part = file.parent / f".{secrets.token_hex(8)}.part"
    try:
        with part.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if not _named(part, file):
            return False
    finally:
        part.unlink(missing_ok=True)
    _sync(file.parent)
    return True


def _named(part: Path, file: Path) -> bool:
    """Give what is written its name without replacing anything."""
    try:
        os.link(part, file)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        return _moved(part, file)
    return True


def _moved(part: Path, file: Path) -> bool:
    """Where there are no hard links (exFAT): take the name with an empty file, then replace it."""
    try:
        file.open("xb").close()
    except FileExistsError:
        return False
    try:
        part.replace(file)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return True


def _sync(folder: Path) -> None:
    """Have the new name survive a power cut, where folders can be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
