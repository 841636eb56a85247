"""What has changed in the vaults since the last update?"""

from dataclasses import dataclass

from corpus.errors import NotesError
from corpus.scan import MAX_BYTES, scan
from index.keeping.difference import READ_AGAIN, FileRow, Known, difference, listing_of
from index.keeping.store import Store
from index.keeping.vaults import all_vaults


@dataclass(frozen=True, slots=True)
class Staleness:
    """Numbers of files that are new, changed by size or time, or gone; vaults that are not there."""

    new: int
    changed: int
    gone: int
    missing: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether the index knows the vaults as they are."""
        return not (self.new or self.changed or self.gone or self.missing)


def read_staleness(store: Store, max_bytes: int = MAX_BYTES) -> Staleness:
    """Compare the vaults' files with what the index knows of them; none is read."""
    with store.reading() as db:
        vaults = all_vaults(db)
    new = changed = gone = 0
    missing = []
    for vault in vaults:
        try:
            scanned = scan(vault.root, max_bytes)
        except NotesError:
            missing.append(str(vault.root))
            continue
        known = Known(store, vault.id)
        if known.listing() == listing_of(scanned):
            continue
        change = difference(scanned, known.files())
        for found, row in change.read:
            new += row is None
            changed += row is not None and not _is_as_known(found[2:5], row)
        gone += len(change.gone)
    return Staleness(new, changed, gone, tuple(missing))


def _is_as_known(stamp: tuple[int, int, int], row: FileRow) -> bool:
    """Whether only the next update's second look at a file is due."""
    return row.ctime_ns == READ_AGAIN and stamp[:2] == (row.size, row.mtime_ns)
