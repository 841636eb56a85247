"""Every store finds the same notes, in the same order, with the same scores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from index.finding.allowed import Allowed
from index.finding.expression import Values
from index.finding.filters import parse_query
from index.finding.hit import Hit, Mode
from index.finding.lexical import weigh_terms
from index.finding.local import LocalRetriever
from index.finding.remote import MilvusRetriever
from index.finding.search import Searcher
from index.keeping.milvus.client import Milvus
from index.keeping.milvus.kept import kept_in
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms
from tests.index.store.conftest import FAISS, LITE, MILVUS, SERVER

TOPICS = (
    "cache",
    "kettle",
    "borrow checker",
    "解析延迟",
    "并行计算",
    "memory",
    "网络协议",
    "垃圾回收",
)
TYPES, SOURCES = ("paper", "tip, project", "tool"), ("crates.io", "网络课", 'a "book" \\ 书')

QUESTIONS = (
    *(
        "cache of names",
        "kettle",
        "borrow checker memory",
        "解析延迟",
        "并行计算 网络协议",
        "xyzzy",
    ),
    *("type:paper cache", "type:tip kettle", "-type:paper memory", "source:crates cache"),
    *("source:书 memory", "-source:网络课 kettle", "kind:row cache", "-kind:row cache"),
    *(
        "lang:zh memory",
        "-lang:zh 解析延迟",
        "lang:fr memory",
        "tag:rust borrow",
        "-tag:rust borrow",
    ),
    *("tag:rust/async memory", "path:net/ cache", "-path:net/ cache", "path:*.md kettle"),
    *(
        "after:2024-03 kettle",
        "before:2024-02-10 kettle",
        "date:2024-02 kettle",
        "-date:2024 memory",
    ),
    *("after:2024-02 before:2024-03 memory", '"memory number 5" cache', '"no such phrase" cache'),
    *("cache -kettle", 'memory -"borrow checker"', "path:net/ lang:en -kettle after:2024 memory"),
    *("type:paper type:tool cache", "memory -垃圾回收", "type:nothing cache"),
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 notes of all kinds."""
    folder = tmp_path_factory.mktemp("vault")
    (folder / "net").mkdir()
    for n in range(60):
        topic = TOPICS[n % len(TOPICS)]
        day = f"date: 2024-0{n % 4 + 1}-{n % 27 + 1:02}\n" if n % 3 else ""
        tags = f"tags: [{('rust', 'rust/async', 'home')[n % 3]}]\n" if n % 2 else ""
        place = folder / ("net" if n % 5 == 0 else "") / f"note{n}.md"
        place.write_text(f"---\n{day}{tags}title: n{n}\n---\n{topic} number {n}, {TOPICS[n % 3]}\n")
    rows = "".join(
        f"| {TOPICS[n % 7]} {TOPICS[n % 5]} row {n} | {SOURCES[n % 3]} | {TYPES[n % 3]} |\n"
        for n in range(60)
    )
    (folder / "memo.md").write_text(f"| 内容 | 来源 | 类型 |\n|--|--|--|\n{rows}")
    return folder


Searchers = dict[str, Searcher]


@pytest.fixture(scope="module")
def searcher_of(
    vault: Path,
    tmp_path_factory: pytest.TempPathFactory,
    make_store: Callable[[str, str], str],
    request: pytest.FixtureRequest,
) -> Callable[[str], Searcher]:
    made: Searchers = {}

    def searcher(kind: str) -> Searcher:
        if kind not in made:
            host = request.getfixturevalue("server_host") if kind == SERVER else ""
            store = Store(tmp_path_factory.mktemp("index"))
            done = update(store, [vault], BagOfTerms(), vector_store=make_store(kind, host))
            assert not done.store_problem
            assert store.vectors.exists() == (kind == FAISS)
            made[kind] = Searcher(store, BagOfTerms())
        return made[kind]

    return searcher


@pytest.mark.parametrize("kind", MILVUS)
@pytest.mark.parametrize("mode", Mode)
def test_hits_are_those_of_faiss(
    searcher_of: Callable[[str], Searcher], kind: str, mode: Mode
) -> None:
    for question in QUESTIONS:
        expected = searcher_of(FAISS).search(question, 30, mode).hits
        found = searcher_of(kind).search(question, 30, mode).hits
        assert_alike(question, found, expected)


def assert_alike(question: str, found: tuple[Hit, ...], expected: tuple[Hit, ...]) -> None:
    """The same scores at each rank, and the same notes where scores differ by more than 1e-3.

    The last of them may be others that are as good.
    """
    scores = [hit.score for hit in expected]
    assert [hit.score for hit in found] == pytest.approx(scores, abs=1e-3), question
    rest = {hit.key: hit.score for hit in expected}
    for hit in found:
        if hit.score > min(scores) + 1e-3:
            assert rest.get(hit.key) == pytest.approx(hit.score, abs=1e-3), question


def test_some_questions_find_something(searcher_of: Callable[[str], Searcher]) -> None:
    counts = {q: len(searcher_of(FAISS).search(q, 30).hits) for q in QUESTIONS}
    nothing = {q for q, count in counts.items() if not count}
    assert nothing == {"lang:fr memory", '"no such phrase" cache', "type:nothing cache"}


@pytest.mark.parametrize("kind", MILVUS)
def test_notes_like_one_are_those_of_faiss(
    searcher_of: Callable[[str], Searcher], kind: str
) -> None:
    key = searcher_of(FAISS).search("borrow checker").hits[0].key
    assert_alike("like", searcher_of(kind).like(key, 8), searcher_of(FAISS).like(key, 8))


class OnlyMilvus(Milvus):
    """Counts what it is asked."""

    asked = 0

    def search(self, *args: Any, **kwargs: Any) -> list[tuple[int, float]]:
        self.asked += 1
        return super().search(*args, **kwargs)


@pytest.mark.parametrize("limits", [{}, {"most_listed": 1}, {"most_listed": 1, "most_found": 40}])
def test_lists_too_long_to_be_sent_lose_nothing(
    searcher_of: Callable[[str], Searcher], limits: dict[str, int]
) -> None:
    """The third time the server gives too few: the index itself looks at those that pass."""
    milvus, faiss = searcher_of(LITE), searcher_of(FAISS)
    local = LocalRetriever(faiss.store, faiss.embedder.dimension, ThreadPoolExecutor(1))
    for text in QUESTIONS:
        query = parse_query(text)
        asked = partial(itemgetter(0), BagOfTerms().embed_queries([query.words]))
        with milvus.store.reading() as db, faiss.store.reading() as other:
            kept = kept_in(db)
            assert kept.address is not None
            server = OnlyMilvus(kept.address)
            remote = MilvusRetriever(kept, server, Values(), **limits)
            found = remote.nearest(db, asked, 5, Allowed(db, query))()
            expected = local.nearest(other, asked, 5, Allowed(other, query))()
            assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-3), text
            weights = weigh_terms(db, query.words)
            asked_before = server.asked
            words = remote.terms(db, weights, 5, Allowed(db, query))
            assert server.asked > asked_before
            by_lists = local.terms(other, weights, 5, Allowed(other, query))
            assert [s for _, s in words] == pytest.approx([s for _, s in by_lists], abs=1e-5), text
