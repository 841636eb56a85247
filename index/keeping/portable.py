"""Make an index that can be carried elsewhere together with its notes, and read where none may write."""

import os
from dataclasses import replace
from pathlib import Path

from index.keeping import vectors
from index.keeping.lock import LOCK
from index.keeping.milvus.kept import forget_kept
from index.keeping.milvus.pending import forget_pending
from index.keeping.store import Store, get_number
from index.keeping.term_writer import drop_gone
from index.keeping.vaults import all_vaults


def make_portable(store: Store) -> None:
    """Keep the vaults' places relative to the index, everything deleted gone, and no lock."""
    with store.writing(durable=True) as db:
        drop_gone(db)
        forget_kept(db)
        forget_pending(db)
        here = os.path.realpath(store.folder)
        for vault in all_vaults(db):
            place = Path(os.path.relpath(vault.root, here)).as_posix()
            db.execute("UPDATE vaults SET root = ?, listing = NULL WHERE id = ?", (place, vault.id))
    with store.reading() as db:
        places = tuple(str(row[0]) for row in db.execute("SELECT root FROM vaults ORDER BY id"))
        index = vectors.made(db, vectors.chunks_in(db), get_number(db, "dimension"))
        index.save(store.vectors, replace(vectors.stamp_of(db, index), vaults=places))
    store.settle()
    (store.folder / LOCK).unlink(missing_ok=True)
