"""Which files of a vault are notes? Names and sizes only; nothing is read but ignore files."""

import gc
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from corpus.errors import NotesError
from corpus.ignore import Ignore, ignore_of, is_ignored
from corpus.note import Skip

NOTE_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text")
HEAVY_FOLDERS = frozenset({"node_modules", "__pycache__"})
MAX_BYTES = 10_000_000
LATEST_NS = 2**63 - 1
"""The last time that databases can hold, in the year 2262; a file's may lie after it."""

_Folder = tuple[str, Path, tuple[Ignore, ...]]  # prefix of its paths, on disk, what it inherits

_ANYONE_READS = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
_USUAL = stat.S_IFREG | _ANYONE_READS
_TYPE_AND_READS = 0o170000 | _ANYONE_READS


class Found(NamedTuple):
    """A note file: `path` is vault-relative; `size` in bytes and the times as `stat` gives them.

    A tuple, since forty thousand are made for every update.
    """

    path: str
    folder: Path
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def file(self) -> Path:
        """The file on disk; made when asked for, since a Path costs as much as the `stat`."""
        return self.folder / self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a vault holds, sorted by path; `others` counts files that are not notes, by suffix.

    `unread` are files, and folders with a "/" at their end, of which the system could not say what
    is there: not for want of permission, but by a failing disk, say.
    """

    found: tuple[Found, ...]
    skipped: tuple[Skip, ...]
    others: Mapping[str, int]
    unread: tuple[str, ...] = ()


def scan(root: Path, max_bytes: int = MAX_BYTES) -> Scan:
    """Find the note files under a folder, or take one file whatever its suffix.

    Hidden, heavy and ignored folders are not entered, links are not followed.
    Raises NotesError where `root` is missing or may not be read.
    """
    try:
        status = root.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotesError(
            f"There is no file or folder {_shown(str(root))}.",
            "Check the path, or give the folder that holds your notes.",
        ) from error
    except OSError as error:
        raise NotesError(
            f"{_shown(str(root))} cannot be read: {error.strerror}.",
            "Check the path and its permissions.",
        ) from error
    walk = _Walk(Path(os.path.realpath(root)), max_bytes)
    if stat.S_ISDIR(status.st_mode):
        with _without_collecting():
            walk.folders(root)
    else:
        name = root.name or walk.root.name
        walk.note(name, root.parent if root.name else walk.root.parent, status)
    return walk.result()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare the collector's search among ten thousands of new objects, none of which is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class _Walk:
    root: Path  # resolved, to tell where links lead
    max_bytes: int
    found: list[Found] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    entered: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def folders(self, root: Path) -> None:
        """Walk down from `root`; a stack, since folders may lie deeper than Python recurses."""
        stack: list[_Folder] = [("", root, ())]
        while stack:
            prefix, file, ignores = stack.pop()
            try:
                with os.scandir(file) as listing:
                    entries = list(listing)
            except FileNotFoundError:  # deleted since it was listed
                continue
            except OSError as error:
                if not prefix:
                    raise NotesError(
                        f"The folder {_shown(str(file))} cannot be read: {error.strerror}.",
                        "Check its permissions.",
                    ) from error
                self.refused(prefix, error, "folder")
                continue
            stack += self.folder(prefix, file, entries, ignores)

    def folder(
        self, prefix: str, file: Path, entries: list[os.DirEntry[str]], ignores: tuple[Ignore, ...]
    ) -> list[_Folder]:
        """Sort one folder's entries and return the folders in it that are to be entered."""
        named = {entry.name: entry for entry in entries}
        if prefix and "pyvenv.cfg" in named:
            return []
        try:
            if own := ignore_of(prefix, named):
                ignores = (own, *ignores)
        except OSError:  # what it hides must stay hidden
            self.skip(prefix.rstrip("/"), "a folder whose ignore file cannot be read")
            return []
        self.entered.add(prefix.rstrip("/"))
        below: list[_Folder] = []
        take, new, max_bytes = self.found.append, tuple.__new__, self.max_bytes
        for entry in entries:
            name = entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and (name[0] == "." or name in HEAVY_FOLDERS):
                continue
            path = prefix + name
            if ignores and is_ignored(path, is_folder, ignores):
                continue
            if is_folder:
                if self.named(path, "folder"):
                    below.append((path + "/", file / name, ignores))
            elif entry.is_symlink():
                self.links.append(path)
            elif not name.endswith(NOTE_SUFFIXES) and not name.lower().endswith(NOTE_SUFFIXES):
                self.others[os.path.splitext(name)[1].lower()] += 1  # noqa: PTH122 (speed)
            else:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # deleted since it was listed
                    continue
                except OSError as error:
                    self.refused(path, error, "file")
                    continue
                size = status.st_size
                usual = status.st_mode & _TYPE_AND_READS == _USUAL and size <= max_bytes
                if usual and path.isascii():  # spelt out here: calls would double a scan's time
                    mtime, ctime = status.st_mtime_ns, status.st_ctime_ns
                    if mtime > LATEST_NS:
                        mtime = LATEST_NS
                    take(new(Found, (path, file, size, mtime, ctime)))
                else:
                    self.note(path, file, status)
        return below

    def note(self, path: str, folder: Path, status: os.stat_result) -> None:
        """Take a file, or say why not."""
        if not self.named(path, "file"):
            return
        if not stat.S_ISREG(status.st_mode):
            self.skip(path, "not a regular file")
        elif status.st_size > self.max_bytes:
            self.skip(path, f"larger than {_size(self.max_bytes)}: {_size(status.st_size)}")
        elif not _readable(path, folder, status.st_mode):
            self.skip(path, "no permission to read this file")
        else:
            times = min(status.st_mtime_ns, LATEST_NS), status.st_ctime_ns
            self.found.append(Found(path, folder, status.st_size, *times))

    def named(self, path: str, kind: str) -> bool:
        """Whether the name is valid Unicode; if not, it is skipped."""
        try:
            path.isascii() or path.encode()
        except UnicodeEncodeError:
            self.skip(path, f"a {kind} whose name is not valid UTF-8")
            return False
        return True

    def skip(self, path: str, reason: str) -> None:
        self.skipped.append(Skip(_shown(path), reason))

    def refused(self, path: str, error: OSError, kind: str) -> None:
        """Name what cannot be read; a "/" at its end tells a folder."""
        if isinstance(error, PermissionError):
            self.skip(path.rstrip("/"), f"no permission to read this {kind}")
        else:
            self.skip(path.rstrip("/"), f"a {kind} that cannot be read: {error.strerror}")
            self.unread.append(path)

    def link(self, path: str) -> None:
        """Name a link, now that it is known what is read."""
        name = path.rpartition("/")[2]
        note = name.lower().endswith(NOTE_SUFFIXES)
        target = os.path.realpath(self.root / path)
        if not os.path.exists(target):  # noqa: PTH110
            if note or "." not in name:
                self.skip(path, "a broken symbolic link")
        elif note or os.path.isdir(target):  # noqa: PTH112
            if not note and (name[0] == "." or name in HEAVY_FOLDERS):
                return
            self.skip(path, self.destination(Path(target)))
        else:
            self.others[os.path.splitext(name)[1].lower()] += 1  # noqa: PTH122

    def destination(self, target: Path) -> str:
        if not target.is_relative_to(self.root):
            return "a symbolic link that leads out of the vault"
        inside = target.relative_to(self.root).as_posix()
        shown = "the vault itself" if inside == "." else _shown(inside)
        if inside == "." or inside in self.entered:
            return f"a symbolic link to {shown}, which is read at its own place"
        return f"a symbolic link to {shown}, which is not read"

    def result(self) -> Scan:
        self.found.sort()
        if self.links:
            self.entered.update(found.path for found in self.found)
        for path in self.links:
            self.link(path)
        return Scan(
            tuple(self.found),
            tuple(sorted(self.skipped, key=lambda skip: (skip.path, skip.reason))),
            dict(sorted(self.others.items())),
            tuple(self.unread),
        )


def _readable(path: str, folder: Path, mode: int) -> bool:
    if mode & _ANYONE_READS == _ANYONE_READS:
        return True
    file = folder / path.rpartition("/")[2]
    return os.access(file, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def _size(count: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")
