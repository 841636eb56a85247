"""Which notes pass, over a small vault; titles stand for notes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.finding.allowed import allowed_notes
from index.finding.facets import facets, unknown_values
from index.finding.filters import About, Remark, parse_query
from index.finding.options import settle_options
from index.keeping.store import Store
from index.keeping.update import update
from tests.bag_of_terms import BagOfTerms

FILES = {
    "net/tcp.md": "---\ntags: [net/tcp, 网络]\ndate: 2024/6/3\n---\n# TCP\n\n兩次握手 are too **few** here.\n",
    "docs/net/dns.md": "# DNS\n\nRun `ls -xzf` and `ls -xzf`. The port is Ünïcode.\n",
    "internet.md": "# Internet\n\nImport and support, category, ＡＢＣ１２ a => b. C++11 is 3.14.\n"
    + "y" * 70,
    "diary/2023-12-31.md": "# Fireworks\n\nLocks were changed.\n",
    "memo.md": (
        "| 内容 | 来源 | 类型 | 日期 |\n|--|--|--|--|\n"
        "| rayon | crates.io | project、库 | 2024-02 |\n"
        "| birrell | RPC Course | Paper | 1984年 |\n"
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("vault")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    store = Store(Path(tmp_path_factory.mktemp("index")))
    update(store, [folder], BagOfTerms())
    return store


def passing(store: Store, text: str) -> set[str]:
    with store.reading() as db:
        ids = allowed_notes(db, settle_options(db, parse_query(text)))
        marks = ",".join("?" * len(ids))
        rows = db.execute(f"SELECT title FROM notes WHERE id IN ({marks})", ids)
        return {row[0] for row in rows}


ALL = {"TCP", "DNS", "Internet", "Fireworks", "rayon", "birrell"}


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("type:paper", {"birrell"}),
        ("type:库", {"rayon"}),
        ("type:paper type:PROJECT", {"birrell", "rayon"}),
        ("type:paper source:crates", set()),
        ("source:'", set()),
        ("source:crates", {"rayon"}),
        ("-type:paper -kind:section", {"rayon"}),
        ("lang:中文", {"TCP"}),
        ("lang:English kind:row", {"rayon", "birrell"}),
        ("tag:net", {"TCP"}),
        ("tag:#網絡", {"TCP"}),
        ("tag:ne", set()),
        ("path:net/", {"TCP", "DNS"}),
        ("path:/net/", {"TCP"}),
        ("path:net", {"TCP", "DNS"}),
        ("path:inter", {"Internet"}),
        ("path:*.md -path:/net -path:docs\\net", ALL - {"TCP", "DNS"}),
        ("path:n?t/*.md", {"TCP", "DNS"}),
        ("path:docs/*.md", set()),
        ("path:docs/**/*.md", {"DNS"}),
        ("path:d*", {"DNS", "Fireworks"}),
        ("after:2024", {"TCP", "rayon"}),
        ("after:2024-02-15", {"TCP", "rayon"}),
        ("after:2024-03", {"TCP"}),
        ("before:2023", {"Fireworks", "birrell"}),
        ("after:2023-12-31 before:2024-02", {"Fireworks", "rayon"}),
        ("date:2024-06-03", {"TCP"}),
        ("-after:2024", ALL - {"TCP", "rayon"}),
        ('"两次握手"', {"TCP"}),
        ('"too few"', {"TCP"}),
        ('"unicode"', {"DNS"}),
        ('"port"', {"DNS"}),
        ('"abc12"', {"Internet"}),
        ('"=>"', {"Internet"}),
        ('"c++11"', {"Internet"}),
        ('"3.14"', {"Internet"}),
        ("-C++11", ALL - {"Internet"}),
        (f"-{'x' * 70}", ALL),
        (f"-{'y' * 70}", ALL - {"Internet"}),
        ('"rpc course"', {"birrell"}),
        ('"source"', set()),
        ('"lock"', set()),
        ("-lock", ALL - {"Fireworks"}),
        ("-port", ALL - {"DNS"}),
        ('-"too few"', ALL - {"TCP"}),
        ("-握手", ALL - {"TCP"}),
        ("-xzf", ALL),
        ('-"xzf"', ALL - {"DNS"}),
        ('"-xzf"', {"DNS"}),
    ],
)
def test_a_filter_keeps_the_notes_that_fit(store: Store, text: str, titles: set[str]) -> None:
    assert passing(store, text) == titles


def test_an_option_that_notes_write_so_is_searched_and_told(store: Store) -> None:
    with store.reading() as db:
        query = settle_options(db, parse_query("ls -xzf -port"))
    assert (query.words, query.without) == ("ls -xzf", ("port",))
    assert query.notices == (Remark(About.LEFT_OUT, "port"), Remark(About.OPTION, "xzf"))


HOSTILE = [
    "' OR 1=1 --",
    '"',
    "\0",
    "); DROP TABLE notes; --",
    "%",
    "\\",
    "[",
    "*" * 40,
    "NEAR(a b)",
]
FIELDS = ["type", "source", "kind", "lang", "tag", "path", "date", "phrase", "without"]


@pytest.mark.parametrize("name", FIELDS)
@given(value=st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=9)))
def test_no_value_is_taken_for_sql(store: Store, name: str, value: str) -> None:
    query = parse_query("").also({name: (value,)})
    with store.reading() as db:
        some = set(allowed_notes(db, query))
        every = set(allowed_notes(db, parse_query("")))
    assert some <= every
    assert len(every) == len(ALL)


def test_facets_count_values_folders_and_years(store: Store) -> None:
    with store.reading() as db:
        counts = facets(db)
    assert counts == {
        "type": {"Paper": 1, "project": 1, "库": 1},
        "source": {"RPC Course": 1, "crates.io": 1},
        "kind": {"section": 4, "row": 2},
        "lang": {"en": 5, "zh": 1},
        "tag": {"net/tcp": 1, "网络": 1},
        "path": {"/diary/": 1, "/docs/": 1, "/docs/net/": 1, "/net/": 1},
        "date": {"2024": 2, "1984": 1, "2023": 1},
    }


def test_facets_are_narrowed_by_the_other_fields(store: Store) -> None:
    with store.reading() as db:
        counts = facets(db, parse_query("type:paper anything"))
    assert counts["type"] == {"Paper": 1, "project": 1, "库": 1}
    assert (counts["source"], counts["kind"]) == ({"RPC Course": 1}, {"row": 1})


def test_what_facets_give_can_be_given_back(store: Store) -> None:
    with store.reading() as db:
        for name, counts in facets(db).items():
            for value, count in counts.items():
                query = parse_query("").also({name: (value,)})
                assert len(allowed_notes(db, query)) == count, (name, value)


@pytest.mark.parametrize(
    ("text", "part", "nearest"),
    [
        ("type:papr", "type:papr", ("Paper",)),
        ("path:nett/", "path:nett/", ("net",)),
        ("lang:fr", "lang:fr", ()),
        ("source:crate.oi", "source:crate.oi", ("crates.io",)),
    ],
)
def test_a_value_that_no_note_has_is_told_with_the_nearest(
    store: Store, text: str, part: str, nearest: tuple[str, ...]
) -> None:
    with store.reading() as db:
        assert unknown_values(db, parse_query(text)) == (
            Remark(About.NO_SUCH_VALUE, part, nearest),
        )


def test_a_value_that_notes_have_is_not_told(store: Store) -> None:
    with store.reading() as db:
        query = parse_query("type:paper path:memo.md tag:net source:crates lang:en kind:row")
        assert unknown_values(db, query) == ()
