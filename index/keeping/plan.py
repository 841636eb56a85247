"""What an update would change in one vault: files read anew, files gone, files left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.chunk import cut_into_chunks
from corpus.document import Document, read_document
from corpus.note import Skip
from corpus.progress import OnProgress, Progress
from corpus.roles import Roles
from corpus.scan import scan
from index.embedding.embedder import Embedder
from index.embedding.recipe import chunk_tokens, recipe_of, vector_key
from index.keeping.difference import FileRow, content_hash, difference, read_files
from index.keeping.rows import Chunks, Entry
from index.keeping.vaults import Vault


@dataclass(frozen=True, slots=True)
class Plan:
    """`gone` are rows of files to delete; `touched` (mtime_ns, size, row) have the same contents.

    `added`, `changed`, `removed` and `unchanged` count files that hold notes (or did); `others`
    are no notes, by suffix.
    """

    vault: Vault
    entries: tuple[Entry, ...]
    gone: tuple[int, ...] = ()
    touched: tuple[tuple[int, int, int], ...] = ()
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[Skip, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """How files are read into entries."""

    embedder: Embedder
    roles: Roles
    max_bytes: int

    def plan(self, vault: Vault, known: Mapping[str, FileRow], on_progress: OnProgress) -> Plan:
        """Scan the vault, compare it with the rows `known`, and read what differs."""
        scanned = scan(vault.root, self.max_bytes)
        change = difference(scanned, known)
        skipped = [*scanned.skipped, *change.known_problems]
        gone = [row.id for row in change.gone]
        entries: list[Entry] = []
        touched: list[tuple[int, int, int]] = []
        added = changed = unchanged = 0
        for done, (found, row, data) in enumerate(read_files(change), start=1):
            on_progress(Progress("read", done, len(change.read)))
            if isinstance(data, Skip):
                skipped.append(data)
                continue
            hashed = content_hash(data)
            if row is not None and row.hash == hashed:
                touched.append((found.mtime_ns, found.size, row.id))
                unchanged += row.has_notes
                problem = row.problem
            else:
                document = read_document(found.path, data, self.roles)
                chunks = cut_document(document, self.embedder)
                entries.append(Entry(found, hashed, document, chunks))
                problem = document.problem
                had, has = row is not None and row.has_notes, bool(document.notes)
                changed += had
                added += has and not had
                if row is not None:
                    gone.append(row.id)
            if problem:
                skipped.append(Skip(found.path, problem))
        return Plan(
            vault=vault,
            entries=tuple(entries),
            gone=tuple(gone),
            touched=tuple(touched),
            added=added,
            changed=changed,
            removed=sum(row.has_notes for row in change.gone),
            unchanged=change.same + unchanged,
            skipped=tuple(skipped),
            others=scanned.others,
        )


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
