"""Mend an index from what is left of it, and from the vaults."""

from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.doctor.diagnosis import Diagnosis
from index.embedding.embedder import Embedder
from index.embedding.models import BUNDLED_NAME
from index.keeping.difference import READ_AGAIN
from index.keeping.milvus.kept import set_kept
from index.keeping.notes import read_notes
from index.keeping.rows import note_terms
from index.keeping.salvage import check_vaults, remembered, salvage
from index.keeping.store import Store
from index.keeping.term_writer import TermWriter
from index.keeping.update import Update, update

_AT_ONCE = 500


def mend(
    store: Store,
    diagnosis: Diagnosis,
    embedder: Embedder,
    *,
    model: str = BUNDLED_NAME,
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    wait: float = 30.0,
    on_progress: OnProgress = silent,
) -> Update:
    """Take out what is damaged and let an update put it back: only what was lost is embedded.

    Raises NotesError where the vaults that are needed for that are not there; then nothing changes.
    """

    def take_out() -> None:
        if diagnosis.is_broken:
            _check_vaults(store)
            salvage(store)
        else:
            _forget(store, diagnosis)
        if diagnosis.is_broken or diagnosis.vector_file:
            store.vectors.unlink(missing_ok=True)

    return update(
        store,
        [],
        embedder,
        model=model,
        rebuild=diagnosis.is_other_recipe,
        prepare=take_out,
        wait=wait,
        roles=roles,
        max_bytes=max_bytes,
        on_progress=on_progress,
    )


def _check_vaults(store: Store) -> None:
    roots, _ = remembered(store)
    check_vaults(roots)
    if not roots:
        raise NotesError(
            "Nothing is left that says which folders the index was made of.",
            f"Name them: notes index FOLDER --rebuild --index {store.folder}",
        )


def _forget(store: Store, diagnosis: Diagnosis) -> None:
    """Delete what is damaged, and have the files that it was from read again."""
    with store.writing() as db:
        if diagnosis.terms:  # those of files that are read again come with them
            rows = db.execute("SELECT id, file FROM notes").fetchall()
            whole = sorted(row[0] for row in rows if row[1] not in diagnosis.files)
            db.execute("DELETE FROM segments")
            writer = TermWriter(db)
            for start in range(0, len(whole), _AT_ONCE):
                some = read_notes(db, whole[start : start + _AT_ONCE])
                for row in sorted(some):
                    writer.add(row, note_terms(some[row].note))
            writer.finish()
        db.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in diagnosis.vectors])
        db.executemany(
            "UPDATE files SET hash = x'', ctime_ns = ? WHERE id = ?",
            [(READ_AGAIN, file) for file in diagnosis.files],
        )
        db.execute("UPDATE vaults SET listing = NULL")
        if diagnosis.collection:
            set_kept(db, whole="0")
