"""Is what a model wrote in the notes? Its answer, sentence by sentence, against the notes."""

from collections.abc import Sequence
from functools import reduce
from math import inf
from operator import or_

import numpy as np

from assistant.answering.claim import Claim
from assistant.generation.claims import Part, part_claims, without_lead
from assistant.generation.facts import NoteFacts, missing, missing_code
from assistant.generation.nearness import Nearness, Passage, nearness
from assistant.generation.noted import Noted
from corpus.language import language_of
from index.embedding.embedder import Embedder, Vectors
from index.embedding.token_vectors import TokenEmbedder, TokenVectors
from index.finding.hit import Hit
from index.finding.recent import Recent
from index.keeping.cosine_scale import CosineScale, measure_scale

WITHIN, ACROSS = 0.8, 0.53
"""The least score (`Nearness`) of a claim that a note holds, within a language and across."""

COSINE_WITHIN, COSINE_ACROSS = 0.47, 0.38
"""The same for a model that does not show its tokens: cosines on the bundled model's scale."""

_KEPT = 512


class SupportChecker:
    """Checks answers from any thread; what it embedded last it keeps.

    `scale` is that of an embedder without token vectors; it is measured at its first use if not
    given.
    """

    def __init__(self, embedder: Embedder, scale: CosineScale | None = None) -> None:
        self._embedder, self._scale = embedder, scale
        self._noted: Recent[NoteFacts] = Recent(_KEPT)
        self._tokens: Recent[TokenVectors] = Recent(_KEPT)
        self._vectors: Recent[Vectors] = Recent(4 * _KEPT)

    def prepare(self, hits: Sequence[Hit]) -> None:
        """Embed the notes before there is an answer, so that its check is quicker."""
        passages = [passage for hit in hits for passage in Noted.of(hit).passages]
        if isinstance(self._embedder, TokenEmbedder):
            texts = [passage.text for passage in passages]
            self._tokens.get(texts, self._embedder.embed_tokens)
        else:
            for passage in passages:
                self._window_vectors(passage)

    def check(self, text: str, hits: Sequence[Hit], is_complete: bool = True) -> tuple[Claim, ...]:
        """Return the claims of an answer to which note n is `hits[n - 1]`.

        While the text is still being written (`is_complete` False) its last sentence, if it has
        no end yet, needs no support.
        """
        parts = part_claims(text, is_complete)
        notes = [Noted.of(hit) for hit in hits]
        facts = self._noted.get(
            [note.text for note in notes], lambda new: [*map(NoteFacts.of, new)]
        )
        self._embed(_judged(parts), notes)
        claims = []
        for part in parts:
            cited = tuple(n for n in part.cited if 1 <= n <= len(hits))
            sources = self._sources(part, cited, notes, facts) if part.needs_support else ()
            claims.append(Claim(part.span, part.said, cited, sources, part.needs_support))
        return tuple(claims)

    def _embed(self, claims: Sequence[str], notes: Sequence[Noted]) -> None:
        """Embed in one go what comparing will ask for."""
        if claims and isinstance(self._embedder, TokenEmbedder):
            texts = [passage.text for note in notes for passage in note.passages]
            self._tokens.get([*claims, *texts], self._embedder.embed_tokens)

    def _sources(
        self, part: Part, cited: Sequence[int], notes: Sequence[Noted], facts: Sequence[NoteFacts]
    ) -> tuple[int, ...]:
        """Return the cited notes that hold it, each or together, or else the others that do."""

        def holds(*numbers: int) -> bool:
            chosen = [n - 1 for n in numbers]
            together = reduce(or_, [facts[i] for i in chosen])
            return self._is_held(part, [notes[i] for i in chosen], together)

        if confirmed := tuple(n for n in cited if holds(n)):
            return confirmed
        if len(cited) > 1 and holds(*cited):
            return tuple(cited)
        return tuple(n for n in range(1, len(notes) + 1) if n not in cited and holds(n))

    def _is_held(self, part: Part, notes: Sequence[Noted], facts: NoteFacts) -> bool:
        if part.is_code:
            return not missing_code(part.said, facts)
        return self._margin(without_lead(part.said), notes, facts) >= 0

    def margin(self, claim: str, hit: Hit) -> float:
        """Return how far above the least score a sentence's is, -inf where a fact is not there."""
        note = Noted.of(hit)
        return self._margin(claim, [note], NoteFacts.of(note.text))

    def _margin(self, claim: str, notes: Sequence[Noted], facts: NoteFacts) -> float:
        if missing(claim, facts):
            return -inf
        is_within = language_of(claim) == facts.language
        if not isinstance(self._embedder, TokenEmbedder):
            nearest = max(self._cosine(claim, note) for note in notes)
            return nearest - (COSINE_WITHIN if is_within else COSINE_ACROSS)
        near = reduce(or_, [self._nearest(claim, note) for note in notes])
        return -inf if near.is_negated else near.score - (WITHIN if is_within else ACROSS)

    def _nearest(self, claim: str, note: Noted) -> Nearness:
        """Return how near the nearest passage of a note comes."""
        assert isinstance(self._embedder, TokenEmbedder)
        texts = [claim, *(passage.text for passage in note.passages)]
        asked, *said = self._tokens.get(texts, self._embedder.embed_tokens)
        found = (nearness(claim, asked, *pair) for pair in zip(note.passages, said, strict=True))
        return max(found, key=lambda near: (near.score, not near.is_negated))

    def _cosine(self, claim: str, note: Noted) -> float:
        """Return the cosine of the nearest window, as the bundled model would have it."""
        if self._scale is None:
            self._scale = measure_scale(self._embedder)
        asked = self._vectors.get([claim], lambda new: list(self._embedder.embed_queries(new)))[0]
        best = max(
            float((self._window_vectors(passage) @ asked).max()) for passage in note.passages
        )
        return self._scale.even(best, (language_of(claim), language_of(note.text)))

    def _window_vectors(self, passage: Passage) -> Vectors:
        texts = [span.of(passage.text) for span in passage.windows()]
        found = self._vectors.get(texts, lambda new: list(self._embedder.embed_documents(new)))
        return np.stack(found)


def _judged(parts: Sequence[Part]) -> list[str]:
    return [without_lead(part.said) for part in parts if part.needs_support and not part.is_code]
