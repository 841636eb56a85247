import pytest

from index.filters import Query, parse_query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("plain words", Query("plain words")),
        ("type:paper rpc", Query("rpc", wanted={"type": ("paper",)})),
        (
            'source:"crates.io" type:a type:b',
            Query("", {"source": ("crates.io",), "type": ("a", "b")}),
        ),
        ("x -type:tip -word", Query("x", unwanted={"type": ("tip",)}, without=("word",))),
        ('find "exact phrase" here', Query("find exact phrase here", phrases=("exact phrase",))),
        ("after:2024-01-01 n", Query("n", wanted={"after": ("2024-01-01",)})),
        (
            "after:yesterday n",
            Query("after:yesterday n", problems=("after:yesterday: not a date like 2024-01-31",)),
        ),
        ("std::mem http://a.org a-b 10:30", Query("std::mem http://a.org a-b 10:30")),
        (
            'an "open quote',
            Query("an open quote", problems=('a quotation mark (") is not closed',)),
        ),
        (
            "类型：paper “精确 短语”",
            Query("精确 短语", {"type": ("paper",)}, phrases=("精确 短语",)),
        ),
        ("range -1 to 5", Query("range -1 to 5")),
    ],
)
def test_filters_are_parted_from_words(text: str, query: Query) -> None:
    assert parse_query(text) == query


def test_controls_add_to_typed_filters() -> None:
    query = parse_query("type:a x").also({"lang": ("zh",), "kind": ()})
    assert query == Query("x", wanted={"type": ("a",), "lang": ("zh",)})
