"""Have a language model write an answer over found notes, and check what it writes."""

import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from threading import Event, Thread

from assistant.answering.answer import Answer, Citation, Written
from assistant.answering.claim import Claim
from assistant.answering.ending import Ending
from assistant.answering.phrases import not_found
from assistant.answering.quotable import quotables
from assistant.answering.reading import rate
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationError
from assistant.generation.prompt import write_prompt
from assistant.generation.stream import stream_text
from assistant.generation.support import SupportChecker
from assistant.visible import visible
from corpus.lines import lines_of
from index.finding.hit import Hit
from index.finding.rating import Rater

GIVEN = 8
"""Notes that a model is given, where they fit."""

_HIDDEN = re.compile("[\u200b\u200e\u200f\u2060-\u2064\ufeff\ue000-\uf8ff]")

CHECK_SECONDS = 0.4
"""Time between two looks at a text that is being written."""


class Writer:
    """Writes answers for any thread."""

    def __init__(self, endpoint: Endpoint, rater: Rater) -> None:
        self.endpoint = endpoint
        self._rater = rater
        self._checker = SupportChecker(rater.embedder)

    def write(
        self,
        quoted: Answer,
        hits: Sequence[Hit],
        earlier: Sequence[tuple[str, str]],
        stop: Event,
    ) -> Iterator[Answer]:
        """Yield the answer over `hits` as it grows; the last one is the answer.

        That is `quoted`, with the problem, if the model fails, and if it is stopped before it has
        said anything. `earlier` are questions and answers, the oldest first.
        """
        prompt = write_prompt(quoted.question, hits, earlier)
        given = tuple(hits[: max(prompt.numbers, default=0)])
        Thread(target=self._checker.prepare, args=(given,), daemon=True).start()
        begun = replace(
            quoted, text="", citations=(), sources=given, written=Written(self.endpoint.model)
        )
        yield begun
        text = ""
        try:
            with closing(_growing(stream_text(self.endpoint, prompt.messages, stop))) as texts:
                ending = Ending.COMPLETE
                for text, ended in texts:
                    if ended is None:
                        yield self._answer(begun, text, None)
                    else:
                        ending = ended
        except GenerationError as error:
            yield replace(quoted, problem=f"{error.message} {error.hint}".strip())
            return
        if text.strip():
            yield self._answer(begun, text, ending)
        else:
            yield quoted

    def _answer(self, begun: Answer, text: str, ending: Ending | None) -> Answer:
        """Return the answer as far as it is written; its citations come at its end."""
        is_complete = ending is Ending.COMPLETE
        claims = self._checker.check(text, begun.sources, is_complete)
        written = Written(self.endpoint.model, claims, ending)
        if is_complete and _says_nothing(text, begun.question):
            return replace(begun, is_answered=False, text=text.strip(), written=written)
        citations = () if ending is None else self._citations(claims, begun.sources)
        return replace(begun, text=text, citations=citations, written=written)

    def _citations(self, claims: Sequence[Claim], hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """Return of every note that holds a claim the sentence that comes nearest to it."""
        found = {}
        for claim in claims:
            for n in claim.sources:
                citation = self._nearest(claim.text, n, hits[n - 1])
                found[n, citation.lines, citation.quote] = citation
        return tuple(found.values())

    def _nearest(self, text: str, n: int, hit: Hit) -> Citation:
        parts = quotables(n, hit, beyond=True)
        rated = rate(text, parts, self._rater)
        known = [one for one in parts if (one.source, one.place) in rated]
        best = max(known, key=lambda one: rated[one.source, one.place])
        lines = lines_of(hit.note, best.span)
        return Citation(n, hit.note.path, lines, best.text, best.text)


def _growing(
    stream: Generator[str, None, Ending],
) -> Generator[tuple[str, Ending | None]]:
    """Yield the text so far from time to time, and at the end with how it ended."""
    text, seen = "", 0.0
    with closing(stream):
        while True:
            try:
                text += _shown(next(stream))
            except StopIteration as stopped:
                yield text, stopped.value
                return
            if time.monotonic() - seen >= CHECK_SECONDS:
                yield text, None
                seen = time.monotonic()


def _shown(piece: str) -> str:
    """Leave out what would turn text around, hide in it, or pass for a sign of ours."""
    return _HIDDEN.sub("", visible(piece))


def _says_nothing(text: str, question: str) -> bool:
    """Whether the model says that the notes do not hold the answer, in the words it was given."""
    return text.strip() == not_found(question, has_nearest=False)
