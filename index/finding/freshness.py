"""Does a found note still stand in its file as the index has it?"""

import sqlite3
import stat
from collections.abc import Sequence
from dataclasses import replace

from corpus.decode import NotText, decode
from corpus.lines import LineIndex
from corpus.note import Note, Span
from index.finding.hit import Freshness, Hit
from index.keeping.difference import content_hash
from index.keeping.store import Store, generation
from index.keeping.vaults import Vault, all_vaults, is_away


def freshen(store: Store, hits: Sequence[Hit], at: int) -> tuple[Hit, ...]:
    """Return the hits as their files are now.

    A note that has moved in its file is brought to its new place. One that is no longer there
    word for word is marked, and so is one whose file cannot be read at the moment. Notes of files
    that are gone are left out, and the ranks of the rest close up. `at` is the generation of the hits:
    in another one, what the index knows of a file says nothing of them.
    """
    if not hits:
        return ()
    with store.reading() as db:
        files = _Files(db, is_theirs=generation(db) == at)
        seen = [files.look(hit) for hit in hits]
    there = [hit for hit in seen if hit is not None]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(there, start=1))


class _Files:
    """Looks at each file once; what has not changed is not read."""

    def __init__(self, db: sqlite3.Connection, is_theirs: bool) -> None:
        self._db, self._is_theirs = db, is_theirs
        self._vaults: dict[str, Vault] = {vault.name: vault for vault in all_vaults(db)}
        self._looked: dict[tuple[str, str], Freshness | LineIndex | None] = {}

    def look(self, hit: Hit) -> Hit | None:
        """Return the hit as its file is now, None if there is no such file."""
        at = (hit.vault, hit.note.path)
        if at not in self._looked:
            self._looked[at] = self._read(hit)
        found = self._looked[at]
        if isinstance(found, LineIndex):
            return _placed(hit, found)
        return None if found is None else replace(hit, freshness=found)

    def _read(self, hit: Hit) -> Freshness | LineIndex | None:
        row = (
            self._is_theirs
            and self._db.execute(
                "SELECT size, mtime_ns, ctime_ns, hash FROM files JOIN vaults ON vaults.id = vault"
                " WHERE name = ? AND path = ?",
                (hit.vault, hit.note.path),
            ).fetchone()
        )
        try:
            status = hit.file.stat()
            if not stat.S_ISREG(status.st_mode):
                return None
            if row and tuple(row)[:3] == (status.st_size, status.st_mtime_ns, status.st_ctime_ns):
                return Freshness.CURRENT
            data = hit.file.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return Freshness.UNREACHABLE if self._is_away(hit.vault) else None
        except OSError:
            return Freshness.UNREACHABLE
        if row and row["hash"] == content_hash(data):
            return Freshness.CURRENT
        try:
            return LineIndex(decode(data).text)
        except NotText:
            return Freshness.CHANGED

    def _is_away(self, name: str) -> bool:
        vault = self._vaults.get(name)
        return vault is not None and is_away(vault.root)


def _placed(hit: Hit, file: LineIndex) -> Hit:
    """Return the hit at the place of its text in the file that is nearest to where it was."""
    note, source = hit.note, file.source
    places, at = [], source.find(note.text)
    while at >= 0:
        places.append(at)
        at = source.find(note.text, at + 1)
    if not places or not note.text:
        return replace(hit, freshness=Freshness.CHANGED)
    start = min(places, key=lambda place: abs(place - note.span.start))
    moved = start - note.span.start
    return replace(hit, note=_moved(note, moved, file), passage=_shifted(hit.passage, moved))


def _moved(note: Note, by: int, file: LineIndex) -> Note:
    span = _shifted(note.span, by)
    return replace(note, span=span, body=_shifted(note.body, by), lines=file.lines(span))


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
