"""What an answer is: quotes from notes, each with its source; maybe written by a language model."""

from dataclasses import dataclass

from assistant.answering.claim import Claim
from assistant.answering.ending import Ending
from corpus.note import Lines
from index.finding.hit import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """`quote` stands word for word at `lines` of `path`; `n` is the number of its source.

    `said` is what the answer shows of it: the quote, with the row's other cells where they matter.
    """

    n: int
    path: str
    lines: Lines
    quote: str
    said: str


@dataclass(frozen=True, slots=True)
class Written:
    """How a language model's text came to be; `ending` is None while it is being written.

    `model` names it, `claims` are the text's sentences, checked.
    """

    model: str
    claims: tuple[Claim, ...] = ()
    ending: Ending | None = None

    @property
    def doubts(self) -> tuple[Claim, ...]:
        """The claims that no source holds."""
        return tuple(claim for claim in self.claims if not claim.is_supported)


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` cites its sources as `[n]`; source n is `sources[n - 1]`.

    `is_answered` is False where the notes do not seem to hold the answer; `sources` are then the
    nearest notes, and there are no citations. `confidence` is the probability of an answer.
    `overdue` is the reranker's time limit in seconds where it was not met. `searched` is what was
    searched for, where that is not the question. `written` is there where a language model wrote
    the text; `problem` says why it did not, though it was asked to. `is_reply` where the "question"
    was none ("thanks"), and nothing was searched for.
    """

    question: str
    is_answered: bool
    confidence: float
    text: str
    citations: tuple[Citation, ...]
    sources: tuple[Hit, ...]
    overdue: float | None = None
    searched: str = ""
    written: Written | None = None
    problem: str = ""
    is_reply: bool = False
