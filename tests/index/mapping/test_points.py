from pathlib import Path

import numpy as np

from index.keeping.store import Store
from index.keeping.update import Update, update
from index.mapping.layout import Layout
from index.mapping.map import Map, read_map
from index.mapping.points import NAMED, NONE, OTHER, Points, read_points
from tests.bag_of_terms import BagOfTerms


def points_of(store: Store) -> tuple[Map, Points]:
    found = read_map(store, Layout.PCA)
    with store.reading() as db:
        return found, read_points(db, found)


def shown(points: Points, field: str) -> dict[str, str | int]:
    """Each point's title with the name of its value, or the code where it has no name."""
    values = points.values[field]
    assert values.codes.dtype == np.int8
    names = [values.names[code] if code < len(values.names) else code for code in values.codes]
    return dict(zip(points.titles, names, strict=True))


def test_points_have_titles_and_values(store: Store, updated: Update) -> None:
    _, points = points_of(store)
    assert shown(points, "kind") == {
        "DNS": "section",
        "Cache": "section",
        "rayon": "row",
        "rpc思想的诞生": "row",
        "mem::transmute": "row",
        "Descale the kettle with citric acid.": "text",
    }
    types = shown(points, "type")
    assert (types["rayon"], types["mem::transmute"], types["DNS"]) == ("project", "tip", NONE)
    assert shown(points, "folder")["Cache"] == "net"
    assert shown(points, "folder")["mem::transmute"] == NONE
    assert shown(points, "source")["rpc思想的诞生"] == "网络课"
    assert points.values["lang"].names[0] in ("en", "zh")


def test_only_the_commonest_values_are_told_apart(
    store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    rows = [f"| word{n} | t{min(n // 2, 14)} |" for n in range(31)]
    (tmp_path / "many").mkdir()
    (tmp_path / "many/t.md").write_text("\n".join(["| 内容 | 类型 |", "|--|--|", *rows, ""]))
    update(store, [tmp_path / "many"], embedder)
    _, points = points_of(store)
    types = points.values["type"]
    assert types.names == ("t14", "t0", "t1", "t10", "t11", "t12", "t13", "t2", "t3", "t4", "t5")
    assert len(types.names) == NAMED
    assert np.bincount(types.codes).tolist() == [3] + [2] * 10 + [8]
    assert int(types.codes.max()) == OTHER


def test_a_folder_that_all_are_in_is_not_told(
    store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    for path in ("docs/a/1.md", "docs/a/2.md", "docs/b/c/3.md", "docs/4.md"):
        file = tmp_path / "deep" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {path}\n\ntext of {path}\n")
    for number in range(20):
        (tmp_path / f"deep/docs/b/{number}.md").write_text(f"# n{number}\n\nmore {number}\n")
    update(store, [tmp_path / "deep"], embedder)
    folders = shown(points_of(store)[1], "folder")
    assert (folders["docs/a/1.md"], folders["docs/b/c/3.md"]) == ("a", "b")
    assert (folders["docs/4.md"], folders["n7"]) == ("docs", "b")


def test_of_several_vaults_the_folder_names_the_vault(
    store: Store, vault: Path, other: Path, embedder: BagOfTerms
) -> None:
    update(store, [vault, other], embedder)
    assert set(points_of(store)[1].values["folder"].names) == {"vault", "vault/net", "other"}


def test_notes_that_have_gone_since_are_points_without_a_title(
    store: Store, vault: Path, updated: Update, embedder: BagOfTerms
) -> None:
    found, before = points_of(store)
    (vault / "home.txt").unlink()
    update(store, [], embedder)
    with store.reading() as db:
        after = read_points(db, found)
    gone = before.titles.index("Descale the kettle with citric acid.")
    expected = list(before.titles)
    expected[gone] = ""
    assert list(after.titles) == expected
    assert int(after.values["kind"].codes[gone]) == NONE
