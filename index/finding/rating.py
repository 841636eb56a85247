"""How near the parts of a text are to a question, each within the text around it."""

from collections.abc import Sequence

import numpy as np

from corpus.note import Span
from index.embedding.embedder import Embedder, Vectors
from index.embedding.token_vectors import TokenEmbedder, TokenVectors
from index.finding.near_words import telling_terms
from index.finding.recent import Recent
from index.terms import analyze

WORDS = 0.6
"""What all of the question's words add to the cosine of a text that holds them."""

_KEPT_PASSAGES, _KEPT_SENTENCES = 96, 2048


class Rater:
    """Rates texts for any thread; what it embedded last it keeps."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._tokens: Recent[TokenVectors] = Recent(_KEPT_PASSAGES)
        self._vectors: Recent[Vectors] = Recent(_KEPT_SENTENCES)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors] | None:
        """Return the texts' tokens as vectors, or None where the model does not show them."""
        if not isinstance(self.embedder, TokenEmbedder):
            return None
        return self._tokens.get(texts, self.embedder.embed_tokens)

    def rate(
        self, question: str, passages: Sequence[tuple[str, Sequence[Span]]]
    ) -> list[list[float]]:
        """Return for each text how near its spans are to the question; about -1 to 1.

        By tokens; where the model does not show them, by the cosines of the spans and the words
        that they share with the question.
        """
        known = self.tokens([question, *(text for text, _ in passages)])
        if known is not None:
            return [
                rate_by_tokens(known[0], said, spans)
                for said, (_, spans) in zip(known[1:], passages, strict=True)
            ]
        texts = [span.of(text) for text, spans in passages for span in spans]
        terms = telling_terms(question)
        shared = [len(terms & set(analyze(text))) / max(len(terms), 1) for text in texts]
        near = self.cosines(question, texts)
        rated = iter([own + WORDS * part for own, part in zip(near, shared, strict=True)])
        return [[next(rated) for _ in spans] for _, spans in passages]

    def cosines(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the cosine of each text with the question."""
        query = self.embedder.embed_queries([question])[0]
        vectors = self._vectors.get(texts, lambda new: list(self.embedder.embed_documents(new)))
        return [float(vector @ query) for vector in vectors]


def rate_by_tokens(asked: TokenVectors, said: TokenVectors, spans: Sequence[Span]) -> list[float]:
    """Return how near each span of a text is to a question.

    For every token of the question the cosine of the span's nearest one, on average (late
    interaction: Khattab and Zaharia 2020), over vectors that know the whole passage.
    """
    near = asked.in_text.astype(np.float32) @ said.in_text.astype(np.float32).T
    rated = []
    for span in spans:
        inside = [i for i, at in enumerate(said.spans) if span.start <= at.start < span.end]
        rated.append(float(near[:, inside].max(axis=1).mean()) if inside and len(near) else 0.0)
    return rated
