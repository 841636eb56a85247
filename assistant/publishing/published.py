"""What was published, and what was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.note import Lines, Skip


class Why(StrEnum):
    """Who keeps something back."""

    MARKED = "marked private"
    IGNORED = "named by .publishignore"
    EXCLUDED = "excluded"
    NOT_CHOSEN = "not chosen"
    INSEPARABLE = "cannot be parted from what is private"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays private: a file with all its `notes`, or (`lines`) one note of a file."""

    vault: str
    path: str
    why: Why
    reason: str
    notes: int
    lines: Lines | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of a published file (1-based, of what is published) that names a private one."""

    vault: str
    path: str
    line: int
    private: str


@dataclass(frozen=True, slots=True)
class Published:
    """What went out to `place`, or would go out if it is not `is_written`.

    `embedded` counts the texts that had to be embedded; `hidden` what readers do not see (comments,
    unused definitions) and was left out. `unread` are files that hold no notes that can be read;
    `others` counts, by suffix, files that are no notes.
    """

    place: str
    is_written: bool
    vaults: tuple[str, ...]
    files: int
    notes: int
    private: tuple[Kept, ...]
    hidden: int = 0
    unread: tuple[Skip, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    warnings: tuple[str, ...] = ()
    embedded: int = 0
    bytes: int = 0
    seconds: float = 0.0
