from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from index.bulk.blocks import BLOCK_ITEMS, windows


@given(
    st.lists(st.integers(0, 40), max_size=700),
    st.integers(1, 500),
    st.integers(1, 100),
)
def test_blocks_hold_every_item_in_order_and_no_more_than_they_may(
    sizes: list[int], limit: int, block: int
) -> None:
    found = list(windows(sizes, int, limit, block))
    assert [size for window in found for part in window for size in part] == sizes
    for window in found:
        for part in window:
            assert 0 < len(part) <= BLOCK_ITEMS
            assert len(part) == 1 or sum(part) <= block
        before_last = sum(map(sum, window[:-1]))
        assert before_last < limit or len(window) == 1


def test_no_more_is_taken_than_is_sent() -> None:
    taken: list[int] = []

    def files() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield 10

    next(iter(windows(files(), int, limit=30, block=10)))
    assert len(taken) == 4
