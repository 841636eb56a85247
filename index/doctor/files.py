"""Do the notes say what their files say?"""

import sqlite3
import stat
from pathlib import Path

from corpus.decode import NotText, decode
from corpus.progress import Progress
from corpus.scan import LATEST_NS
from index.doctor.diagnosis import Diagnosis, Patient, some
from index.keeping.difference import READ_AGAIN, content_hash
from index.keeping.vaults import Vault, all_vaults, place_of


def examine_files(of: Patient, found: Diagnosis) -> None:
    """Compare the notes with the files that they are from, where those have not changed since."""
    total = of.count("SELECT count(*) FROM files")
    done = other = 0
    wrong: list[str] = []
    for vault in all_vaults(of.db):
        if place_of(vault) is None:
            found.remarks.append(f"{vault.root} is not there: its notes cannot be compared.")
            continue
        for row in of.db.execute(
            "SELECT id, path, hash, size, mtime_ns, ctime_ns, notes FROM files WHERE vault = ?",
            (vault.id,),
        ).fetchall():
            done += 1
            if done % 100 == 0:
                of.on_progress(Progress("compare", done, total))
            data = _unchanged(vault, row)
            if data is None:
                other += 1
            elif not _says(of.db, row, data):
                wrong.append(row["path"])
                found.files.add(row["id"])
    found.checked["files"] = done - other
    if wrong:
        found.findings.append(
            f"{len(wrong)} files are not what the index says of them: {some(wrong)}."
        )
    if other:
        found.remarks.append(f"{other} files have changed or gone since the last update.")


def _unchanged(vault: Vault, row: sqlite3.Row) -> bytes | None:
    """Return a file's bytes, None where it has changed, as far as size and times tell."""
    file: Path = vault.folder / row["path"]
    try:
        status = file.stat()
        mtime = min(status.st_mtime_ns, LATEST_NS)
        if not stat.S_ISREG(status.st_mode) or (status.st_size, mtime) != tuple(row)[3:5]:
            return None
        data = file.read_bytes()
    except OSError:
        return None
    if row["ctime_ns"] == READ_AGAIN:  # may have been written again within a tick of the clock
        return data if content_hash(data) == row["hash"] else None
    return data if status.st_ctime_ns == row["ctime_ns"] else None


def _says(db: sqlite3.Connection, row: sqlite3.Row, data: bytes) -> bool:
    """Whether a file has the contents and the notes that the index has of it."""
    if content_hash(data) != row["hash"]:
        return False
    try:
        text = decode(data).text
    except NotText:
        return not row["notes"]
    notes = db.execute("SELECT span_start, span_end, text FROM notes WHERE file = ?", (row["id"],))
    return all(text[start:end] == said for start, end, said in notes)
