"""Which paths does a pattern name? Git's rules: `.publishignore` in any folder, and single patterns."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from corpus.errors import NotesError
from corpus.ignore import Ignore, is_ignored

PUBLISH_IGNORE = ".publishignore"


class PublishIgnore:
    """The `.publishignore` files of a vault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ignores_at = cache(self._read)

    def verdict(self, path: str) -> str:
        """Return which file keeps `path` back, "" if none does. Raises NotesError.

        What lies in an ignored folder cannot be let in again, as with git.
        """
        for place, is_folder in _places(path):
            ignores = tuple(self._ignores(place))
            if is_ignored(place, is_folder, ignores):
                said = (one for one in ignores if one.verdict(place, is_folder))
                return next(said).prefix + PUBLISH_IGNORE
        return ""

    def _ignores(self, path: str) -> Iterator[Ignore]:
        """Yield the patterns that speak of a path, the nearest folder's first."""
        while path:
            path = path.rpartition("/")[0]
            if found := self._ignores_at(f"{path}/" if path else ""):
                yield found

    def _read(self, prefix: str) -> Ignore | None:
        file = self._folder / prefix / PUBLISH_IGNORE
        try:
            lines = file.read_text("utf-8-sig").split("\n")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise NotesError(
                f"{file} cannot be read; nothing was published.",
                "Mend it: what it names must stay private.",
            ) from error
        patterns = [one for line in lines if (one := pattern_of(line, str(file)))]
        return Ignore(prefix, tuple(reversed(patterns))) if patterns else None


class PathPattern:
    """One pattern, of the whole vault."""

    def __init__(self, line: str) -> None:
        pattern = pattern_of(line, "the command line")
        if pattern is None or not pattern.include:
            raise NotesError(
                f"{line!r} names no files.",
                "Give a pattern as in .gitignore, such as blog/ or *.md.",
            )
        self._ignore = Ignore("", (pattern,))

    def names(self, path: str) -> bool:
        """Whether it names the file at `path`, or a folder that the file is in."""
        return any(self._ignore.verdict(place, folder) for place, folder in _places(path))


def pattern_of(line: str, where: str) -> GitIgnoreSpecPattern | None:
    """Read a line of an ignore file; None if it says nothing. Raises NotesError."""
    try:
        pattern = GitIgnoreSpecPattern(line)
    except GitIgnorePatternError as error:
        raise NotesError(
            f"{line!r} in {where} is no pattern; nothing was published.",
            "Mend it: what it names must stay private.",
        ) from error
    return pattern if pattern.include is not None else None


def _places(path: str) -> Iterable[tuple[str, bool]]:
    """Yield the folders that a file is in, the outermost first, then the file."""
    parts = path.split("/")
    for end in range(1, len(parts)):
        yield "/".join(parts[:end]), True
    yield path, False
