"""Read what is needed of the notes to name clusters, and name them."""

import json
import sqlite3

import numpy as np

from index.keeping.vector_rows import Ids
from index.mapping.clusters import Clusters
from index.mapping.naming import Said, name_clusters
from index.mapping.words import Cutter, prose

_NOTES = 250
"""Notes of a cluster that are read; the first by key are notes at random."""

_READ = 1500
_CUT = 400
"""Characters of a note that are read, and of its prose that are cut into words."""


def read_names(db: sqlite3.Connection, ids: Ids, clusters: Clusters) -> tuple[tuple[str, ...], ...]:
    """Return a name for each cluster, of up to three words or phrases: see `name_clusters`."""
    k = int(clusters.max()) + 1 if len(clusters) else 0
    chosen = [row for group in range(k) for row in np.flatnonzero(clusters == group)[:_NOTES]]
    said = _said(db, [int(ids[row]) for row in chosen])
    return tuple(name_clusters(said, [int(clusters[row]) for row in chosen], k))


def _said(db: sqlite3.Connection, ids: list[int]) -> list[Said]:
    headings, bodies, files = [], [], []
    for note in ids:
        title, path, text, file = db.execute(
            f"SELECT title, headings, substr(text, 1, {_READ}), file FROM notes WHERE id = ?",
            (note,),
        ).fetchone()
        headings.append(prose("\n".join(dict.fromkeys((*json.loads(path), title)))))
        bodies.append(prose(text)[:_CUT])
        files.append(file)
    cutter = Cutter()
    cut = zip(cutter.cut(headings), cutter.cut(bodies), files, strict=True)
    return [Said(heading, body, file) for heading, body, file in cut]
