"""What reads together: a caption and its snippet, a list and the line that begins it."""

from collections.abc import Mapping, Sequence

from assistant.answering.quotable import Quotable

CAPTION = 80
"""Characters of a caption at most, where no colon marks it."""

LIST = 400
"""Characters of a list that is quoted with the line that begins it."""

_ENDS = ("。", "！", "？", "；", ".", "!", "?", ";", "…")


def belonging(one: Quotable, found: Sequence[Quotable]) -> list[Quotable]:
    """Return `one` with what it announces or what announces it, in the order of the note."""
    own = {other.place: other for other in found if other.source == one.source}
    before = own.get(one.place - 1)
    first = before if before and one.is_code and _announces(before, one) else one
    return [first, *_announced(first, own)]


def _announced(one: Quotable, own: Mapping[int, Quotable]) -> list[Quotable]:
    after = own.get(one.place + 1)
    if after is None or not _announces(one, after):
        return []
    if not after.is_item:
        return [after]
    items: list[Quotable] = []
    while after and after.is_item and after.span.end - one.span.start <= LIST:
        items.append(after)
        after = own.get(after.place + 1)
    return items


def _announces(one: Quotable, after: Quotable) -> bool:
    """Whether `after` is what `one` speaks of."""
    if one.is_code or after.is_cut:
        return False
    text = one.text.rstrip("*_ ")
    if one.announces:
        return True
    is_caption = len(text) <= CAPTION and not text.endswith(_ENDS) and not one.is_item
    return is_caption and (after.is_code or after.is_item)
