"""Examine an index, from its structure to the files that it was made of."""

import re
import sqlite3

from corpus.progress import OnProgress, silent
from index.doctor.collection import examine_collection
from index.doctor.diagnosis import Diagnosis, Patient, some
from index.doctor.files import examine_files
from index.doctor.rows import examine_rows
from index.doctor.vectors import examine_vector_file, examine_vectors
from index.keeping.checksum import DamagedIndexError
from index.keeping.segments import damaged_segments, read_segments
from index.keeping.store import NoIndexError, Store, generation, get_meta
from index.keeping.vaults import all_vaults
from index.keeping.vectors import read_stamp


def examine(store: Store, recipe: str = "", on_progress: OnProgress = silent) -> Diagnosis:
    """Check an index; `recipe` is the one that its model has now, if known.

    Raises NotesError where there is none, or one of another format.
    """
    found = Diagnosis()
    for check in _EXAMINATIONS:
        try:
            with store.reading() as db:
                check(Patient(store, db, recipe, on_progress), found)
        except NoIndexError:
            stamp = read_stamp(store.vectors)
            if stamp is None or not stamp.vaults:
                raise
            found.is_broken = True
            found.findings.append(
                "The database is gone; the vector file knows what it was made of."
            )
        except DamagedIndexError as error:
            found.is_broken = True
            found.findings.append(error.message)
        except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
            found.is_broken = True  # rows that no code of ours has written
            found.findings.append(f"The database holds what cannot be in it: {error!r}.")
        if found.is_broken:
            break
    return found


def _structure(of: Patient, found: Diagnosis) -> None:
    told = [str(row[0]) for row in of.db.execute("PRAGMA integrity_check(20)")]
    if told != ["ok"]:
        found.is_broken = True
        found.findings.append(f"The database is damaged: {some(told)}.")
        return
    for vault in all_vaults(of.db):
        if not re.fullmatch(re.escape(vault.root.name or "notes") + r"(-\d+)?", vault.name):
            found.is_broken = True
            found.findings.append(f"The vault at {vault.root} has a name that is not its own.")
    loose = of.db.execute("PRAGMA foreign_key_check").fetchall()
    if loose:
        found.is_broken = True
        found.findings.append(f"{len(loose)} rows belong to others that are not there.")
    if not generation(of.db):
        found.remarks.append("Its first update was not completed: notes index goes on with it.")
    made_with = get_meta(of.db, "recipe")
    if made_with and of.recipe and made_with != of.recipe:
        found.is_other_recipe = True
        found.findings.append(
            "Its vectors were made by another model or recipe than the one that this program has:\n"
            f"  there: {made_with}\n  now:   {of.recipe}"
        )


def _terms(of: Patient, found: Diagnosis) -> None:
    damaged = damaged_segments(of.db)
    if damaged:
        found.terms = True
        found.findings.append(f"{len(damaged)} lists of terms are not as they were written.")
        return
    there = [note for part in read_segments(of.db).parts for note in part.live_notes.tolist()]
    notes = [row[0] for row in of.db.execute("SELECT id FROM notes")]
    if sorted(there) != sorted(notes):
        found.terms = True
        number = len(set(there) ^ set(notes)) or len(there) - len(notes)
        found.findings.append(f"The terms of {number} notes are missing or left over.")


_EXAMINATIONS = (
    _structure,
    examine_rows,
    examine_vectors,
    _terms,
    examine_vector_file,
    examine_collection,
    examine_files,
)
