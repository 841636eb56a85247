"""Which notes a user wants to publish: patterns of paths, and filters of the search language."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.errors import NotesError
from corpus.note import Note
from corpus.publish_ignore import PathPattern
from index.finding.filters import FIELDS, parse_query
from index.finding.fitting import Passes, passing_test


@dataclass(frozen=True, slots=True)
class Choice:
    """What may go out: what fits one of `only` (everything, if there are none) and none of `exclude`.

    Each is a pattern of git's ignore files (`blog/`, `*.md`), or filters (`tag:blog lang:zh`), all
    of which must fit. `private_tags` are tags that keep notes private, besides the usual ones.
    """

    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    private_tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Rule:
    """One of the patterns or filters, as it was `written`; `has_fitted` any note so far."""

    written: str
    passes: Passes
    has_fitted: bool = field(default=False)

    def fits(self, note: Note) -> bool:
        """Whether a note fits."""
        fits = self.passes(note)
        self.has_fitted |= fits
        return fits


def rules_of(written: Sequence[str]) -> list[Rule]:
    """Read patterns and filters. Raises NotesError for what is neither."""
    return [Rule(one, _test(one)) for one in written]


def _test(written: str) -> Passes:
    query = parse_query(written)
    has_fields = bool(query.wanted or query.unwanted)
    if has_fields and not (query.words or query.phrases or query.without):
        return passing_test(query)
    if query.is_filtered or query.problems or not written.strip():
        raise NotesError(
            f"{written!r} is neither a pattern of paths nor a filter; nothing was published.",
            f"Give a pattern such as blog/ or *.md, or filters by {', '.join(FIELDS)}: tag:blog.",
        )
    pattern, known = PathPattern(written), dict[str, bool]()

    def is_named(note: Note) -> bool:  # all notes of a file are asked for, one after the other
        if note.path not in known:
            known[note.path] = pattern.names(note.path)
        return known[note.path]

    return is_named
