"""The store of truth: one SQLite file with files, notes, chunks, terms and vectors.

WAL mode: one writer, any number of readers; a reader's transaction sees one generation.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import NotesError
from index.terms import TERM_PUNCTUATION

SCHEMA_VERSION = 2
DATABASE = "notes.sqlite"
VECTORS = "vectors.faiss"

_BUGS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE}

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vaults (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL UNIQUE,           -- absolute folder, or file where the vault is one file
  name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
  id INTEGER PRIMARY KEY,
  vault INTEGER NOT NULL REFERENCES vaults(id) ON DELETE CASCADE,
  path TEXT NOT NULL,                  -- relative to the vault, POSIX
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  hash BLOB NOT NULL,                  -- blake2b-128 of the bytes
  problem TEXT NOT NULL DEFAULT '',    -- why it is not (wholly) among the notes
  UNIQUE (vault, path)
);
CREATE TABLE IF NOT EXISTS notes (
  id INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
  key TEXT NOT NULL UNIQUE,            -- the id that users see
  kind TEXT NOT NULL,
  lang TEXT NOT NULL,
  title TEXT NOT NULL,
  span_start INTEGER NOT NULL, span_end INTEGER NOT NULL,
  body_start INTEGER NOT NULL, body_end INTEGER NOT NULL,
  line_first INTEGER NOT NULL, line_last INTEGER NOT NULL,
  headings TEXT NOT NULL,              -- JSON list
  meta TEXT NOT NULL,                  -- JSON object
  columns TEXT NOT NULL,               -- JSON list
  tags TEXT NOT NULL,                  -- JSON list
  text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS notes_file ON notes(file);
CREATE TABLE IF NOT EXISTS chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: readers of an older generation
  note INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
  span_start INTEGER NOT NULL, span_end INTEGER NOT NULL,
  vector BLOB NOT NULL                 -- key of its vector
);
CREATE INDEX IF NOT EXISTS chunks_note ON chunks(note);
CREATE INDEX IF NOT EXISTS chunks_vector ON chunks(vector);
CREATE TABLE IF NOT EXISTS vectors (
  key BLOB PRIMARY KEY,                -- blake2b-128 of recipe and embedded text
  value BLOB NOT NULL,                 -- float16, little endian
  blocks BLOB NOT NULL                 -- of its tokens: index/embedding/windows.py
);
CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5(
  headings, metadata, body,            -- pre-cut terms; rowid = note id
  tokenize = "ascii tokenchars '{TERM_PUNCTUATION}'"
);
CREATE VIRTUAL TABLE IF NOT EXISTS term_counts USING fts5vocab('terms', 'row');
"""


class Store:
    """The index directory's database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / DATABASE
        self.vectors = folder / VECTORS

    @property
    def exists(self) -> bool:
        """Whether an index has been made here."""
        return self.database.is_file()

    def create(self) -> None:
        """Make the folder and the tables, or check that those that are there fit."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotesError(
                f"The index folder {self.folder} cannot be made: {error.strerror}.",
                "Name another one with --index.",
            ) from error
        with self._connection() as db:
            db.execute("PRAGMA journal_mode = WAL")
            version = _version(db)
            if version not in (0, SCHEMA_VERSION):
                raise self._other_version(version)
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose reads all see the generation of this moment."""
        if not self.exists:
            raise NotesError(
                f"There is no index in {self.folder}.",
                f"Make one with: notes index FOLDER --index {self.folder}",
            )
        with self._connection() as db:
            if _version(db) != SCHEMA_VERSION:
                raise self._other_version(_version(db))
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.rollback()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a write transaction; it is committed unless an error leaves."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            db = sqlite3.connect(self.database, timeout=60, isolation_level=None)
        except sqlite3.Error as error:
            raise self._unreadable(error) from error
        db.row_factory = sqlite3.Row
        try:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA synchronous = NORMAL")
            yield db
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) in _BUGS:
                raise
            raise self._unreadable(error) from error
        finally:
            db.close()

    def _unreadable(self, error: sqlite3.Error) -> NotesError:
        return NotesError(
            f"The index {self.database} cannot be used: {error}.",
            "If it is damaged, delete its folder and run `notes index` again.",
        )

    def _other_version(self, version: int) -> NotesError:
        return NotesError(
            f"The index {self.folder} has format {version}; this program reads {SCHEMA_VERSION}.",
            f"Make it again: notes index FOLDER --rebuild --index {self.folder}",
        )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def get_meta(db: sqlite3.Connection, key: str, default: str = "") -> str:
    """Return what the index says of itself under `key`."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else default


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Write down `value` under `key`."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def generation(db: sqlite3.Connection) -> int:
    """Return the number of the last complete update; 0 before the first."""
    return int(get_meta(db, "generation", "0"))
