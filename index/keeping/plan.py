"""What an update would change in one vault: files read anew, files gone, files left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus.chunk import cut_into_chunks
from corpus.document import Document, read_document
from corpus.note import Skip
from corpus.progress import OnProgress, Progress
from corpus.roles import Roles
from corpus.scan import Scan, scan
from index.embedding.embedder import Embedder
from index.embedding.recipe import chunk_tokens, recipe_of, vector_key
from index.keeping.bulk import Bulk, Unparsed
from index.keeping.difference import (
    Known,
    Unread,
    content_hash,
    difference,
    is_unread,
    listing_of,
    read_files,
)
from index.keeping.rows import Chunks, Entry
from index.keeping.vaults import Vault

READING = 1
"""To be raised when the same bytes are read into other notes than before."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`gone` are rows of files to delete; `touched` (size, mtime_ns, ctime_ns, row) have the same
    contents.

    `added`, `changed`, `removed` and `unchanged` count files that hold notes (or did); `others`
    are no notes, by suffix.
    """

    vault: Vault
    entries: tuple[Entry, ...]
    gone: tuple[int, ...] = ()
    touched: tuple[tuple[int, int, int, int], ...] = ()
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[Skip, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    is_emptied: bool = False
    """Whether there were files, and none is left."""
    listing: bytes | None = None
    """Digest of a listing that this plan brings the index to; None if some file is to be looked at
    again."""
    way: str = ""
    """The way in which the vault's files are read."""
    reread: tuple[int, ...] = ()
    """Rows of files that could not be read in that way, and are to be when they can be."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How files are read into entries."""

    embedder: Embedder
    roles: Roles
    max_bytes: int
    bulk: Bulk | None = None
    """Who parses and cuts; None for this process."""

    @property
    def way(self) -> str:
        """What decides the notes of given bytes: the reading's version, the roles of columns."""
        roles = sorted((name, str(role)) for name, role in self.roles.items())
        return f"{READING} {content_hash(repr(roles).encode()).hex()}"

    def plan(self, vault: Vault, known: Known, on_progress: OnProgress) -> Plan:
        """Scan the vault, compare it with what is `known`, and read what differs."""
        scanned = scan(vault.root, self.max_bytes)
        listing = listing_of(scanned)
        if known.listing() == listing:
            return Plan(
                vault=vault,
                entries=(),
                unchanged=known.with_notes(),
                skipped=_skips(scanned, known.problems()),
                others=scanned.others,
                listing=listing,
                way=self.way,
            )
        files = known.files()
        change = difference(scanned, files)
        problems = known.problems()
        settled = not scanned.unread
        reread = [row.id for row in files.values() if is_unread(row.path, scanned.unread)]
        gone = list(change.gone)
        replaced: list[int] = []
        entries: list[Entry] = []
        touched: list[tuple[int, int, int, int]] = []
        added = changed = unchanged = 0
        for lost in gone:
            problems.pop(lost.path, None)

        def unparsed() -> Iterator[Unparsed]:
            """Yield what differs in its bytes; settle the rest."""
            nonlocal settled, unchanged
            for listed, found, row, data in read_files(change):
                settled &= listed == found
                if isinstance(data, Unread):
                    settled = False
                    problems.pop(found.path, None)
                    if data.reason:
                        problems[found.path] = data.reason
                    if row is not None and data.keep:
                        unchanged += row.notes > 0
                        reread.append(row.id)
                    elif row is not None:
                        gone.append(row)
                elif row is not None and row.hash == content_hash(data):
                    touched.append((found.size, found.mtime_ns, found.ctime_ns, row.id))
                    unchanged += row.notes > 0
                else:
                    yield Unparsed(found, content_hash(data), data)
                    continue
                tell()

        done = 0

        def tell() -> None:
            nonlocal done
            done += 1
            on_progress(Progress("read", done, len(change.read)))

        for entry in self.bulk.read(unparsed()) if self.bulk else self._parsed(unparsed()):
            tell()
            entries.append(entry)
            path, document = entry.found.path, entry.document
            row = files.get(path)
            problems.pop(path, None)
            if document.problem:
                problems[path] = document.problem
            had, has = row is not None and row.notes > 0, bool(document.notes)
            changed += had
            added += has and not had
            if row is not None:
                replaced.append(row.id)
        return Plan(
            vault=vault,
            entries=tuple(entries),
            gone=(*replaced, *(row.id for row in gone)),
            touched=tuple(touched),
            added=added,
            changed=changed,
            removed=sum(row.notes > 0 for row in gone),
            unchanged=change.same + unchanged,
            skipped=_skips(scanned, problems),
            others=scanned.others,
            is_emptied=bool(files) and len(gone) == len(files) and not entries,
            listing=listing if settled else None,
            way=self.way,
            reread=tuple(reread) if known.is_outdated else (),
        )

    def _parsed(self, files: Iterable[Unparsed]) -> Iterator[Entry]:
        for found, hashed, data in files:
            document = read_document(found.path, data, self.roles)
            yield Entry(found, hashed, document, cut_document(document, self.embedder))


def _skips(scanned: Scan, problems: Mapping[str, str]) -> tuple[Skip, ...]:
    return (*scanned.skipped, *(Skip(*problem) for problem in sorted(problems.items())))


def cut_document(document: Document, embedder: Embedder) -> Chunks:
    """Cut a document's notes into chunks for `embedder`, each with its vector's key."""
    room, recipe = chunk_tokens(embedder), recipe_of(embedder)
    return tuple(
        tuple(
            (chunk, vector_key(recipe, chunk.embedded))
            for chunk in cut_into_chunks(note, room, embedder.count_tokens)
        )
        for note in document.notes
    )
