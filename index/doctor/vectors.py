"""Are the vectors as they were made, in the database and in the vector file?"""

import sqlite3

import numpy as np

from index.doctor.diagnosis import Diagnosis, Patient
from index.keeping import vectors
from index.keeping.checksum import DamagedIndexError
from index.keeping.milvus.kept import kept_in
from index.keeping.store import generation, get_number, updates
from index.keeping.vector_rows import is_whole, stored_vectors


def examine_vectors(of: Patient, found: Diagnosis) -> None:
    """Check the vectors in the database."""
    dimension = get_number(of.db, "dimension")
    for row in of.db.execute("SELECT * FROM vectors"):
        found.checked["vectors"] = found.checked.get("vectors", 0) + 1
        if not is_whole(row) or dimension not in (0, len(row["value"]) // 2):
            found.vectors.add(row["key"])
    if found.vectors:
        found.findings.append(f"{len(found.vectors)} vectors are not as they were written.")
        for key in found.vectors:
            sql = "SELECT file FROM chunks JOIN notes ON notes.id = note WHERE vector = ?"
            found.files.update(row["file"] for row in of.db.execute(sql, (key,)))
    sql = "SELECT count(*) FROM vectors WHERE key NOT IN (SELECT vector FROM chunks)"
    unused = of.count(sql)
    if unused:
        found.remarks.append(
            f"{unused} texts are embedded for an update that was not completed: the next uses them."
        )


def examine_vector_file(of: Patient, found: Diagnosis) -> None:
    """Check the vector file against the database."""
    if not generation(of.db) or kept_in(of.db).address is not None:
        return
    file, unsaved = of.store.vectors, get_number(of.db, "unsaved")
    stamp = vectors.read_stamp(file)
    if not file.exists():
        _vector_file_is(found, "is not there", is_wrong=not unsaved)
    elif stamp is None or not vectors.is_whole(file):
        _vector_file_is(found, "is damaged")
    elif stamp.token not in updates(of.db):
        _vector_file_is(found, "is of another database")
    else:
        index = vectors.load(of.db, file)
        if index is None:
            _vector_file_is(found, "is of another recipe, or another version of FAISS")
            return
        there = vectors.chunks_in(of.db)
        found.checked["in FAISS"] = len(index)
        both = np.intersect1d(index.ids, there)
        if not unsaved and not len(both) == len(there) == len(index):
            _vector_file_is(found, "does not hold the chunks that it should")
        elif not _agree(of.db, index, both.tolist()):
            _vector_file_is(found, "holds vectors that are not those of the database")


def _vector_file_is(found: Diagnosis, how: str, is_wrong: bool = True) -> None:
    told = f"The vector file {how}: searches use the database instead, an update makes it again."
    found.vector_file = True
    (found.findings if is_wrong else found.remarks).append(told)


def _agree(db: sqlite3.Connection, index: vectors.VectorIndex, chunks: list[int]) -> bool:
    try:
        return all(index.is_coded(ids, rows) for ids, rows in stored_vectors(db, chunks))
    except DamagedIndexError:  # told of already
        return True
