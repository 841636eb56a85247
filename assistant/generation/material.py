"""What of a note a model is given."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.generation.harmless import cut, harmless, harmless_line
from corpus.roles import NUMBER
from index.finding.hit import Hit

_FIELD, _PLACE, _FIELDS = 300, 200, 20
_PART = "part: only a part of the note, which is longer"


@dataclass(frozen=True, slots=True)
class Material:
    """A note as harmless text. `number` is what answers cite it by, `head` lines about it.

    `whole` is None where the note is longer than a prompt; `passage` is what fits the question.
    """

    number: int
    head: tuple[str, ...]
    whole: str | None
    passage: str

    @property
    def length(self) -> int | None:
        """Characters that it takes to show it whole."""
        return None if self.whole is None else len(_joined(self.head, self.whole))

    def within(self, room: int) -> str:
        """Return it in at most `room` characters (not below 300), saying so if it is a part."""
        if self.whole is not None and len(shown := _joined(self.head, self.whole)) <= room:
            return shown
        head = (*_fitting(self.head, room // 2 - len(_PART)), _PART)
        left = room - len(_joined(head, ""))
        return _joined(head, cut(self.passage, left))


def material_of(number: int, hit: Hit, most_chars: int) -> Material:
    """Return what `hit` has to give a prompt of `most_chars`."""
    body = hit.note.body_text
    whole = harmless(body) if len(body) <= most_chars else None
    return Material(number, tuple(_head(hit)), whole, harmless(hit.passage_text[:most_chars]))


def _head(hit: Hit) -> Iterator[str]:
    """Yield lines about the note; a row's own cells come before what its file says of all."""
    note = hit.note
    lines = f"{note.lines.first}-{note.lines.last}"
    yield f"from: {harmless_line(note.path, _PLACE)}:{lines}"
    if note.title:
        yield f"title: {harmless_line(note.title, _PLACE)}"
    if note.headings:
        yield f"under: {harmless_line(' > '.join(note.headings), _PLACE)}"
    rest = [key for key in note.meta if key not in note.columns]
    for key in [*note.columns, *rest][:_FIELDS]:
        if (value := note.meta.get(key, "")) and value != note.title:
            name = (
                "row's own number" if key == NUMBER else harmless_line(key, 40)
            )  # not to be cited
            yield f"{name}: {harmless_line(value, _FIELD)}"
    if note.tags:
        yield f"tags: {harmless_line(', '.join(note.tags), _PLACE)}"


def _fitting(lines: tuple[str, ...], room: int) -> Iterator[str]:
    """Yield the first lines that fit, the first of all cut if it must be."""
    for i, line in enumerate(lines):
        line = line if i else cut(line, max(room, 40))
        room -= len(line) + 1
        if i and room < 0:
            return
        yield line


def _joined(head: tuple[str, ...], text: str) -> str:
    return "\n".join((*head, "text:", text))
