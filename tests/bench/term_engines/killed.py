"""What is left when the writer is killed (SIGKILL) between two commits: counted, not argued."""

import sqlite3
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from tests.bench.term_engines.fts5_engine import Fts5
from tests.bench.term_engines.tantivy_engine import Tantivy

HELD, NEW = 1000, 100


def kill_between(folder: Path, engine: str, point: str) -> dict[str, int]:
    """Add `NEW` chunks to `HELD`, kill at `point`; return the chunks in the notes and the terms."""
    _fill(folder, engine)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    writer = context.Process(target=_write, args=(folder, engine, point, theirs))
    writer.start()
    ours.recv()
    writer.kill()
    writer.join()
    with sqlite3.connect(_notes(folder, engine)) as db:
        notes = int(db.execute("SELECT count(*) FROM chunks").fetchone()[0])
    terms = Fts5(folder) if engine == "FTS5" else Tantivy(folder / "tantivy")
    return {"notes": notes, "terms": len(terms.search(["word"], 10 * HELD))}


def _notes(folder: Path, engine: str) -> Path:
    return folder / ("terms.sqlite" if engine == "FTS5" else "notes.sqlite")


def _fill(folder: Path, engine: str) -> None:
    terms = Fts5(folder) if engine == "FTS5" else Tantivy(folder / "tantivy")
    terms.build(("", "", "word") for _ in range(HELD))
    with sqlite3.connect(_notes(folder, engine)) as db:
        db.execute("CREATE TABLE chunks (id INTEGER PRIMARY KEY)")
        db.executemany("INSERT INTO chunks VALUES (?)", ((i + 1,) for i in range(HELD)))


def _write(folder: Path, engine: str, point: str, told: Connection) -> None:
    def reached(name: str) -> None:
        if name == point:
            told.send(name)
            time.sleep(60)

    new = {HELD + 1 + i: ("", "", "word") for i in range(NEW)}
    db = sqlite3.connect(_notes(folder, engine), isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO chunks VALUES (?)", ((i,) for i in new))
    if engine == "FTS5":
        rows = ((i, *parts) for i, parts in new.items())
        db.executemany("INSERT INTO terms (rowid, headings, metadata, body) VALUES (?,?,?,?)", rows)
        reached("before the commit")
        db.execute("COMMIT")
        reached("after the commit")
        return
    if point == "notes first":
        db.execute("COMMIT")
        reached("notes first")
    Tantivy(folder / "tantivy").update(new, [])
    reached("terms first")
    db.execute("COMMIT")
