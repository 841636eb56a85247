"""What an index says of its collection in Milvus; the keys are in the store's `meta`.

A collection is the index's own: its name has the index's `owner`, so that no other is taken away,
and `file` is the database that filled it, so that a copy of the index does not change it.
"""

import sqlite3
from dataclasses import dataclass

from index.keeping.milvus.address import Address, address_of
from index.keeping.store import Store, get_meta, set_meta

STORE, COLLECTION, ALIASED, LEFT = "store", "collection", "aliased", "left"
OWNER, FILE = "owner", "file"
WHOLE, MEAN_LENGTH, WRITTEN, VERSION = "whole", "mean_length", "written", "store_version"
KEYS = (STORE, COLLECTION, ALIASED, LEFT, OWNER, FILE, WHOLE, MEAN_LENGTH, WRITTEN, VERSION)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an index's vectors are searched; without an address in its own file.

    `collection` is the one that was filled, `aliased` the one that the address's name stands for.
    It is whole if it lacks nothing but what is pending. `mean_length` is the notes' when it was
    filled, 0 where it holds no terms. `written` is the server's time after the last change. `left`
    is a place that is to be tidied up.
    """

    address: Address | None
    collection: str
    aliased: str
    is_whole: bool
    mean_length: float
    written: int
    version: str
    left: Address | None
    owner: str
    file: str

    @property
    def has_terms(self) -> bool:
        """Whether notes can be found there by words."""
        return self.mean_length > 0


def kept_in(db: sqlite3.Connection) -> Kept:
    """Read what is kept."""
    return Kept(
        address_of(get_meta(db, STORE)),
        get_meta(db, COLLECTION),
        get_meta(db, ALIASED),
        get_meta(db, WHOLE) == "1",
        float(get_meta(db, MEAN_LENGTH) or 0),
        int(get_meta(db, WRITTEN) or 0),
        get_meta(db, VERSION),
        address_of(get_meta(db, LEFT)),
        get_meta(db, OWNER),
        get_meta(db, FILE),
    )


def set_kept(db: sqlite3.Connection, **told: str) -> None:
    """Write down what is given."""
    for key, value in told.items():
        assert key in KEYS
        set_meta(db, key, value)


def file_of(store: Store) -> str:
    """Return what tells a database from its copies."""
    return str(store.database.stat().st_ino)


def forget_kept(db: sqlite3.Connection) -> None:
    """Have vectors searched in the index's own file."""
    db.executemany("DELETE FROM meta WHERE key = ?", [(key,) for key in KEYS])
