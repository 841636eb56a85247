import threading
from pathlib import Path

import numpy as np
import pytest

from index.embedding.embedder import mean_vectors
from index.embedding.windows import WHOLE_SHARE, nearest_windows, pack_blocks
from index.finding.filters import Query
from index.finding.fusion import ACROSS_WEIGHT, DENSE, DENSE_WEIGHT, TERMS, common_share, fuse
from index.finding.hit import ListTrace, Mode
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import Update, update
from index.keeping.vector_rows import vectors_of
from tests.bag_of_terms import BagOfTerms


@pytest.fixture
def searcher(updated: Update, store: Store, embedder: BagOfTerms) -> Searcher:
    return Searcher(store, embedder)


def titles(searcher: Searcher, text: str, mode: Mode = Mode.HYBRID) -> list[str]:
    return [hit.note.title for hit in searcher.search(text, mode=mode).hits]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    ("question", "title"),
    [("并行计算", "rayon"), ("解析延迟", "DNS"), ("transmute 怎么用 zzz", "mem::transmute")],
)
def test_the_right_note_is_first_in_every_mode(
    searcher: Searcher, mode: Mode, question: str, title: str
) -> None:
    assert titles(searcher, question, mode)[0] == title


def test_a_link_is_found_by_its_remark(searcher: Searcher) -> None:
    hit = searcher.search("RPC 思想").hits[0]
    assert (hit.note.body_text, hit.note.path) == ("http://a.org/birrell.pdf", "memo.md")
    assert hit.note.lines.first == 4


def test_a_note_is_found_by_its_file_name(searcher: Searcher) -> None:
    assert searcher.search("home", mode=Mode.TERMS).hits[0].note.path == "home.txt"


def test_scores_are_the_sum_of_their_traces(searcher: Searcher) -> None:
    for hit in searcher.search("DNS cache 并行").hits:
        assert hit.score == sum(part.contribution for part in hit.trace.values())
        assert set(hit.trace) == {DENSE, TERMS}


def test_dense_scores_are_of_the_nearest_window_and_the_whole(
    searcher: Searcher, embedder: BagOfTerms
) -> None:
    question = "a cache of names"
    asked = embedder.embed_queries([question])[0]
    hits = searcher.search(question, mode=Mode.DENSE).hits
    scores = [hit.trace[DENSE].score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    compared = [hit for hit in hits if hit.note.headings]
    for hit in compared:
        tokens = embedder.passage_tokens([f"{' > '.join(hit.note.headings)}\n{hit.passage_text}"])
        window = nearest_windows(asked, [pack_blocks(tokens[0])])[0]
        whole = float(mean_vectors(tokens)[0] @ asked)
        expected = (1 - WHOLE_SHARE) * window + WHOLE_SHARE * whole
        assert hit.trace[DENSE].score == pytest.approx(expected, abs=1e-3)
    assert compared


def test_a_long_note_is_shown_at_the_passage_that_answers(
    store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    filler = "Nothing of interest is written in this paragraph about the weather.\n\n" * 30
    text = f"# Diary\n\n{filler}The wombat dug a burrow under the shed.\n\n{filler}"
    (tmp_path / "diary.md").write_text(text)
    update(store, [tmp_path], embedder)
    for mode in Mode:
        hit = Searcher(store, embedder).search("wombat burrow", mode=mode).hits[0]
        assert "The wombat dug a burrow" in hit.passage_text
        assert len(hit.passage_text) < len(hit.note.text) / 2


def test_k_bounds_the_hits(searcher: Searcher) -> None:
    assert len(searcher.search("DNS", k=2).hits) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type:paper", {"rpc思想的诞生"}),
        ('source:"crates.io" 库', {"rayon"}),
        ("path:net/ dns", {"DNS", "Cache"}),
        ("kind:row -type:paper", {"rayon", "mem::transmute"}),
        ("lang:en path:net", {"Cache"}),
        ('"类型转换"', {"mem::transmute"}),
        ("kind:row -rayon -birrell", {"mem::transmute"}),
        ("type:nothing rayon", set()),
    ],
)
def test_filters_narrow_the_hits(searcher: Searcher, text: str, expected: set[str]) -> None:
    assert set(titles(searcher, text)) == expected


def test_a_question_without_words_finds_nothing(searcher: Searcher) -> None:
    assert searcher.search(Query("  ")).hits == ()
    assert searcher.search("？！").hits == () or searcher.search("？！").evidence.coverage == 0


def test_an_empty_index_answers_with_nothing(
    store: Store, tmp_path_factory: pytest.TempPathFactory, embedder: BagOfTerms
) -> None:
    update(store, [tmp_path_factory.mktemp("empty")], embedder)
    found = Searcher(store, embedder).search("anything")
    assert (found.hits, found.evidence.probability) == ((), 0.0)


def test_a_searcher_follows_updates(
    searcher: Searcher, store: Store, embedder: BagOfTerms, vault: object
) -> None:
    before = searcher.search("quokka")
    (vault / "new.md").write_text("quokka\n")  # type: ignore[operator]
    update(store, [], embedder)
    after = searcher.search("quokka")
    assert after.generation == before.generation + 1
    assert after.hits[0].note.path == "new.md"


def test_threads_share_a_searcher(searcher: Searcher) -> None:
    seen: list[str] = []

    def ask() -> None:
        seen.extend(titles(searcher, "并行计算")[0] for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["rayon"] * 80


def test_fusion_is_a_convex_combination() -> None:
    fused = fuse({1: 0.8, 2: 0.4}, {2: 0.5, 4: 0.25}, weight=0.6, cosines={4: 0.1})
    assert fused == {
        1: {DENSE: ListTrace(1, 0.8, 0.6 * 0.8), TERMS: ListTrace(None, 0.0, 0.0)},
        2: {DENSE: ListTrace(2, 0.4, 0.6 * 0.4), TERMS: ListTrace(1, 0.5, 0.4 * 0.5)},
        4: {DENSE: ListTrace(None, 0.1, 0.6 * 0.1), TERMS: ListTrace(2, 0.25, 0.4 * 0.25)},
    }


def test_a_note_in_another_language_is_rated_by_its_nearness(
    store: Store, tmp_path: Path, embedder: BagOfTerms
) -> None:
    (tmp_path / "en.md").write_text("# library\n\nwhere to borrow a rust remover\n")
    (tmp_path / "zh.md").write_text("# 并行\n\nrayon 是并行计算库\n")
    update(store, [tmp_path], embedder)
    searcher = Searcher(store, embedder)
    for question, across in (("rust library", "zh.md"), ("并行计算", "en.md")):
        for hit in searcher.search(question).hits:
            weight = ACROSS_WEIGHT if hit.note.path == across else DENSE_WEIGHT
            dense, terms = hit.trace[DENSE], hit.trace[TERMS]
            assert dense.contribution == weight * dense.score
            assert terms.contribution == (1 - DENSE_WEIGHT) * terms.score


def test_words_that_many_notes_hold_tell_for_none() -> None:
    terms = {note: 0.1 + (note == 3) * 0.2 for note in range(11)}
    common = common_share(terms)
    assert common == 0.1
    assert common_share({1: 0.5, 2: 0.4}) == 0.0
    fused = fuse({99: 0.5}, terms, 0.35, {}, across={99}, common=common)
    assert {note: trace[TERMS].contribution for note, trace in fused.items()} == {
        **dict.fromkeys(range(11), 0.0),
        3: 0.65 * (terms[3] - 0.1),
        99: 0.0,
    }
    assert fused[99][DENSE].contribution == ACROSS_WEIGHT * 0.5


def test_vectors_are_unit(updated: Update, store: Store) -> None:
    with store.reading() as db:
        ids = [row[0] for row in db.execute("SELECT id FROM chunks")]
        norms = np.linalg.norm(vectors_of(db, ids), axis=1)
    assert norms == pytest.approx(1.0)
