"""What a note says, cut into passages that a model reads at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.generation.nearness import Passage
from corpus.sentences import part_sentences
from index.finding.hit import Hit

PASSAGE = 800
"""Characters of a passage, a Chinese one counted as three: some 200 tokens, of 256 at most."""

MOST_PASSAGES = 3
_HEAD = 160


@dataclass(frozen=True, slots=True)
class Noted:
    """`text` is all that the note says, its file's headings and cells included; facts are looked up
    there. `passages` are its body, of a long one those about the passage that was found."""

    text: str
    passages: tuple[Passage, ...]

    @staticmethod
    def of(hit: Hit) -> "Noted":
        """Read a hit's note."""
        note = hit.note
        body = note.body_text
        names = dict.fromkeys((note.title, *note.headings, *note.meta.values()))
        about = [name for name in names if name and name not in body]
        head = " · ".join(about)
        cuts = list(_cuts(body))
        at = hit.passage.start - note.body.start
        first = sum(1 for start, _ in cuts if start <= at) - 1
        first = max(0, min(first, len(cuts) - MOST_PASSAGES))
        chosen = cuts[first : first + MOST_PASSAGES]
        said = tuple(Passage.of(head[:_HEAD], body[start:end]) for start, end in chosen)
        return Noted("\n".join((note.path, *names, note.text, *note.tags)), said)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where passages of whole sentences start and end; at least one."""
    start = end = 0
    for part in part_sentences(text):
        if end > start and _length(text[start : part.span.end]) > PASSAGE:
            yield start, end
            start = part.span.start
        end = part.span.end
    yield start, len(text)


def _length(text: str) -> int:
    return sum(1 if character.isascii() else 3 for character in text)
