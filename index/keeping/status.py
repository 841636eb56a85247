"""What an index holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.note import Skip
from index.embedding.models import BUNDLED_NAME
from index.keeping.milvus.address import FAISS
from index.keeping.milvus.kept import Kept, kept_in
from index.keeping.milvus.pending import count_pending
from index.keeping.store import DATABASE, VECTORS, Store, generation, get_meta, get_number
from index.keeping.vaults import all_vaults


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of an index. `vaults` maps a vault's name to its place; `updated` is a Unix time.

    `bytes_on_disk` maps the index's files to their sizes. `store` is where vectors are searched,
    `words_in_index` whether words are searched in the index itself. What Milvus has is up to date
    if it `is_filled`, but for `waiting` chunks. `store_remark` says that in words.
    """

    index: str
    vaults: Mapping[str, str]
    files: int
    notes: int
    chunks: int
    by_kind: Mapping[str, int]
    by_language: Mapping[str, int]
    skipped: tuple[Skip, ...]
    model: str
    recipe: str
    generation: int
    updated: int
    bytes_on_disk: Mapping[str, int]
    store: str = FAISS
    store_version: str = ""
    words_in_index: bool = True
    is_filled: bool = True
    waiting: int = 0
    store_remark: str = ""


def _remark(kept: Kept, waiting: int) -> str:
    """Say what searches with Milvus do not do there."""
    if kept.address is None:
        return ""
    if not kept.is_whole:
        return "Milvus does not hold the notes yet: the next update fills it."
    told = []
    if not kept.has_terms:
        told.append(
            f"Milvus {kept.version} has no sparse vectors: it searches by meaning, "
            "words are searched in the index itself."
        )
    if waiting:
        told.append(f"{waiting} changes wait for Milvus: searches find them in the index itself.")
    return " ".join(told)


def model_of(store: Store) -> str:
    """Return the name of the model that the index was made with."""
    with store.reading() as db:
        return get_meta(db, "model", BUNDLED_NAME)


def read_status(store: Store) -> Status:
    """Read the counts of the index's last complete update."""
    with store.reading() as db:

        def count(sql: str) -> int:
            return int(db.execute(sql).fetchone()[0])

        def by(column: str) -> dict[str, int]:
            rows = db.execute(f"SELECT {column}, count(*) FROM notes GROUP BY 1 ORDER BY 2 DESC, 1")
            return {str(value): int(number) for value, number in rows}

        kept, waiting = kept_in(db), count_pending(db)
        skipped = db.execute("SELECT path, reason FROM skipped ORDER BY path, reason")
        return Status(
            index=str(store.folder),
            vaults={vault.name: str(vault.root) for vault in all_vaults(db)},
            files=count("SELECT count(*) FROM files WHERE notes > 0"),
            notes=count("SELECT count(*) FROM notes"),
            chunks=count("SELECT count(*) FROM chunks"),
            by_kind=by("kind"),
            by_language=by("lang"),
            skipped=tuple(Skip(row["path"], row["reason"]) for row in skipped),
            model=get_meta(db, "model", BUNDLED_NAME),
            recipe=get_meta(db, "recipe"),
            generation=generation(db),
            updated=get_number(db, "updated"),
            bytes_on_disk={
                name: file.stat().st_size
                for name in (DATABASE, VECTORS)
                if (file := store.folder / name).exists()
            },
            store=kept.address.text if kept.address else FAISS,
            store_version=kept.version,
            is_filled=kept.address is None or kept.is_whole,
            words_in_index=not kept.has_terms,
            waiting=waiting,
            store_remark=_remark(kept, waiting),
        )
