"""In which order found notes are shown."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import read_document
from index.days import days_of_note
from index.finding.hit import Hit, Mode
from index.finding.order import Order, order_hits, order_notes
from index.finding.search import Searcher
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms

FILES = {
    "a.md": "# Undated\n\nA lock.\n\n# Undated too\n\nA lock.\n",
    "b/2023-05-06 rain.md": "# Rain\n\nA lock in the rain.\n",
    "c.md": "---\ndate: 2024-02\n---\n# Month\n\nA lock of a month.\n",
    "d.md": "---\ndate: 2024\n---\n# Year\n\nA lock of a year.\n",
    "e.md": "---\ndate: 2024-02-03T10:00:00Z\n---\n# Day\n\nA lock of a day.\n\n# Later\n\nA lock.\n",
    "f.md": "| what | date |\n|--|--|\n| lock one | 2022-01-01 |\n| lock two | soon |\n",
}
IN_FILES = [
    *("Undated", "Undated too", "Rain", "Month", "Year", "Day", "Later"),
    *("lock one", "lock two"),
]
NEWEST = ["Year", "Month", "Day", "Later", "Rain", "lock one", "Undated", "Undated too", "lock two"]
OLDEST = ["lock one", "Rain", "Year", "Month", "Day", "Later", "Undated", "Undated too", "lock two"]
ORDERS = {Order.NEWEST: NEWEST, Order.OLDEST: OLDEST, Order.FILE: IN_FILES}


@pytest.fixture
def searcher(store: Store, tmp_path: Path, embedder: BagOfTerms) -> Searcher:
    for path, text in FILES.items():
        file = tmp_path / "dated" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    update(store, [tmp_path / "dated"], embedder)
    return Searcher(store, embedder)


def titles(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.note.title.partition(" | ")[0] for hit in hits]


@pytest.mark.parametrize("order", ORDERS)
def test_all_notes_are_listed_in_an_order(searcher: Searcher, order: Order) -> None:
    hits = searcher.search("", 100, order=order).hits
    assert titles(hits) == ORDERS[order]
    assert [hit.rank for hit in hits] == list(range(1, 10))
    assert {(hit.score, *hit.trace) for hit in hits} == {(0.0, "dense", "terms")}
    assert titles(searcher.search("  ", 3, order=order).hits) == ORDERS[order][:3]


@pytest.mark.parametrize("order", ORDERS)
def test_notes_that_pass_a_filter_are_listed_in_an_order(searcher: Searcher, order: Order) -> None:
    for query, kept in {
        "path:c.md path:e.md path:b/": {"Month", "Day", "Later", "Rain"},
        "kind:row": {"lock one", "lock two"},
        "date:2024": {"Year", "Month", "Day", "Later"},
    }.items():
        wanted = [title for title in ORDERS[order] if title in kept]
        assert titles(searcher.search(query, order=order).hits) == wanted
    assert searcher.search("path:nowhere/", order=order).hits == ()


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("order", ORDERS)
def test_the_best_notes_are_chosen_and_then_put_in_order(
    searcher: Searcher, order: Order, mode: Mode
) -> None:
    best = searcher.search("lock rain day", 4, mode)
    hits = searcher.search("lock rain day", 4, mode, order).hits
    assert titles(hits) == [title for title in ORDERS[order] if title in titles(best.hits)]
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    assert {hit.key: hit.score for hit in hits} == {hit.key: hit.score for hit in best.hits}
    assert searcher.search("lock rain day", 4, mode, order).evidence == best.evidence


def test_of_all_notes_none_is_the_best(searcher: Searcher) -> None:
    assert searcher.search("").hits == ()
    with searcher.store.reading() as db:
        assert order_notes(db, None, Order.BEST) == []
        assert order_notes(db, [3, 1, 2], Order.BEST) == [3, 1, 2]
        assert order_notes(db, [], Order.NEWEST) == []
        every = order_notes(db, None, Order.FILE)
        assert order_notes(db, every[::-1], Order.FILE) == every
    found = searcher.search("lock rain").hits
    assert order_hits(iter(found), Order.BEST) == found


def test_ranks_close_up(searcher: Searcher) -> None:
    hits = searcher.search("lock", 9, order=Order.NEWEST).hits
    kept = order_hits(hits[::3], Order.OLDEST)
    wanted = [title for title in OLDEST if title in (NEWEST[0], NEWEST[3], NEWEST[6])]
    assert (titles(kept), [hit.rank for hit in kept]) == (wanted, [1, 2, 3])


def test_a_whole_index_is_listed(store: Store, tmp_path: Path, embedder: BagOfTerms) -> None:
    many = "".join(f"| {n} | {2000 + n % 20}-01-01 |\n" for n in range(250))
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "a.md").write_text(f"| what | date |\n|--|--|\n{many}")
    update(store, [tmp_path / "many"], embedder)
    searcher = Searcher(store, embedder)
    hits = searcher.search("", 1000, order=Order.NEWEST).hits
    assert [hit.note.meta["date"][:4] for hit in hits] == sorted(
        (str(2000 + n % 20) for n in range(250)), reverse=True
    )
    assert len(searcher.search("kind:row", 200, order=Order.FILE).hits) == 200


DATES = st.sampled_from(["2024", "2023-05", "2024-01-31", "2023年5月6日", "soon", ""])


@given(st.lists(st.tuples(st.sampled_from("ab"), DATES), max_size=12), st.sampled_from(Order))
@settings(max_examples=60)
def test_any_hits_are_put_in_order_and_none_is_lost(
    rows: list[tuple[str, str]], order: Order
) -> None:
    hits = [_hit(n, f"{folder}/x.md", date) for n, (folder, date) in enumerate(rows, 1)]
    ordered = order_hits(hits, order)
    assert sorted(hit.key for hit in ordered) == sorted(hit.key for hit in hits)
    assert [hit.rank for hit in ordered] == list(range(1, len(hits) + 1))
    days = [days_of_note(hit.note.meta.get("date"), hit.note.path) for hit in ordered]
    if order in (Order.NEWEST, Order.OLDEST):
        assert [day is None for day in days] == sorted(day is None for day in days)
    if order is Order.NEWEST:
        assert _is_sorted([-day.last.toordinal() for day in days if day])
    if order is Order.OLDEST:
        assert _is_sorted([day.first.toordinal() for day in days if day])
    if order is Order.FILE:
        places = [(hit.note.path, hit.note.lines.first) for hit in ordered]
        assert places == sorted(places)


def _is_sorted(numbers: list[int]) -> bool:
    return numbers == sorted(numbers)


def _hit(n: int, path: str, date: str) -> Hit:
    table = "| what | date |\n|--|--|\n" + "|  |  |\n" * n + f"| w{n} | {date} |\n"
    note = read_document(path, table.encode()).notes[-1]
    return Hit(n, 1.0, f"key{n}", note, "vault", Path("/v"), note.body, n, {})
