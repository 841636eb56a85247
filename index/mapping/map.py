"""The map of all notes: read as it was kept for this update, else brought up, else made anew."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.progress import OnProgress, Progress, silent
from index.embedding.embedder import Vectors
from index.keeping.store import Store, generation, get_meta, token, updates
from index.keeping.vector_rows import Ids
from index.mapping.cluster_names import read_names
from index.mapping.clusters import Clusters, cluster
from index.mapping.continuity import carried, positions
from index.mapping.layout import Layout, Places, lay_out, reduced
from index.mapping.neighbours import group_among, place_among
from index.mapping.note_vectors import Keys, Notes, all_notes, with_vectors
from index.mapping.snapshot import Snapshot, file_of, read_snapshot, write_snapshot

_WAY = 1
"""Changes with whatever changes a map."""

_CLUSTERS = "clusters"
_READ, _GROUPED, _DONE = 20, 40, 100
"""Progress, in hundredths."""


@dataclass(frozen=True, slots=True)
class Map:
    """All notes as points; notes that mean much the same are near each other.

    `notes` (n,) int64 are their rows' ids in the store at `generation`, `keys` the ids that users
    see, (n,) "S16" ascending. `places` (n, 2) float32 are within [-1, 1], `clusters` (n,) int16;
    both layouts have the same. Clusters are numbered by size when a map is made anew, the largest
    0; while it is kept, a cluster keeps its number and its name. `names` are up to three words or
    short phrases for each; () for a cluster without words.
    """

    generation: int
    layout: Layout
    notes: Ids
    keys: Keys
    places: Places
    clusters: Clusters
    names: tuple[tuple[str, ...], ...]

    def find(self, keys: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return which points the notes with these keys are, -1 for one that is not here."""
        return positions(self.keys, np.array([key.encode() for key in keys], "S16"))


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the index's folder has of this database and recipe, and the update that is wanted."""

    token: str
    recipe: str
    places: Snapshot | None
    clusters: Snapshot | None

    def current(self, keys: Keys) -> tuple[Snapshot, Snapshot] | None:
        """Return places and clusters if both are of the wanted update, which has these notes."""
        if self.places is None or self.clusters is None:
            return None
        both = (self.places, self.clusters)
        return both if all(one.is_of(self.token, keys) for one in both) else None


def read_map(store: Store, layout: Layout, on_progress: OnProgress = silent) -> Map:
    """Return the map of the store's generation, and keep it in the index's folder.

    Where that cannot be written, the map is made again next time. Raises DamagedIndexError.
    """

    def tell(done: float) -> None:
        on_progress(Progress("map", round(done), _DONE))

    with store.reading() as db:
        at, (ids, keys) = generation(db), all_notes(db)
        kept = _read_kept(db, store.folder, layout)
        if current := kept.current(keys):
            return _map(at, layout, ids, *current)
        notes = with_vectors(db, ids, keys, lambda part: tell(part * _READ))
        components = cache(lambda: reduced(notes.vectors))
        clusters = _clusters(db, kept, notes, components)
    tell(_GROUPED)
    places = _places(kept, notes, components, layout)
    if clusters is not kept.clusters:
        write_snapshot(file_of(store.folder, _CLUSTERS), clusters)
    if places is not kept.places:
        write_snapshot(file_of(store.folder, layout.value), places)
    tell(_DONE)
    return _map(at, layout, ids, places, clusters)


def _map(at: int, layout: Layout, ids: Ids, places: Snapshot, clusters: Snapshot) -> Map:
    return Map(at, layout, ids, places.keys, places.values, clusters.values, clusters.names)


def _read_kept(db: sqlite3.Connection, folder: Path, layout: Layout) -> _Kept:
    """Read what is kept, of whatever update of this database, by this recipe."""
    recipe, line = f"{_WAY} {get_meta(db, 'recipe')}", updates(db)

    def read(name: str) -> Snapshot | None:
        found = read_snapshot(file_of(folder, name))
        is_ours = found and found.token in line and found.recipe == recipe
        return found if is_ours else None

    return _Kept(token(db), recipe, read(layout.value), read(_CLUSTERS))


def _clusters(
    db: sqlite3.Connection, kept: _Kept, notes: Notes, components: Callable[[], Vectors]
) -> Snapshot:
    """Return the clusters that are kept, brought up to the notes, or new ones."""
    if earlier := carried(kept.clusters, notes, kept.token, group_among):
        return earlier
    clusters = cluster(components())
    return _new(kept, notes, clusters, read_names(db, notes.ids, clusters))


def _places(
    kept: _Kept, notes: Notes, components: Callable[[], Vectors], layout: Layout
) -> Snapshot:
    """Return the places that are kept, brought up to the notes, or new ones."""
    if earlier := carried(kept.places, notes, kept.token, place_among):
        return earlier
    return _new(kept, notes, lay_out(components(), notes.keys, layout))


def _new(
    kept: _Kept,
    notes: Notes,
    values: Places | Clusters,
    names: tuple[tuple[str, ...], ...] = (),
) -> Snapshot:
    n = len(notes.keys)
    return Snapshot(kept.token, kept.recipe, n, notes.keys, np.ones(n, np.bool_), values, names)
