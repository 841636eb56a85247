"""Which published lines name a private file, by a link or by its title?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

from assistant.publishing.published import Kept, Mention
from assistant.publishing.selecting import PublicFile
from corpus.lines import LineIndex

_LINK = re.compile(
    r"\[\[([^\[\]|#\n]+)|\]\(\s*<?([^()\s<>#]+)|^ {0,3}\[[^\]\n]+\]:\s*<?(\S+?)[>#\s]", re.M
)
_LEAST = 8
"""Characters that a title has at least to be looked for in the text; a Chinese one counts as two."""


def mentions(
    files: Sequence[PublicFile],
    kept: Sequence[Kept],
    titles: Mapping[tuple[str, str], set[str]],
) -> tuple[Mention, ...]:
    """Return the lines that link to a file that stays, or name one that is marked private."""
    by_name: dict[str, str] = {}
    for one in kept:
        if one.lines is None:
            for name in _names(one.path):
                by_name.setdefault(name, one.path)
    told = dict[str, str]()
    for (_, path), called in titles.items():
        stem = PurePosixPath(path).stem
        told.update({title: path for title in (stem, *called) if _weight(title) >= _LEAST})
    found = [mention for file in files for mention in _in_file(file, by_name, told)]
    return tuple(dict.fromkeys(found))


def _names(path: str) -> Iterator[str]:
    """What a link may call a file: the end of its path, with its suffix and without."""
    parts = path.casefold().split("/")
    for start in range(len(parts)):
        name = "/".join(parts[start:])
        yield name
        yield name.rpartition(".")[0]


def _in_file(
    file: PublicFile, by_name: Mapping[str, str], told: Mapping[str, str]
) -> Iterator[Mention]:
    lines: LineIndex | None = None
    for match in _LINK.finditer(file.text):
        target = unquote(next(part for part in match.groups() if part)).strip().casefold()
        path = by_name.get(target.removeprefix("./").replace("../", "").lstrip("/"))
        if path and "://" not in target:
            lines = lines or LineIndex(file.text)
            yield Mention(file.vault, file.path, lines.line_at(match.start()) + 1, path)
    for title, path in told.items():
        at = file.text.find(title)
        if at >= 0:
            lines = lines or LineIndex(file.text)
            yield Mention(file.vault, file.path, lines.line_at(at) + 1, path)


def _weight(title: str) -> int:
    return sum(1 if character.isascii() else 2 for character in title)
