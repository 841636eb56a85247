"""The room of a prompt is shared fairly."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.generation.shares import count_served, fair_shares


@given(st.lists(st.integers(0, 500)), st.integers(0, 2000))
def test_shares_are_fair(wanted: list[int], room: int) -> None:
    shares = fair_shares(wanted, room)
    assert sum(shares) <= room
    assert all(share <= want for share, want in zip(shares, wanted, strict=True))
    lacking = [share for share, want in zip(shares, wanted, strict=True) if share < want]
    if lacking:
        assert room - sum(shares) < len(wanted)
        assert max(shares) <= min(lacking) + 1


def test_as_many_are_served_as_have_room() -> None:
    assert count_served([100, 900, 900, 100], 1000, 400) == 4
    assert count_served([900, 900, 900], 1000, 400) == 2
    assert count_served([900, 900], 10, 400) == 1
    assert count_served([], 10, 400) == 0
