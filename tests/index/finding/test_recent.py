from collections.abc import Sequence

from index.finding.recent import Recent


def test_a_value_is_made_once_while_it_is_recent() -> None:
    made: list[str] = []

    def make(texts: Sequence[str]) -> list[int]:
        made.extend(texts)
        return [len(text) for text in texts]

    recent: Recent[int] = Recent(2)
    assert recent.get(["a", "bb", "a"], make) == [1, 2, 1]
    assert recent.lacking(["a", "c", "c"]) == ["c"]
    assert recent.get(["bb", "ccc"], make) == [2, 3]
    assert recent.lacking(["a", "bb", "ccc"]) == ["a"]
    assert made == ["a", "bb", "ccc"]
