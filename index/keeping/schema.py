"""The tables of the database, and whether a database still has them."""

import re
import sqlite3
from contextlib import closing
from functools import cache

SCHEMA_VERSION = 5

_COMMENT = re.compile(r"--[^\n]*")

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS generations (  -- the last updates
  number INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS vaults (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL UNIQUE,           -- absolute folder, or file where the vault is one file
  name TEXT NOT NULL,
  listing BLOB,                        -- digest of the files' paths, sizes and times, if all settled
  way TEXT NOT NULL DEFAULT ''         -- how its files were read: index/keeping/plan.py
);
CREATE TABLE IF NOT EXISTS files (
  id INTEGER PRIMARY KEY,
  vault INTEGER NOT NULL REFERENCES vaults(id) ON DELETE CASCADE,
  path TEXT NOT NULL,                  -- relative to the vault, POSIX
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  ctime_ns INTEGER NOT NULL,           -- -1: read it again (index/keeping/difference.py)
  hash BLOB NOT NULL,                  -- blake2b-128 of the bytes
  notes INTEGER NOT NULL,              -- how many it holds
  UNIQUE (vault, path)
);
CREATE TABLE IF NOT EXISTS skipped (   -- as of the last update
  vault INTEGER NOT NULL REFERENCES vaults(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  reason TEXT NOT NULL                 -- why it is not, or not wholly, among the notes
);
CREATE INDEX IF NOT EXISTS skipped_vault ON skipped(vault, path);
CREATE TABLE IF NOT EXISTS notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- rising, as segments want them
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
  text TEXT NOT NULL,
  crc INTEGER NOT NULL                 -- of vault, path and the columns above from "key" on
);
CREATE INDEX IF NOT EXISTS notes_file ON notes(file);
CREATE TABLE IF NOT EXISTS chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: readers of an older generation
  note INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
  span_start INTEGER NOT NULL, span_end INTEGER NOT NULL,
  vector BLOB NOT NULL,                -- key of its vector
  crc INTEGER NOT NULL                 -- of note, span and key
);
CREATE INDEX IF NOT EXISTS chunks_note ON chunks(note);
CREATE INDEX IF NOT EXISTS chunks_vector ON chunks(vector);
CREATE TABLE IF NOT EXISTS vectors (
  key BLOB PRIMARY KEY,                -- blake2b-128 of recipe and embedded text
  value BLOB NOT NULL,                 -- float16, little endian
  value_crc INTEGER NOT NULL,
  blocks BLOB NOT NULL,                -- of its tokens: index/embedding/windows.py
  blocks_crc INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS segments (  -- of notes, for their terms: index/keeping/segments.py
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  notes BLOB NOT NULL,                 -- their ids, int64, ascending
  lengths BLOB NOT NULL,               -- how many terms each has, uint32
  gone BLOB NOT NULL,                  -- a bit for each
  crc INTEGER NOT NULL                 -- of notes, lengths, and the segment's postings
);
CREATE TABLE IF NOT EXISTS postings (
  segment INTEGER NOT NULL REFERENCES segments(id) ON DELETE CASCADE,
  term TEXT NOT NULL,
  packed BLOB NOT NULL,                -- places and counts of its notes
  PRIMARY KEY (segment, term)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (   -- what Milvus is to be told: index/keeping/milvus/pending.py
  chunk INTEGER PRIMARY KEY,
  is_coming INTEGER NOT NULL           -- 0: it goes
);
"""


def schema_of(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the statements that made our own tables and indexes, by name."""
    cursor = db.cursor()
    cursor.row_factory = None
    rows = cursor.execute(
        "SELECT name, sql FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " ORDER BY name"
    )
    return [(name, " ".join(_COMMENT.sub("", str(sql)).split())) for name, sql in rows]


@cache
def schema_written() -> list[tuple[str, str]]:
    """Return what `schema_of` says of a database just made."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(SCHEMA)
        return schema_of(db)
