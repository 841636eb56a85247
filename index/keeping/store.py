"""The store of truth: one SQLite file with files, notes, chunks, terms and vectors.

WAL mode: one writer, any number of readers; a reader's transaction sees one generation.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from corpus.errors import NotesError
from index.keeping.checksum import DamagedIndexError
from index.keeping.idle import Idle
from index.keeping.schema import SCHEMA, SCHEMA_VERSION, schema_of, schema_written

DATABASE = "notes.sqlite"
VECTORS = "vectors.faiss"

_REMEMBERED = 1000

_PAGE = 8192
"""Bytes: a chunk's vectors (6 KB) are read with one page, in two thirds of the time of 4,096."""

_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,  # see _is_bug
    sqlite3.SQLITE_CONSTRAINT,  # a row that is there and cannot be, or the other way about
}
_UNREADABLE_TEXT = "Could not decode to UTF-8"  # sqlite3's own words: it has no code for it
_REFUSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


class NoIndexError(NotesError):
    """There is no index in a folder, or one that was stopped before it began."""


class OtherFormatError(NotesError):
    """An index was made by a program with another format."""


class Store:
    """The index directory's database.

    One that `is_kept_open` holds on to the connections that it reads with.
    """

    def __init__(self, folder: Path, is_kept_open: bool = False) -> None:
        self.folder = folder
        self.database = folder / DATABASE
        self.vectors = folder / VECTORS
        self._idle = Idle(self.database) if is_kept_open else None

    @property
    def exists(self) -> bool:
        """Whether an index has been made here."""
        return self.database.is_file()

    def make_folder(self) -> None:
        """Make the index's folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotesError(
                f"The index folder {self.folder} cannot be made: {error.strerror}.",
                "Name another one with --index.",
            ) from error

    def create(self) -> None:
        """Make the folder and the tables, or check that those that are there fit."""
        self.make_folder()
        with self._connection() as db:
            db.execute(f"PRAGMA page_size = {_PAGE}")  # of a new database
            db.execute("PRAGMA journal_mode = WAL")
            version = _version(db)
            if version == SCHEMA_VERSION:
                return
            if version:
                raise self._other_version(version)
            db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose reads all see the generation of this moment."""
        if not self.exists:
            raise self._no_index()
        with self._connection(self._idle) as db:
            version = _version(db)
            if not version:  # stopped before there were tables
                raise self._no_index()
            if version != SCHEMA_VERSION:
                raise self._other_version(version)
            db.execute("BEGIN")
            if schema_of(db) != schema_written():
                raise self.damaged("its tables are not those that were made")
            try:
                yield db
            finally:
                if db.in_transaction:
                    db.rollback()

    @contextmanager
    def writing(self, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a write transaction; it is committed unless an error leaves.

        A `durable` commit is on the disk when this returns; another may go in a power cut.
        """
        with self._connection() as db:
            if durable:
                db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            try:
                if _version(db) == SCHEMA_VERSION and schema_of(db) != schema_written():
                    raise self.damaged("its tables are not those that were made")
                yield db
            except BaseException:
                if db.in_transaction:  # an I/O error has rolled it back already
                    db.rollback()
                raise
            db.commit()

    def settle(self) -> None:
        """Leave one file, without a log, in which nothing is left of what was deleted."""
        with self._connection() as db:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("VACUUM")
            db.execute("PRAGMA journal_mode = DELETE")

    @contextmanager
    def _connection(self, idle: Idle | None = None) -> Iterator[sqlite3.Connection]:
        name = self._uri()
        is_sound = False
        try:
            if idle:
                stamp, db = idle.take(name, lambda: _connect(name))
            else:
                db = _connect(name)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        except UnicodeDecodeError as error:  # SQLite's own message, which quotes a damaged schema
            raise self.damaged("a text in it is not UTF-8") from error
        try:
            yield db
            is_sound = True
        except sqlite3.DatabaseError as error:
            if _UNREADABLE_TEXT in str(error):
                raise self.damaged("a text in it is not UTF-8") from error
            if _is_bug(error):
                raise
            raise self._trouble(error) from error
        except DamagedIndexError as error:
            if error.hint:
                raise
            raise self.damaged(error.message) from error
        finally:
            if idle and is_sound:
                idle.give(stamp, db)
            else:
                db.close()

    def _uri(self) -> str:
        """Name the database to SQLite.

        A WAL database is read through a file beside it. Where none can be made, on a read-only
        disk, SQLite must be told that nobody writes; what a writer left in a log there is unread.
        """
        name = "file:" + quote(os.fsencode(self.database.absolute()))
        log = self.database.with_name(DATABASE + "-wal")
        if os.access(self.folder, os.W_OK) or (log.exists() and log.stat().st_size):
            return name
        return name + "?mode=ro&immutable=1"

    def _trouble(self, error: sqlite3.Error) -> NotesError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGE:
            return self.damaged(str(error))
        if code == sqlite3.SQLITE_FULL:
            return NotesError(
                f"No room is left on the disk of the index {self.folder}.",
                "Make room and go on: what was stored so far is kept.",
            )
        if code in _REFUSED:
            return NotesError(
                f"The index folder {self.folder} cannot be written: {error}.",
                "Give leave to write there, or use another folder with --index.",
            )
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return NotesError(
                f"Another program holds the index {self.folder} for longer than a minute.",
                "Close it and try again.",
            )
        return NotesError(
            f"The index {self.database} cannot be read or written: {error}.",
            f"Check the disk, then: notes doctor --index {self.folder}",
        )

    def damaged(self, what: str) -> DamagedIndexError:
        """Return the error that says what is damaged, and what mends it."""
        return DamagedIndexError(
            f"The index {self.folder} is damaged: {what}.",
            f"Mend it: notes doctor --mend --index {self.folder}",
        )

    def _no_index(self) -> "NoIndexError":
        return NoIndexError(
            f"There is no index in {self.folder}.",
            f"Make one with: notes index FOLDER --index {self.folder}",
        )

    def _other_version(self, version: int) -> NotesError:
        return OtherFormatError(
            f"The index {self.folder} has format {version}; this program reads {SCHEMA_VERSION}.",
            f"Make it again: notes index FOLDER --rebuild --index {self.folder}",
        )


def _connect(name: str) -> sqlite3.Connection:
    """Open a connection for one thread at a time."""
    db = sqlite3.connect(name, uri=True, timeout=60, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    try:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        db.close()
        raise
    return db


def _is_bug(error: sqlite3.DatabaseError) -> bool:
    """Whether an error is this program's, whose tables are known to be there."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_ERROR:
        return str(error).startswith(("no such", "near ", "ambiguous", "too many", "wrong number"))
    return code == sqlite3.SQLITE_MISUSE


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def get_meta(db: sqlite3.Connection, key: str, default: str = "") -> str:
    """Return what the index says of itself under `key`."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else default


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Write down `value` under `key`."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def get_number(db: sqlite3.Connection, key: str) -> int:
    """Return a number that the index says of itself, 0 if it says none."""
    told = get_meta(db, key, "0")
    try:
        return int(told)
    except ValueError as error:
        raise DamagedIndexError(f"its {key} is {told!r}, which is no number") from error


def generation(db: sqlite3.Connection) -> int:
    """Return the number of the last complete update; 0 before the first."""
    return int(db.execute("SELECT coalesce(max(number), 0) FROM generations").fetchone()[0])


def token(db: sqlite3.Connection) -> str:
    """Return the name of the last complete update, unlike that of any other in any database.

    Numbers can come again: in an index made anew, or when a power cut takes the last commit.
    """
    row = db.execute("SELECT token FROM generations ORDER BY number DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def updates(db: sqlite3.Connection) -> frozenset[str]:
    """Return the tokens of the last updates that led to this database."""
    return frozenset(row[0] for row in db.execute("SELECT token FROM generations"))


def raise_generation(db: sqlite3.Connection) -> None:
    """Say that an update is complete, in the transaction that makes it so."""
    number = generation(db) + 1
    db.execute("INSERT INTO generations VALUES (?, ?)", (number, secrets.token_hex(8)))
    db.execute("DELETE FROM generations WHERE number <= ?", (number - _REMEMBERED,))
