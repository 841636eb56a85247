"""How long does the map take, and how true is it?

    python -m tests.bench.map INDEX [--sizes 2000,10000,50000] [--peer-up-to 2000]

INDEX is the folder of an index of some 2,000 notes or more. Its notes are repeated, their vectors
a little changed, until there are so many as a size says; nothing is written to it. t-SNE of all
notes, with the iterations that scikit-learn gives it, is the peer. Trustworthiness is
scikit-learn's, at 10 neighbours, on at most 2,000 of the points.
"""

import argparse
import json
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sklearn.manifold import TSNE, trustworthiness

from index.keeping.store import Store, raise_generation, set_meta
from index.keeping.vector_rows import pack
from index.mapping.cluster_names import read_names
from index.mapping.clusters import cluster
from index.mapping.layout import SAMPLE, Layout, lay_out, reduced
from index.mapping.map import read_map
from index.mapping.note_vectors import Notes, all_notes, with_vectors
from index.mapping.points import read_points

T = TypeVar("T")
_NOISE = 0.6
"""Of a repeated note's vector, next to its own norm of 1: its neighbours are no longer itself."""

_JUDGED = 2000
_COPIED = "kind, lang, title, span_start, span_end, body_start, body_end, line_first, line_last"
_COPIED += ", headings, meta, columns, tags, text, crc"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--sizes", default="2000,10000,50000")
    parser.add_argument("--peer-up-to", type=int, default=2000, help="notes that full t-SNE gets")
    chosen = parser.parse_args()
    figures = []
    for size in map(int, chosen.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="notes-map-") as place:
            store = repeated(Store(chosen.index), Store(Path(place) / "index"), size)
            figures.append(measured(store, size <= chosen.peer_up_to))
    for name in dict.fromkeys(name for column in figures for name in column):
        cells = (column.get(name, "") for column in figures)
        print(f"{name:44}" + "".join(f"{cell:>10}" for cell in cells))
    print(json.dumps({"threads": os.environ.get("OMP_NUM_THREADS", ""), "sizes": figures}))


def measured(store: Store, with_peer: bool) -> dict[str, float]:
    """Time what a map is made of, and judge the layouts."""
    took: dict[str, float] = {}

    def timed(name: str, what: Callable[[], T]) -> T:
        began = time.perf_counter()
        found = what()
        took[f"{name}, s"] = round(time.perf_counter() - began, 2)
        return found

    with store.reading() as db:
        ids, keys = all_notes(db)
        took["notes"] = len(ids)
        notes = timed("vectors read", lambda: with_vectors(db, ids, keys, lambda part: None))
        components = timed("components", lambda: reduced(notes.vectors))
        clusters = timed("clusters", lambda: cluster(components))
        timed("names", lambda: read_names(db, ids, clusters))
    places = {
        layout.value: timed(layout.value, partial(lay_out, components, keys, layout))
        for layout in Layout
    }
    half = len(ids) // 2
    if half < SAMPLE:
        places["tsne of half, half placed"] = timed(
            "tsne of half, half placed", lambda: lay_out(components, keys, Layout.TSNE, half)
        )
    if with_peer:
        places["peer: full tsne"] = timed("peer: full tsne", lambda: _peer(notes))
    for name, found in places.items():
        took[f"trustworthiness, {name}"] = round(_trust(notes, found), 3)
    timed("whole map, tsne", lambda: read_map(store, Layout.TSNE))
    kept = timed("kept map, tsne", lambda: read_map(store, Layout.TSNE))
    with store.reading() as db:
        timed("titles and values", lambda: read_points(db, kept))
    with store.writing() as db:
        db.execute("UPDATE notes SET key = substr(hex(randomblob(8)), 1, 16) WHERE id % 100 = 0")
        raise_generation(db)
    timed("brought up, 1 % new", lambda: read_map(store, Layout.TSNE))
    return took


def _peer(notes: Notes) -> Any:
    components = reduced(notes.vectors)
    return TSNE(init="pca", random_state=0).fit_transform(components)


def _trust(notes: Notes, places: Any) -> float:
    judged = slice(None, None, max(1, len(places) // _JUDGED))
    return float(trustworthiness(notes.vectors[judged], places[judged], n_neighbors=10))


def repeated(source: Store, target: Store, size: int) -> Store:
    """Write an index of `size` notes with one chunk each: those of `source`, over and over."""
    target.create()
    with source.reading() as db:
        ids, keys = all_notes(db)
        vectors = with_vectors(db, ids, keys, lambda part: None).vectors
    seed = np.random.default_rng(0)
    with target.writing() as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("COMMIT")
        db.execute("ATTACH ? AS source", (str(source.database),))
        db.execute("BEGIN IMMEDIATE")
        for table in ("vaults", "files"):
            db.execute(f"INSERT INTO {table} SELECT * FROM source.{table}")
        for number, at in _order(len(ids), size):
            noise = seed.normal(size=(vectors.shape[1],)).astype(np.float32)
            noise *= (_NOISE if number >= len(ids) else 0) / np.linalg.norm(noise)
            _copy(db, int(ids[at]), number, pack(vectors[at] + noise))
        set_meta(db, "dimension", str(vectors.shape[1]))
        raise_generation(db)
    return target


def _order(notes: int, size: int) -> Iterator[tuple[int, int]]:
    return ((number, number % notes) for number in range(size))


def _copy(db: Any, note: int, number: int, vector: bytes) -> None:
    key = blake2b(str(number).encode(), digest_size=16).digest()
    db.execute(
        f"INSERT INTO notes (id, file, key, {_COPIED})"
        f" SELECT ?, file, ?, {_COPIED} FROM source.notes WHERE id = ?",
        (number + 1, key[:8].hex(), note),
    )
    db.execute("INSERT INTO vectors VALUES (?, ?, ?, x'', 0)", (key, vector, zlib.crc32(vector)))
    db.execute("INSERT INTO chunks VALUES (?, ?, 0, 1, ?, 0)", (number + 1, number + 1, key))


if __name__ == "__main__":
    main()
