"""Where a span of Markdown stands in the text that its HTML shows."""

from collections.abc import Sequence

from corpus.note import Span

_SURE = 8
"""Letters and digits that must agree before a stretch of the source is taken for not shown."""


def places_in(shown: str, source: str, spans: Sequence[Span]) -> list[Span]:
    """Return where `spans` of `source` stand in `shown`, in their order; those not shown are left out.

    `shown` is what a reader sees of `source`: its letters and digits in their order, without some.
    """
    if not spans:
        return []
    pairs = _aligned(shown, source)
    found = []
    for span in spans:
        inside = [there for there, here in pairs if span.start <= here < span.end]
        if inside:
            found.append(_with_signs(shown, Span(inside[0], inside[-1] + 1), span.of(source)))
    return found


def _aligned(shown: str, source: str) -> list[tuple[int, int]]:
    """Pair the letters and digits of both, by their places, in order."""
    there = [i for i, character in enumerate(shown) if character.isalnum()]
    here = [i for i, character in enumerate(source) if character.isalnum()]
    seen, said = "".join(shown[i] for i in there), "".join(source[i] for i in here)
    pairs = []
    at = 0
    for k, character in enumerate(seen):
        if at >= len(said) or said[at] != character:
            further = said.find(seen[k : k + _SURE], at)
            if further < 0:
                continue
            at = further
        pairs.append((there[k], here[at]))
        at += 1
    return pairs


def _with_signs(shown: str, place: Span, text: str) -> Span:
    """Widen by the signs that the text begins and ends with: quotes, a full stop."""
    words = [i for i, character in enumerate(text) if character.isalnum()]
    before, after = text[: words[0]], text[words[-1] + 1 :]
    start, end = place.start, place.end
    while start and not shown[start - 1].isspace() and shown[start - 1] in before:
        start -= 1
    while end < len(shown) and not shown[end].isspace() and shown[end] in after:
        end += 1
    return Span(start, end)
