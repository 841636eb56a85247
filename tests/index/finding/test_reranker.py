import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.chunk import cut_into_chunks
from corpus.document import read_document
from corpus.errors import NotesError
from index.finding.cross_encoder import load_reranker
from index.finding.fusion import DENSE, TERMS
from index.finding.hit import Hit, ListTrace, Mode
from index.finding.reranker import DEPTH, RERANKER, Reranker, reorder
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.index import tiny_bert, tiny_cross_encoder

FILES = {
    "descale.txt": "Fill the kettle with citric acid .\n",
    "bought.txt": "水壶 怎么 这么 贵\n",
    "build.txt": "The compiler is slow .\n",
}
QUESTION = "水壶 怎么 清洗"
LONG = "# Kettle\n\n" + " ".join(f"Sentence number {n} of many." for n in range(90)) + "\n"
ROWS = (
    "# 词汇\n\n| 术语 | English |\n|--|--|\n| 幂等 | idempotent |\n\n"
    "| 内容 | 备注 |\n|--|--|\n| rayon | 并行计算库 |\n"
)

Pairs = Sequence[tuple[str, str]]


def indexed(folder: Path, files: dict[str, str], embedder: BagOfTerms) -> Store:
    store = Store(folder / "index")
    (folder / "vault").mkdir()
    for name, text in files.items():
        (folder / "vault" / name).write_text(text, encoding="utf-8")
    update(store, [folder / "vault"], embedder)
    return store


def paths(hits: Sequence[Hit]) -> list[str]:
    return [hit.note.path for hit in hits]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_cross_encoder.make(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return load_reranker(str(folder), seconds=60)


@pytest.fixture
def store(tmp_path: Path, embedder: BagOfTerms) -> Store:
    return indexed(tmp_path, FILES, embedder)


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.DENSE])
def test_the_note_that_answers_comes_first(
    store: Store, embedder: BagOfTerms, reranker: Reranker, mode: Mode
) -> None:
    fused = Searcher(store, embedder).search(QUESTION, mode=mode)
    found = Searcher(store, embedder, reranker).search(QUESTION, mode=mode)
    assert paths(fused.hits)[0] == "bought.txt"
    assert paths(found.hits)[0] == "descale.txt"
    assert sorted(paths(found.hits)) == sorted(paths(fused.hits))
    assert [hit.rank for hit in found.hits] == [1, 2, 3]
    assert found.hits[0].score > 0.9 > 0.1 > found.hits[1].score > found.hits[2].score
    assert (found.evidence, found.overdue) == (fused.evidence, None)


def test_a_reranked_hit_tells_its_place_in_every_list(
    store: Store, embedder: BagOfTerms, reranker: Reranker
) -> None:
    before = {hit.key: hit for hit in Searcher(store, embedder).search(QUESTION).hits}
    for hit in Searcher(store, embedder, reranker).search(QUESTION).hits:
        trace = before[hit.key].trace
        assert hit.trace == {
            DENSE: trace[DENSE]._replace(contribution=0.0),
            TERMS: trace[TERMS]._replace(contribution=0.0),
            RERANKER: ListTrace(hit.rank, hit.score, hit.score),
        }


def test_the_first_k_of_the_reranked_are_returned(
    store: Store, embedder: BagOfTerms, reranker: Reranker
) -> None:
    assert paths(Searcher(store, embedder, reranker).search(QUESTION, k=1).hits) == ["descale.txt"]


def test_without_time_the_fused_hits_stay(store: Store, embedder: BagOfTerms, folder: Path) -> None:
    fused = Searcher(store, embedder).search(QUESTION)
    found = Searcher(store, embedder, load_reranker(str(folder), seconds=0)).search(QUESTION)
    assert found == replace(fused, overdue=0)


def test_a_search_without_words_is_not_reranked(store: Store, embedder: BagOfTerms) -> None:
    asked = Recorder()
    found = Searcher(store, embedder, Reranker("recorder", asked)).search("path:b")
    assert (len(found.hits), asked.pairs, found.overdue) == (2, [], None)


class Recorder:
    """Remembers what it was to score; longer texts are better."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []

    def __call__(self, pairs: Pairs) -> list[float]:
        self.pairs += pairs
        return [len(text) / 100 for _, text in pairs]


def test_it_reads_what_was_embedded(tmp_path: Path) -> None:
    embedder, asked = BagOfTerms(max_tokens=128), Recorder()
    files = {"long.md": LONG, "rows.md": ROWS}
    store = indexed(tmp_path, files, embedder)
    Searcher(store, embedder, Reranker("recorder", asked)).search("kettle 90 幂等 rayon")
    embedded = {
        note.path + str(note.lines.first): {
            chunk.embedded for chunk in cut_into_chunks(note, 128, embedder.count_tokens)
        }
        for path, text in files.items()
        for note in read_document(path, text.encode()).notes
    }
    read = {text for _, text in asked.pairs}
    assert len(asked.pairs) == len(embedded) == 3
    assert all(len(texts & read) == 1 for texts in embedded.values())


def test_hits_beyond_the_depth_follow_in_fused_order(tmp_path: Path, embedder: BagOfTerms) -> None:
    files = {f"{n:02}.txt": f"kettle {'word ' * n}\n" for n in range(DEPTH + 10)}
    store = indexed(tmp_path, files, embedder)
    fused = Searcher(store, embedder).search("kettle", k=DEPTH + 5).hits
    found = Searcher(store, embedder, Reranker("recorder", Recorder())).search("kettle", DEPTH + 5)
    assert paths(found.hits[:DEPTH]) == sorted(paths(fused[:DEPTH]), reverse=True)
    assert paths(found.hits[DEPTH:]) == paths(fused[DEPTH:])
    assert [RERANKER in hit.trace for hit in found.hits] == [True] * DEPTH + [False] * 5


NOTE = read_document("a.txt", b"a").notes[0]
share = st.floats(0, 1)


@given(
    st.lists(st.tuples(st.floats(-1, 1), share), max_size=8),
    st.lists(share, max_size=8),
    st.floats(0.01, 0.99),
)
def test_scores_fall_with_the_rank_and_are_the_sum_of_their_traces(
    lists: list[tuple[float, float]], scores: list[float], weight: float
) -> None:
    fused = []
    for cosine, coverage in sorted(lists, key=lambda t: -(weight * t[0] + (1 - weight) * t[1])):
        rank = len(fused) + 1
        trace = {
            DENSE: ListTrace(rank, cosine, weight * cosine),
            TERMS: ListTrace(rank, coverage, (1 - weight) * coverage),
        }
        score = sum(part.contribution for part in trace.values())
        fused.append(Hit(rank, score, str(rank), NOTE, "", Path(), NOTE.body, rank, trace))
    scores = scores[: len(fused)]
    hits = reorder(fused, scores)
    assert [hit.rank for hit in hits] == list(range(1, len(fused) + 1))
    assert [hit.key for hit in hits[len(scores) :]] == [hit.key for hit in fused[len(scores) :]]
    assert [hit.score for hit in hits[: len(scores)]] == sorted(scores, reverse=True)
    for hit, following in pairwise(hits):
        assert hit.score >= following.score - 1e-12
    for hit in hits:
        assert hit.score == sum(part.contribution for part in hit.trace.values())


def test_notes_that_it_finds_equally_good_stay_in_fused_order(
    store: Store, embedder: BagOfTerms
) -> None:
    even = Reranker("even", lambda pairs: [0.5] * len(pairs))
    fused = Searcher(store, embedder).search(QUESTION)
    assert paths(Searcher(store, embedder, even).search(QUESTION).hits) == paths(fused.hits)


def test_scores_of_any_scale_become_shares() -> None:
    given = {"a": -800.0, "bb": -11.2, "ccc": 0.0, "dddd": 9.5, "eeeee": 800.0}
    reranker = Reranker("fixed", lambda pairs: [given[text] for _, text in pairs], seconds=60)
    scores = reranker.rerank("?", list(given))
    assert scores == pytest.approx(
        [0.0, 1 / (1 + math.exp(11.2)), 0.5, 1 / (1 + math.exp(-9.5)), 1.0], rel=1e-9, abs=1e-300
    )


class Slow:
    """Scores nothing before it is let go."""

    def __init__(self) -> None:
        self.go, self.batches = threading.Event(), 0

    def __call__(self, pairs: Pairs) -> list[float]:
        self.batches += 1
        assert self.go.wait(60)
        return [float(len(text)) for _, text in pairs]


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.go.set()


def test_a_slow_model_is_cut_off(store: Store, embedder: BagOfTerms, slow: Slow) -> None:
    fused = Searcher(store, embedder).search(QUESTION)
    found = Searcher(store, embedder, Reranker("slow", slow, seconds=0.1)).search(QUESTION)
    assert found == replace(fused, overdue=0.1)
    assert slow.batches == 1


def test_an_overdue_search_stops_at_the_next_batch_and_keeps_nobody_waiting(slow: Slow) -> None:
    reranker = Reranker("slow", slow, seconds=0.1)
    texts = [str(n) for n in range(DEPTH)]
    began = time.monotonic()
    assert [reranker.rerank("?", texts) for _ in range(5)] == [None] * 5
    assert time.monotonic() - began < 30  # the model is held up far longer
    assert slow.batches == 1
    slow.go.set()
    reranker.seconds = 60
    assert reranker.rerank("?", ["a", "bb"]) == pytest.approx([0.7310586, 0.8807971])
    assert slow.batches == 2


def test_threads_take_turns(reranker: Reranker) -> None:
    texts = list(FILES.values())
    alone = reranker.rerank(QUESTION, texts)
    seen: list[list[float] | None] = []
    threads = [
        threading.Thread(target=lambda: seen.append(reranker.rerank(QUESTION, texts)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [alone] * 8


def test_an_error_of_the_model_is_not_hidden() -> None:
    def broken(pairs: Pairs) -> list[float]:
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        Reranker("broken", broken, seconds=60).rerank("?", ["a"])


def test_no_texts_give_no_scores(reranker: Reranker) -> None:
    assert reranker.rerank("?", []) == []


def test_a_text_longer_than_the_model_reads_is_cut(reranker: Reranker) -> None:
    (score,) = reranker.rerank(QUESTION, ["kettle " + "word " * 500]) or [0.0]
    assert score > 0.9


def nothing(folder: Path) -> Path:
    (folder / "a.md").write_text("# a note")
    return folder


def a_file(folder: Path) -> Path:
    return nothing(folder) / "a.md"


def three_classes(folder: Path) -> Path:
    return tiny_cross_encoder.make(folder, labels=3, is_trained=False)


def an_embedder(folder: Path) -> Path:
    return tiny_bert.make(folder)


def no_numbers(folder: Path) -> Path:
    return tiny_cross_encoder.make(folder, is_trained=False, bias=math.nan)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (nothing, "The model in .* cannot be loaded"),
        (a_file, "is a file, not a model's folder"),
        (three_classes, "sorts pairs into 3 classes; a reranker gives one score"),
        (an_embedder, "is no cross-encoder: it is a BertModel"),
        (no_numbers, "gives no scores, but nan"),
        (lambda folder: folder / "none", "cannot be loaded"),
    ],
)
def test_what_is_no_reranker_is_named(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    with pytest.raises(NotesError, match=message) as raised:
        load_reranker(str(make(tmp_path)))
    assert "--reranker" in raised.value.hint


def test_a_hub_name_without_a_network_is_named() -> None:
    code = (
        "import os; os.environ['HF_HUB_OFFLINE'] = '1'\n"
        "from corpus.errors import NotesError\n"
        "from index.finding.cross_encoder import load_reranker\n"
        "try:\n"
        "    load_reranker('nobody/no-such-model')\n"
        "except NotesError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("The model 'nobody/no-such-model' is neither a folder nor in")
