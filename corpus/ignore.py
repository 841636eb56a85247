"""Which paths do a folder's ignore files leave out? Git's rules, in git's syntax."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

IGNORE_FILES = (".gitignore", ".notesignore")
"""The later wins."""

_FOLDER_MARK = "ps_d"  # pathspec's group for the "/" after what a pattern names


@dataclass(frozen=True, slots=True)
class Ignore:
    """The patterns of one folder, `prefix` (it ends in "/" below the vault's root), last first."""

    prefix: str
    patterns: "tuple[GitIgnoreSpecPattern, ...]"

    def verdict(self, path: str, folder: bool) -> bool | None:
        """Whether `path` is ignored, None where no pattern speaks of it."""
        own = path.removeprefix(self.prefix)
        for pattern in self.patterns:
            if _names(pattern, own, folder):
                return pattern.include
        return None


def ignore_of(prefix: str, entries: Mapping[str, os.DirEntry[str]]) -> Ignore | None:
    """Read the ignore files among a folder's entries; links are not followed, as git does not.

    Raises OSError where one may not be read.
    """
    patterns = [
        pattern
        for name in IGNORE_FILES
        if name in entries and entries[name].is_file(follow_symlinks=False)
        for pattern in _patterns(Path(entries[name].path))
    ]
    return Ignore(prefix, tuple(reversed(patterns))) if patterns else None


def is_ignored(path: str, folder: bool, ignores: tuple[Ignore, ...]) -> bool:
    """Ask the nearest folder first; the first that has a pattern for the path decides."""
    for ignore in ignores:
        verdict = ignore.verdict(path, folder)
        if verdict is not None:
            return verdict
    return False


def _names(pattern: "GitIgnoreSpecPattern", path: str, folder: bool) -> bool:
    """Whether the pattern names `path` itself.

    pathspec's own matching also takes what lies under a named folder. Git does not: a folder that
    is let in again says nothing of the files in it, and `a/**` does not name `a`.
    """
    regex = pattern.regex
    if regex is None:
        return False
    if _FOLDER_MARK not in regex.groupindex:
        return regex.search(path) is not None
    if not regex.pattern.startswith("^"):  # "*/": any folder
        return folder
    return regex.fullmatch(path + "/" if folder else path) is not None


def _patterns(file: Path) -> "list[GitIgnoreSpecPattern]":
    from pathspec.patterns.gitignore import GitIgnorePatternError  # slow, and no search needs it
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    patterns = []
    for line in file.read_text("utf-8-sig", errors="surrogateescape").split("\n"):
        try:
            pattern = GitIgnoreSpecPattern(line.removesuffix("\r"))
        except GitIgnorePatternError:  # git matches nothing by it either
            continue
        if pattern.include is not None:
            patterns.append(pattern)
    return patterns
