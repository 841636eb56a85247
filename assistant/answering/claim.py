"""A sentence that a language model wrote, and whether the notes hold it."""

from dataclasses import dataclass

from corpus.note import Span


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a written answer, and the notes that hold it.

    `span` lies in the answer's text; the spans of all claims follow one another without a gap from
    its start to its end, marks, white space and list markers included. `text` is the sentence
    without them. `cited` are the numbers in its marks that are numbers of notes, `sources` those
    of the notes that hold it: cited and confirmed, or else found though not cited.
    """

    span: Span
    text: str
    cited: tuple[int, ...]
    sources: tuple[int, ...]
    needs_support: bool

    @property
    def is_supported(self) -> bool:
        """Whether a note holds it, or none has to."""
        return bool(self.sources) or not self.needs_support
