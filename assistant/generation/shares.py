"""Who gets how much of a prompt."""

from collections.abc import Sequence


def fair_shares(wanted: Sequence[int], room: int) -> list[int]:
    """Share `room` so that nobody gets less than another who does not get all that is wanted."""
    shares = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for place, i in enumerate(order):
        shares[i] = min(wanted[i], max(room, 0) // (len(order) - place))
        room -= shares[i]
    return shares


def count_served(wanted: Sequence[int], room: int, least: int) -> int:
    """Return how many of the first can have all that they want or `least`; one at least."""
    served = 0
    for one in wanted:
        room -= min(one, least)
        if served and room < 0:
            break
        served += 1
    return served
