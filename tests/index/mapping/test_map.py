import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.progress import Progress
from index.keeping.store import Store
from index.keeping.update import update
from index.mapping.layout import Layout
from index.mapping.map import Map, read_map
from index.mapping.snapshot import file_of, read_snapshot, write_snapshot
from tests.bag_of_terms import BagOfTerms
from tests.index.mapping.conftest import WriteTopics, topic_text


def _told(map_: Map) -> dict[str, Any]:
    """All that a map says but for its generation and its rows' ids."""
    return {
        "keys": map_.keys.tolist(),
        "places": map_.places.tolist(),
        "clusters": map_.clusters.tolist(),
        "names": map_.names,
    }


def _by_key(map_: Map) -> dict[bytes, tuple[float, float, int]]:
    rows = zip(map_.keys.tolist(), map_.places.tolist(), map_.clusters.tolist(), strict=True)
    return {key: (x, y, cluster) for key, (x, y), cluster in rows}


@pytest.mark.parametrize("layout", Layout)
def test_every_note_is_a_point_within_the_square(indexed: Store, layout: Layout) -> None:
    with indexed.reading() as db:
        rows = {row[0]: row[1] for row in db.execute("SELECT id, key FROM notes")}
    found = read_map(indexed, layout)
    keys = [key.decode() for key in found.keys.tolist()]
    assert (found.generation, found.layout) == (1, layout)
    assert dict(zip(found.notes.tolist(), keys, strict=True)) == rows
    assert (found.places.dtype, found.places.shape) == (np.float32, (60, 2))
    assert (found.places.min(), found.places.max()) == (-1, 1)
    assert (found.clusters.dtype, found.clusters.shape) == (np.int16, (60,))


def test_notes_of_a_topic_are_a_cluster_named_by_its_words(indexed: Store) -> None:
    found = read_map(indexed, Layout.TSNE)
    with indexed.reading() as db:
        rows = dict(db.execute("SELECT notes.key, path FROM notes JOIN files ON files.id = file"))
    topics = {
        (rows[key.decode()].split("/")[0], int(cluster))
        for key, cluster in zip(found.keys.tolist(), found.clusters, strict=True)
    }
    assert len(topics) == 3
    for topic, cluster in topics:
        assert topic in found.names[cluster]


@pytest.mark.parametrize("layout", Layout)
def test_an_index_made_anew_has_the_same_map(
    indexed: Store, embedder: BagOfTerms, tmp_path: Path, layout: Layout
) -> None:
    again = Store(tmp_path / "again")
    update(again, [tmp_path / "topics"], embedder)
    assert _told(read_map(again, layout)) == _told(read_map(indexed, layout))


def test_both_layouts_have_the_same_clusters(indexed: Store) -> None:
    pca, tsne = read_map(indexed, Layout.PCA), read_map(indexed, Layout.TSNE)
    assert (pca.clusters.tolist(), pca.names) == (tsne.clusters.tolist(), tsne.names)
    assert pca.places.tolist() != tsne.places.tolist()


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("count", range(6))
def test_a_few_notes_have_a_map_and_so_has_none(
    store: Store, write_topics: WriteTopics, embedder: BagOfTerms, count: int, layout: Layout
) -> None:
    update(store, [write_topics(count)], embedder)
    found = read_map(store, layout)
    assert (len(found.notes), len(found.places), len(found.clusters)) == (count, count, count)
    assert np.isfinite(found.places).all()
    assert len(set(map(tuple, found.places.tolist()))) == count
    assert set(found.clusters.tolist()) == ({0} if count else set())
    assert len(found.names) == bool(count)


@pytest.mark.parametrize("layout", Layout)
def test_notes_that_are_all_alike_have_a_map_on_which_each_has_a_place(
    store: Store, tmp_path: Path, embedder: BagOfTerms, layout: Layout
) -> None:
    (tmp_path / "alike").mkdir()
    for number in range(20):
        (tmp_path / "alike" / f"{number}.md").write_text("the same\n")
    update(store, [tmp_path / "alike"], embedder)
    found = read_map(store, layout)
    assert len(set(map(tuple, found.places.tolist()))) == 20
    assert found.clusters.tolist() == [0] * 20


@pytest.mark.parametrize("layout", Layout)
def test_notes_that_stay_keep_their_places_and_clusters_their_names(
    indexed: Store, tmp_path: Path, embedder: BagOfTerms, layout: Layout
) -> None:
    before = read_map(indexed, layout)
    (tmp_path / "topics/git/0.md").write_text(topic_text("git", 77))
    (tmp_path / "topics/kitchen/1.md").unlink()
    (tmp_path / "topics/网络/new.md").write_text(topic_text("网络", 78), encoding="utf-8")
    update(indexed, [], embedder)
    after = read_map(indexed, layout)
    was, is_now = _by_key(before), _by_key(after)
    assert (after.generation, len(is_now), after.names) == (2, 60, before.names)
    assert {key: is_now[key] for key in was.keys() & is_now.keys()} == {
        key: was[key] for key in was.keys() & is_now.keys()
    }
    assert len(was.keys() & is_now.keys()) == 58


def test_a_new_note_lies_among_those_of_its_topic(
    indexed: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    before = _by_key(read_map(indexed, Layout.TSNE))
    (tmp_path / "topics/git/new.md").write_text(topic_text("git", 79))
    update(indexed, [], embedder)
    after = _by_key(read_map(indexed, Layout.TSNE))
    (new,) = after.keys() - before.keys()
    x, y, cluster = after[new]
    of_topic = np.array([place[:2] for place in before.values() if place[2] == cluster])
    assert np.linalg.norm(of_topic - (x, y), axis=1).min() < 0.2
    with indexed.reading() as db:
        row = db.execute(
            "SELECT count(*), sum(path LIKE 'git/%') FROM notes JOIN files ON files.id = file"
            f" WHERE notes.key IN ({','.join('?' * len(of_topic))})",
            [key.decode() for key, place in before.items() if place[2] == cluster],
        ).fetchone()
    assert row[0] == row[1]


def test_a_map_of_which_too_little_is_left_is_made_anew(
    indexed: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    read_map(indexed, Layout.PCA)
    for number in range(20):
        (tmp_path / f"topics/git/more{number}.md").write_text(topic_text("git", 100 + number))
        (tmp_path / f"topics/kitchen/{3 * number + 1}.md").unlink()
    update(indexed, [], embedder)
    found = read_map(indexed, Layout.PCA)
    anew = Store(tmp_path / "anew")
    update(anew, [tmp_path / "topics"], embedder)
    assert _told(found) == _told(read_map(anew, Layout.PCA))


def test_many_small_changes_do_not_keep_a_map_for_ever(
    indexed: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    first = read_map(indexed, Layout.PCA)
    for step in range(5):
        for number in range(6):
            (tmp_path / f"topics/git/step{step}-{number}.md").write_text(
                topic_text("git", 200 + 10 * step + number)
            )
        update(indexed, [], embedder)
        found = read_map(indexed, Layout.PCA)
        stays = [_by_key(found)[key] == place for key, place in _by_key(first).items()]
    assert not all(stays)  # of 90 notes 60 were there: 67 %


def test_a_map_that_is_kept_is_read_and_not_made(indexed: Store) -> None:
    made = read_map(indexed, Layout.PCA)
    steps: list[Progress] = []
    read = read_map(indexed, Layout.PCA, steps.append)
    assert _told(read) == _told(made)
    assert (read.notes.tolist(), steps) == (made.notes.tolist(), [])


def test_progress_goes_up_to_all(indexed: Store) -> None:
    steps: list[Progress] = []
    read_map(indexed, Layout.TSNE, steps.append)
    done = [step.done for step in steps]
    assert (done, done[-1]) == (sorted(done), 100)
    assert {(step.step, step.total) for step in steps} == {("map", 100)}


@pytest.mark.parametrize("name", ["pca", "clusters"])
@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no archive at all"])
def test_a_file_that_is_no_map_is_made_anew(indexed: Store, name: str, damage: bytes) -> None:
    made = _told(read_map(indexed, Layout.PCA))
    file = file_of(indexed.folder, name)
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert _told(read_map(indexed, Layout.PCA)) == made
    assert file.read_bytes() == whole


def test_the_map_of_another_index_of_the_same_notes_is_not_taken(
    indexed: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    other = Store(tmp_path / "other index")
    update(other, [tmp_path / "topics"], embedder)
    right = _told(read_map(other, Layout.PCA))
    read_map(indexed, Layout.PCA)
    for name in ("pca", "clusters"):
        foreign = read_snapshot(file_of(indexed.folder, name))
        assert foreign is not None
        wrong = replace(foreign, values=np.zeros_like(foreign.values))
        write_snapshot(file_of(other.folder, name), wrong)
    assert _told(read_map(other, Layout.PCA)) == right


def test_the_map_of_another_model_is_not_taken(
    indexed: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    before = read_map(indexed, Layout.PCA)
    update(indexed, [], BagOfTerms(dimension=64, recipe="short bag"), rebuild=True)
    after = read_map(indexed, Layout.PCA)
    assert after.keys.tolist() == before.keys.tolist()
    assert after.places.tolist() != before.places.tolist()


def test_where_nothing_can_be_written_the_map_is_made_all_the_same(indexed: Store) -> None:
    made = _told(read_map(indexed, Layout.PCA))
    for name in ("pca", "clusters"):
        file_of(indexed.folder, name).unlink()
        file_of(indexed.folder, name).mkdir()
    assert _told(read_map(indexed, Layout.PCA)) == made
    assert list(indexed.folder.glob("*.tmp")) == []


def test_threads_that_ask_at_once_get_the_same_map(indexed: Store) -> None:
    found: list[dict[str, Any]] = []
    threads = [
        threading.Thread(target=lambda: found.append(_told(read_map(indexed, Layout.PCA))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [_told(read_map(indexed, Layout.PCA))] * 4
    assert list(indexed.folder.glob("*.tmp")) == []


def test_points_are_found_by_key(indexed: Store) -> None:
    found = read_map(indexed, Layout.PCA)
    keys = [key.decode() for key in found.keys[[7, 0, 59]].tolist()]
    assert found.find([*keys, "ffffffffffffffff", "0"]).tolist() == [7, 0, 59, -1, -1]
    assert found.find([]).tolist() == []


def test_searching_does_not_load_scikit_learn() -> None:
    code = (
        "import sys, index.mapping.map, index.mapping.points, index.mapping.question,"
        " index.finding.search; print(sorted({'sklearn', 'torch', 'tokenizers'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
