"""What an index holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.note import Skip
from index.embedding.models import BUNDLED_NAME
from index.keeping.store import DATABASE, VECTORS, Store, generation, get_meta, get_number
from index.keeping.vaults import all_vaults


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of an index. `vaults` maps a vault's name to its place; `updated` is a Unix time.

    `bytes_on_disk` maps the index's files to their sizes.
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
        )
