"""Which files of a vault are notes? Names and sizes only; nothing is read but ignore files."""

import os
import stat
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import NotesError
from corpus.ignore import Ignore, ignore_of, is_ignored
from corpus.note import Skip

NOTE_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text")
HEAVY_FOLDERS = frozenset({"node_modules", "__pycache__"})
MAX_BYTES = 10_000_000

_Folder = tuple[str, Path, tuple[Ignore, ...]]  # prefix of its paths, on disk, what it inherits

_ANYONE_READS = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Found:
    """A note file: `path` is vault-relative, `size` in bytes and `mtime_ns` as `stat` gives them."""

    path: str
    folder: Path
    size: int
    mtime_ns: int

    @property
    def file(self) -> Path:
        """The file on disk; made when asked for, since a Path costs as much as the `stat`."""
        return self.folder / self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Scan:
    """What a vault holds, sorted by path; `others` counts files that are not notes, by suffix."""

    found: tuple[Found, ...]
    skipped: tuple[Skip, ...]
    others: Mapping[str, int]


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
        walk.folders(root)
    else:
        name = root.name or walk.root.name
        walk.note(name, root.parent if root.name else walk.root.parent, status)
    return walk.result()


@dataclass(slots=True)
class _Walk:
    root: Path  # resolved, to tell where links lead
    max_bytes: int
    found: dict[str, Found] = field(default_factory=dict)
    skipped: list[Skip] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    entered: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

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
                self.skip(prefix.rstrip("/"), _refusal(error, "folder"))
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
        for entry in entries:
            name = entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and (name[0] == "." or name in HEAVY_FOLDERS):
                continue
            path = prefix + name
            if ignores and is_ignored(path, is_folder, ignores):
                continue
            if not is_folder:
                self.file(path, entry, file)
            elif self.named(path, "folder"):
                below.append((path + "/", file / name, ignores))
        return below

    def file(self, path: str, entry: os.DirEntry[str], folder: Path) -> None:
        name = entry.name
        if entry.is_symlink():
            self.links.append(path)
        elif not name.lower().endswith(NOTE_SUFFIXES):
            self.others[os.path.splitext(name)[1].lower()] += 1  # noqa: PTH122 (speed)
        else:
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # deleted since it was listed
                return
            except OSError as error:
                self.skip(path, _refusal(error, "file"))
                return
            self.note(path, folder, status)

    def note(self, path: str, folder: Path, status: os.stat_result) -> None:
        if not self.named(path, "file"):
            return
        if not stat.S_ISREG(status.st_mode):
            self.skip(path, "not a regular file")
        elif status.st_size > self.max_bytes:
            self.skip(path, f"larger than {_size(self.max_bytes)}: {_size(status.st_size)}")
        elif not _readable(path, folder, status.st_mode):
            self.skip(path, "no permission to read this file")
        else:
            self.found[path] = Found(path, folder, status.st_size, status.st_mtime_ns)

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
        if inside == "." or inside in self.found or inside in self.entered:
            return f"a symbolic link to {shown}, which is read at its own place"
        return f"a symbolic link to {shown}, which is not read"

    def result(self) -> Scan:
        for path in self.links:
            self.link(path)
        return Scan(
            tuple(self.found[path] for path in sorted(self.found)),
            tuple(sorted(self.skipped, key=lambda skip: (skip.path, skip.reason))),
            dict(sorted(self.others.items())),
        )


def _readable(path: str, folder: Path, mode: int) -> bool:
    if mode & _ANYONE_READS == _ANYONE_READS:  # most are: spare the call
        return True
    file = folder / path.rpartition("/")[2]
    return os.access(file, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def _refusal(error: OSError, kind: str) -> str:
    if isinstance(error, PermissionError):
        return f"no permission to read this {kind}"
    return f"a {kind} that cannot be read: {error.strerror}"


def _size(count: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")
