"""Has Milvus the chunks that it should have?"""

import numpy as np

from corpus.errors import NotesError
from index.doctor.diagnosis import Diagnosis, Patient
from index.keeping.milvus.client import Milvus
from index.keeping.milvus.kept import kept_in
from index.keeping.milvus.pending import coming_chunks, count_pending, going_chunks
from index.keeping.milvus.trouble import LostError
from index.keeping.vectors import chunks_in


def examine_collection(of: Patient, found: Diagnosis) -> None:
    """Compare the chunks in Milvus with those of the database, but for what waits to be told."""
    kept = kept_in(of.db)
    if kept.address is None:
        return
    waiting = count_pending(of.db)
    if waiting:
        found.remarks.append(f"{waiting} changes wait for Milvus: the next update tells it.")
    if not kept.is_whole:
        found.collection = True
        found.findings.append("Milvus does not hold the notes yet.")
        return
    server = Milvus(kept.address)
    chunks = chunks_in(of.db)
    coming, going = coming_chunks(of.db), going_chunks(of.db)
    last = max([0, *chunks[-1:].tolist(), *going[-1:]])
    try:
        total = server.count(kept.collection)
        there = np.concatenate(list(server.chunks(kept.collection, last)))
    except LostError as error:
        found.collection = True
        found.findings.append(error.message)
        return
    except NotesError as error:
        found.findings.append(error.message)
        return
    finally:
        server.close()
    found.checked["in Milvus"] = len(there)
    lacking = np.setdiff1d(np.setdiff1d(chunks, coming), there)
    beyond = len(np.setdiff1d(np.setdiff1d(there, chunks), going)) + total - len(there)
    if len(lacking) or beyond:
        found.collection = True
        found.findings.append(
            f"Milvus lacks {len(lacking)} chunks and has {beyond} that are no more."
        )
