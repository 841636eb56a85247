"""How much a node is given at a time, and how much is under way at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

BLOCK_ITEMS = 256
BLOCK_BYTES = 50_000
"""Of text, for a task: some tenths of a second to read, a second or two to embed; what is done
again where a node is lost."""


def windows(
    items: Iterable[T], size: Callable[[T], int], limit: int, block: int = BLOCK_BYTES
) -> Iterator[list[list[T]]]:
    """Yield lists of blocks, each list of about `limit` bytes, in the order of `items`.

    No more of `items` is taken than the list needs: what is not yet sent is not held.
    """
    window: list[list[T]] = []
    in_window = in_block = 0
    for item in items:
        weight = size(item)
        full = in_block + weight > block or len(window[-1]) == BLOCK_ITEMS if window else True
        if full and in_window >= limit:
            yield window
            window, in_window = [], 0
        if full:
            window.append([])
            in_block = 0
        window[-1].append(item)
        in_block += weight
        in_window += weight
    if window:
        yield window
