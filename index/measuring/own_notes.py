"""A test of search on a user's own notes: see `known_items` for what is asked.

The words of a question are taken out of the note that it asks for, out of the breadcrumb of what
stands below it, and out of its path; all other notes are indexed as they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document, read_document
from corpus.errors import NotesError
from corpus.note import Note
from corpus.progress import OnProgress, Progress, silent
from corpus.roles import ROLES, TITLE, Roles
from corpus.scan import MAX_BYTES, Found, scan
from index.embedding.embedder import Embedder
from index.keeping.notes import read_notes
from index.keeping.plan import Plan, cut_document
from index.keeping.rows import Entry
from index.keeping.store import Store
from index.keeping.updater import Updater
from index.keeping.vaults import add_vault, all_vaults
from index.measuring.collection import Collection
from index.measuring.evaluate import Naming, Trial
from index.measuring.known_items import Item, OwnNote, Wording, find_items, sample_items
from index.measuring.removal import bare_words, path_without, without

QUERIES = 500
_NOTES_AT_ONCE = 500


def notes_of_index(store: Store) -> list[OwnNote]:
    """Return the notes that an index holds."""
    with store.reading() as db:
        vaults = {vault.id: vault for vault in all_vaults(db)}
        rows = db.execute(
            "SELECT notes.id, vault FROM notes JOIN files ON files.id = file"
            " ORDER BY vault, path, span_start"
        ).fetchall()
        own: list[OwnNote] = []
        for start in range(0, len(rows), _NOTES_AT_ONCE):
            part = rows[start : start + _NOTES_AT_ONCE]
            stored = read_notes(db, [row["id"] for row in part])
            for row in part:
                vault = vaults[row["vault"]]
                own.append(OwnNote(vault.name, vault.root, stored[row["id"]].note))
    return own


def notes_of_folders(
    roots: Sequence[Path],
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    on_progress: OnProgress = silent,
) -> list[OwnNote]:
    """Read the notes under `roots`, folders or files; a file that cannot be read is left out."""
    own: list[OwnNote] = []
    places = list(dict.fromkeys(root.expanduser().resolve() for root in roots))
    names = Counter(place.name for place in places)
    for place in places:
        name = place.name if names[place.name] == 1 else str(place)
        files = scan(place, max_bytes).found
        for done, found in enumerate(files, start=1):
            on_progress(Progress("read", done, len(files)))
            try:
                document = read_document(found.path, found.file.read_bytes(), roles)
            except OSError:
                continue
            own += (OwnNote(name, place, note) for note in document.notes)
    return own


def own_test(notes: Sequence[OwnNote], most: int = QUERIES, lender: Store | None = None) -> Trial:
    """Return a test with up to `most` questions; `lender` is an index with vectors to reuse.

    A document's id is its note's path and first line. NotesError if nothing can be asked.
    """
    items = sample_items(find_items(notes), most)
    if not items:
        raise NotesError(
            "No question can be made from these notes: none has a heading, remark or title "
            "that names it alone and leaves something to find.",
            "Name a folder with more notes: notes eval --self DIR",
        )
    several = len({own.root for own in notes}) > 1
    ids = [_place(own.vault if several else "", own.note) for own in notes]
    collection = Collection(
        documents={ids[at]: (own.note.title, own.note.body_text) for at, own in enumerate(notes)},
        queries={ids[item.position]: item.query for item in items},
        qrels={ids[item.position]: {ids[item.position]: 1.0} for item in items},
    )
    index = _OwnIndex(notes, ids, _changes(notes, items), lender)
    return Trial(collection, index, {ids[item.position]: item.wording.value for item in items})


def _place(vault: str, note: Note) -> str:
    return "/".join(filter(None, (vault, f"{note.path}:{note.lines.first}")))


def _changes(notes: Sequence[OwnNote], items: Sequence[Item]) -> dict[int, Note]:
    """Return what becomes of each note that a question asks for or whose heading asks."""
    own = {item.position: item.query for item in items}
    headings: dict[tuple[Path, str], list[str]] = defaultdict(list)
    for item in items:
        if item.wording is not Wording.REMARK:
            headings[notes[item.position].file].append(item.query)
    changed = {}
    for at, (note, file) in enumerate((own_note.note, own_note.file) for own_note in notes):
        above = {bare_words(words) for words in (*note.headings, note.meta.get(TITLE, ""))}
        told = [query for query in headings[file] if bare_words(query) in above]
        told += [own[at]] if at in own else []
        if told:
            changed[at] = without(note, told, path_without(note.path, told, at))
    return changed


@dataclass(frozen=True, slots=True)
class _OwnIndex:
    """Indexes the notes, some of them changed; each changed note is a file of its own."""

    notes: Sequence[OwnNote]
    ids: Sequence[str]
    changed: Mapping[int, Note]
    lender: Store | None

    def __call__(self, store: Store, embedder: Embedder, on_progress: OnProgress) -> Naming:
        store.create()
        plans, roots = [], {}
        for root in dict.fromkeys(own.root for own in self.notes):
            with store.writing() as db:
                vault = add_vault(db, root)
            roots[vault.name] = root
            entries = tuple(_entry(document, embedder) for document in self._documents(root))
            plans.append(Plan(vault, entries, added=len(entries)))
        if self.lender is not None:
            _lend(self.lender, store, plans)
        updater = Updater(store, embedder, "", False, on_progress)
        updater.embed(plans)
        updater.apply(plans)
        names = self._names()
        return lambda hit: names[roots[hit.vault], hit.note.path, hit.note.lines.first]

    def _names(self) -> dict[tuple[Path, str, int], str]:
        """Return the ids by where the notes are in the index; each keeps its lines."""
        return {
            (own.root, self.changed.get(at, own.note).path, own.note.lines.first): self.ids[at]
            for at, own in enumerate(self.notes)
        }

    def _documents(self, root: Path) -> Iterator[Document]:
        whole: dict[str, list[Note]] = defaultdict(list)
        for at, own in enumerate(self.notes):
            if own.root == root:
                note = self.changed.get(at, own.note)
                whole[note.path].append(note)
        for path, notes in whole.items():
            yield Document(path, "", tuple(notes))


def _entry(document: Document, embedder: Embedder) -> Entry:
    found = Found(document.path, Path(), 0, 0, 0)
    return Entry(found, b"", document, cut_document(document, embedder))


def _lend(lender: Store, store: Store, plans: Sequence[Plan]) -> None:
    """Copy the vectors that the plans need and `lender` has; keys of another model are unknown."""
    keys = {
        key
        for plan in plans
        for entry in plan.entries
        for chunks in entry.chunks
        for _, key in chunks
    }
    with lender.reading() as theirs, store.writing() as ours:
        for key in keys:
            row = theirs.execute("SELECT * FROM vectors WHERE key = ?", (key,)).fetchone()
            if row:
                marks = ",".join("?" * len(row))
                ours.execute(f"INSERT OR IGNORE INTO vectors VALUES ({marks})", tuple(row))
