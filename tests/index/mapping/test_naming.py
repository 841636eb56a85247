from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.mapping.naming import WORDS, Said, name_clusters
from index.mapping.words import Cutter, Word


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return Cutter()


def named(cutter: Cutter, *clusters: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Name clusters of notes (heading, body), each in a file of its own."""
    notes = [note for cluster in clusters for note in cluster]
    headings, bodies = cutter.cut([note[0] for note in notes]), cutter.cut([n[1] for n in notes])
    said = [
        Said(heading, body, file)
        for file, (heading, body) in enumerate(zip(headings, bodies, strict=True))
    ]
    of = [number for number, cluster in enumerate(clusters) for _ in cluster]
    return name_clusters(said, of, len(clusters))


def test_a_name_says_what_a_cluster_has_and_others_have_not(cutter: Cutter) -> None:
    git = [("Undo a commit", "a file, the index"), ("Amend the commit", "a file and a branch")]
    db = [("数据库的索引", "索引 a file"), ("索引失效", "数据库 file")]
    assert named(cutter, git, db) == [("commit", "Amend", "Undo"), ("索引", "数据库", "失效")]


def test_words_that_stand_together_are_one(cutter: Cutter) -> None:
    gc = [("Garbage collection", "垃圾回收 tuning"), ("Garbage collection", "of 垃圾回收 pauses")]
    other = [("Kettle", "limescale"), ("Oven", "bread")]
    assert named(cutter, gc, other)[0][:2] == ("Garbage collection", "垃圾回收")


def test_a_word_of_many_files_beats_one_of_one_file(cutter: Cutter) -> None:
    words = cutter.cut(["appendix", "kettle"])
    said = [Said(words[0], [], 0)] * 6 + [Said(words[1], [], file) for file in range(1, 6)]
    other = [Said(cutter.cut(["oven"])[0], [], 9)] * 11
    assert name_clusters([*said, *other], [0] * 11 + [1] * 11, 2)[0] == ("kettle", "appendix")


def test_names_are_written_as_the_notes_write_them(cutter: Cutter) -> None:
    notes = [("Tables In PostgreSQL", "tables of a 資料 PostgreSQL"), ("Tables", "more tables")]
    (name,) = named(cutter, notes)
    assert set(name) == {"tables", "PostgreSQL", "資料"}


def test_clusters_of_the_same_words_get_other_names(cutter: Cutter) -> None:
    notes = [("kettle oven bread salt", "")]
    names = named(cutter, notes, notes, notes)
    assert len({frozenset(name) for name in names}) == 3


def test_a_cluster_without_words_has_no_name(cutter: Cutter) -> None:
    assert named(cutter, [("404", "的")], [("kettle", "")]) == [(), ("kettle",)]


_WORDS = st.lists(
    st.sampled_from(["git", "github", "hub", "索引", "数据", "数据库", "库", "table", "oven"]).map(
        lambda term: Word(term, term, True)
    ),
    max_size=6,
)
_NOTES = st.lists(st.tuples(st.builds(Said, _WORDS, _WORDS), st.integers(0, 3)), max_size=12)


@given(_NOTES)
def test_names_differ_and_no_word_is_a_part_of_another(notes: list[tuple[Said, int]]) -> None:
    names = name_clusters([said for said, _ in notes], [cluster for _, cluster in notes], 4)
    told = [frozenset(name) for name in names if name]
    assert len(set(told)) == len(told)
    for name in names:
        assert len(name) <= WORDS
        parts = [word.replace(" ", "") for word in name]
        assert not any(a in b for a in parts for b in parts if a is not b)
