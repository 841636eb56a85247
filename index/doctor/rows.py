"""Are the notes and chunks as they were written, each with all that belongs to it?"""

from collections.abc import Callable
from functools import partial

from index.doctor.diagnosis import Diagnosis, Patient
from index.keeping.checksum import DamagedIndexError
from index.keeping.notes import NOTES_WITH_PLACES, check_note
from index.keeping.rows import chunk_checksum


def examine_rows(of: Patient, found: Diagnosis) -> None:
    """Check notes, chunks and the counts of both."""
    bad = []
    for row in of.db.execute(NOTES_WITH_PLACES):
        found.checked["notes"] = found.checked.get("notes", 0) + 1
        if not _holds(partial(check_note, row)):
            bad.append(row["id"])
            found.files.add(row["file"])
    if bad:
        found.findings.append(f"{len(bad)} notes are not as they were written.")
    bad = []
    sql = (
        "SELECT chunks.id, note, chunks.span_start, chunks.span_end, vector, chunks.crc, file,"
        " vectors.key IS NULL AS lost FROM chunks JOIN notes ON notes.id = note"
        " LEFT JOIN vectors ON vectors.key = vector"
    )
    lost = 0
    for row in of.db.execute(sql):
        found.checked["chunks"] = found.checked.get("chunks", 0) + 1
        if row["lost"] or chunk_checksum(*row[1:5]) != row["crc"]:
            bad.append(row["id"])
            lost += row["lost"]
            found.files.add(row["file"])
    if lost:
        found.findings.append(f"{lost} chunks have no vector.")
    if len(bad) > lost:
        found.findings.append(f"{len(bad) - lost} chunks are not as they were written.")
    sql = (
        "SELECT files.id, files.notes FROM files LEFT JOIN notes ON file = files.id"
        " GROUP BY files.id HAVING count(notes.id) <> files.notes"
    )
    miscounted = [row["id"] for row in of.db.execute(sql)]
    if miscounted:
        found.findings.append(f"{len(miscounted)} files have more or fewer notes than was written.")
        found.files.update(miscounted)
    sql = "SELECT file FROM notes WHERE id NOT IN (SELECT note FROM chunks)"
    unchunked = [row["file"] for row in of.db.execute(sql)]
    if unchunked:
        found.findings.append(f"{len(unchunked)} notes have no chunk, so no search finds them.")
        found.files.update(unchunked)


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except DamagedIndexError:
        return False
    return True
