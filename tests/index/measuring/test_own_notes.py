import sqlite3
from pathlib import Path

import pytest

from corpus.errors import NotesError
from index.finding.hit import Mode
from index.keeping.store import Store
from index.keeping.update import update
from index.measuring.evaluate import run_trial
from index.measuring.own_notes import notes_of_folders, notes_of_index, own_test
from tests.bag_of_terms import BagOfTerms
from tests.index.keeping.contents import terms_of_notes

FILES = {
    "net/zebrafish-quartz.md": (
        "# Zebrafish quartz\n\nDescale it with acid.\n\n## Marmalade trumpet\n\nFill it to the brim.\n\n"
        "| 内容 | 备注 |\n|--|--|\n| rayon | walnut harpsichord |\n"
    ),
    "plain.md": "# Ordinary heading\n\nA zebrafish in a tank plays no trumpet.\n",
    "other.md": "- [Porcupine ledger](http://a.org/r) — consensus made simple\n- [TODO](http://b.org)\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        file = tmp_path / "notes" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "notes"


def terms_of(database: Path) -> dict[str, set[str]]:
    """The searchable terms of each file in a store."""
    with sqlite3.connect(database) as db:
        rows = db.execute("SELECT notes.id, path FROM notes JOIN files ON files.id = file")
        path_of = dict(rows.fetchall())
        terms = terms_of_notes(db)
    found: dict[str, set[str]] = {}
    for note, (_, counts) in terms.items():
        found.setdefault(path_of[note], set()).update(counts)
    return found


def test_the_questions_are_headings_remarks_and_titles(folder: Path) -> None:
    trial = own_test(notes_of_folders([folder]))
    assert trial.collection.queries == {
        "net/zebrafish-quartz.md:1": "Zebrafish quartz",
        "net/zebrafish-quartz.md:5": "Marmalade trumpet",
        "net/zebrafish-quartz.md:11": "walnut harpsichord",
        "other.md:1": "Porcupine ledger",
        "plain.md:1": "Ordinary heading",
    }
    assert trial.collection.qrels["other.md:1"] == {"other.md:1": 1.0}
    assert sorted(trial.groups.values()) == ["heading"] * 3 + ["remark", "title"]
    assert len(trial.collection.documents) == 6


def test_the_asking_words_are_nowhere_in_what_is_searched_and_the_rest_is(
    folder: Path, store: Store, embedder: BagOfTerms
) -> None:
    trial = own_test(notes_of_folders([folder]))
    trial.index(store, embedder, lambda _: None)
    terms = terms_of(store.database)
    asking = {"quartz", "marmalad", "walnut", "harpsichord", "porcupin", "ledger", "ordinari"}
    everything = set().union(*terms.values())
    assert asking & everything == set()
    assert {"descal", "brim", "rayon", "consensus", "tank"} <= everything
    saying = {path for path, words in terms.items() if {"zebrafish", "trumpet"} & words}
    assert saying == {"plain/d0000005"}  # a sentence of another note, which stays as it is


def test_notes_that_are_not_asked_for_are_indexed_as_they_are(
    folder: Path, store: Store, embedder: BagOfTerms
) -> None:
    trial = own_test(notes_of_folders([folder]), most=3)
    assert sorted(trial.groups.values()) == ["heading", "remark", "title"]
    trial.index(store, embedder, lambda _: None)
    words = {
        "Zebrafish quartz": "quartz",
        "Marmalade trumpet": "marmalad",
        "Ordinary heading": "ordinari",
    }
    unasked = set(words) - set(trial.collection.queries.values())
    searched = set().union(*terms_of(store.database).values())
    assert len(unasked) == 2
    assert searched & set(words.values()) == {words[heading] for heading in unasked}
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM notes").fetchone()[0] == 6


def test_an_index_gives_the_same_test_as_its_folder(
    folder: Path, store: Store, embedder: BagOfTerms
) -> None:
    update(store, [folder], embedder)
    from_index, from_folder = own_test(notes_of_index(store)), own_test(notes_of_folders([folder]))
    assert from_index.collection == from_folder.collection
    runs = [run_trial(trial, embedder, list(Mode)) for trial in (from_index, from_folder)]
    from_index_too, from_folder_too = ([run.rankings for run in part] for part in runs)
    assert from_index_too == from_folder_too


def test_vectors_that_the_index_has_are_not_made_again(
    vault: Path, folder: Path, store: Store, embedder: BagOfTerms
) -> None:
    update(store, [folder, vault], embedder)
    notes = notes_of_index(store)
    before = embedder.embedded
    run_trial(own_test(notes, most=1, lender=store), embedder, [Mode.DENSE])
    assert 0 < embedder.embedded - before < len(notes)
    alone = BagOfTerms()
    run_trial(own_test(notes, most=1), alone, [Mode.DENSE])
    assert alone.embedded == len(notes)


def test_notes_of_two_folders_of_one_name_are_told_apart(
    tmp_path: Path, embedder: BagOfTerms
) -> None:
    folders = [tmp_path / part / "notes" for part in ("a", "b")]
    for at, place in enumerate(folders):
        place.mkdir(parents=True)
        words = ("Kettle\n\nDescale it with acid", "Bicycle\n\nOil its chain")[at]
        (place / "n.md").write_text(f"# {words}.\n")
    trial = own_test(notes_of_folders(folders))
    assert set(trial.collection.queries) == {f"{place}/n.md:1" for place in folders}
    (run,) = run_trial(trial, embedder, [Mode.DENSE])
    assert {one for found in run.rankings.values() for one in found} == set(
        trial.collection.queries
    )


def test_what_a_note_says_elsewhere_finds_it(tmp_path: Path, embedder: BagOfTerms) -> None:
    (tmp_path / "n.md").write_text(
        "# Kettle\n\nA kettle wants citric acid.\n\n# Bicycle\n\nA bicycle wants oil.\n"
    )
    runs = run_trial(own_test(notes_of_folders([tmp_path])), embedder, list(Mode))
    assert [run.means["mrr@10"] for run in runs] == [1.0, 1.0, 1.0]


def test_notes_that_nothing_can_be_asked_of_are_told(tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("# TODO\n\nDescale it.\n")
    with pytest.raises(NotesError, match="No question can be made"):
        own_test(notes_of_folders([tmp_path]))


def test_the_memo_can_be_asked(memo: str, tmp_path: Path) -> None:
    (tmp_path / "memo.md").write_text(memo, encoding="utf-8")
    queries = own_test(notes_of_folders([tmp_path])).collection.queries
    assert {"并行计算库", "用于枚举的宏", "cgroup", "安装openvswitch"} <= set(queries.values())
    assert "rpc思想的诞生" not in queries.values()  # besides it there is only an address
