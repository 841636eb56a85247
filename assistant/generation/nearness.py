"""How near does a claim come to a note? Each of its telling words by the nearest in a few sentences.

Late interaction (Khattab and Zaharia 2020, arXiv:2004.12832), over windows of two sentences; a
claim that a note holds also has no word that is far from all of them. How each part was chosen is
in tests/bench/LOG.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.note import Span
from corpus.sentences import part_sentences
from index.embedding.token_vectors import TokenVectors
from index.finding.near_words import places_of, telling_terms
from index.terms import tokens

WINDOW = 2
"""Sentences that a claim may take together."""

FARTHEST = 0.75
"""What the claim's farthest word weighs beside the mean of all."""

_FUNCTION = frozenset(
    "的了吗呢吧啊是和与在有之为于其以及也而但并被把从对将由就都能会可要再又还个这那些"
)
_DENIES = re.compile(
    r"\b(?:not|never|cannot)\b|n['’]t\b"
    r"|不(?![同过仅断少但久管论只错列])|[没沒](?![收落])|未(?![来來必])",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    rf"{_DENIES.pattern}|\b(?:no|non\w*|without|nothing|nobody|none|neither|nor|unable|un(?!til|der|i[tqvo])\w{{4,}}"
    r"|fail\w*|lack\w*|hardly|barely|rarely|seldom|less|only|instead|refus\w*|reject\w*|prohibit\w*"
    r"|forbid\w*|ban(?:s|ned)?|prevent\w*|avoid\w*|stop\w*|impossible|rather|wrong|den(?:y|ie[sd]))\b"
    r"|[无無非勿免]|别|缺乏|禁止|拒绝|否认|难以|失败|防止|阻止",
    re.IGNORECASE,
)

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a note as the model reads it: `head` characters about the note, then sentences."""

    text: str
    head: int
    sentences: tuple[Span, ...]

    @staticmethod
    def of(head: str, said: str) -> "Passage":
        """Put `head`, if there is one, before what the note says."""
        start = f"{head}\n" if head else ""
        parts = (part.span for part in part_sentences(said))
        spans = tuple(Span(s.start + len(start), s.end + len(start)) for s in parts)
        return Passage(start + said, len(start), spans or (Span(len(start), len(start + said)),))

    def windows(self) -> Iterator[Span]:
        """Yield every run of `WINDOW` sentences, or all of fewer."""
        for first in range(max(1, len(self.sentences) - WINDOW + 1)):
            last = min(first + WINDOW, len(self.sentences)) - 1
            yield Span(self.sentences[first].start, self.sentences[last].end)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near each telling token of a claim comes, (tokens,) each, cosines.

    `in_text` by its meaning in its sentence, `at_all` by that or as a word; `is_negated` where the
    claim says "not" and nothing in those sentences is negative.
    """

    in_text: Matrix
    at_all: Matrix
    is_negated: bool = False

    @property
    def score(self) -> float:
        """The mean of all tokens, and the farthest."""
        if not len(self.in_text):
            return 0.0
        return float(self.in_text.mean() + FARTHEST * self.at_all.min())

    def __or__(self, other: "Nearness") -> "Nearness":
        """Take what two notes hold together."""
        return Nearness(
            np.maximum(self.in_text, other.in_text),
            np.maximum(self.at_all, other.at_all),
            self.is_negated and other.is_negated,
        )


def nearness(claim: str, asked: TokenVectors, passage: Passage, said: TokenVectors) -> Nearness:
    """Compare a claim with the nearest few sentences of a passage."""
    telling = _telling(claim, asked)
    in_text = _cosines(asked.in_text[telling], said.in_text)
    if not in_text.size:
        return Nearness(*2 * (np.zeros(len(telling), np.float32),), _denies(claim))
    starts = np.array([span.start for span in said.spans])
    columns = [(_columns(starts, span, passage.head), span) for span in passage.windows()]
    best, window = max(columns, key=lambda pair: _mean(in_text, pair[0]))
    near = in_text[:, best].max(axis=1, initial=0.0)
    as_word = _cosines(asked.as_word[telling], said.as_word)[:, best].max(axis=1, initial=0.0)
    is_negated = _denies(claim) and not _NEGATIVE.search(passage.text, window.start, window.end)
    return Nearness(near, np.maximum(near, as_word), is_negated)


def _denies(claim: str) -> bool:
    """Whether a claim says that something is not so, in the plainest words."""
    return _DENIES.search(claim) is not None


def _telling(text: str, vectors: TokenVectors) -> list[int]:
    """Return which tokens lie in telling words; all, where none does."""
    covered = np.zeros(len(text), bool)
    for place in places_of(telling_terms(text), tokens(text)):
        covered[place.start : place.end] = True
    telling = [
        i
        for i, span in enumerate(vectors.spans)
        if covered[span.start : span.end].any()
        and any(c.isalpha() and c not in _FUNCTION for c in span.of(text))
    ]
    return telling or list(range(len(vectors.spans)))


def _cosines(asked: npt.NDArray[np.float16], said: npt.NDArray[np.float16]) -> Matrix:
    found: Matrix = asked.astype(np.float32) @ said.astype(np.float32).T
    return found


def _columns(starts: npt.NDArray[np.int_], span: Span, head: int) -> Sequence[int]:
    """Return the tokens of a span and of the note's head, which holds for every sentence."""
    inside = ((starts >= span.start) & (starts < span.end)) | (starts < head)
    return [int(i) for i in np.flatnonzero(inside)]


def _mean(cosines: Matrix, columns: Sequence[int]) -> float:
    return float(cosines[:, columns].max(axis=1, initial=0.0).mean())
