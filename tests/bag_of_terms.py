"""An embedder without a model: a text's terms, hashed into a short vector."""

import hashlib
from collections.abc import Sequence

import numpy as np

from corpus.progress import OnProgress, Progress, silent
from index.embedding.embedder import Vectors, mean_vectors
from index.terms import analyze


class BagOfTerms:
    """Counts the texts that it embeds, so that tests can see what was not embedded again."""

    def __init__(self, dimension: int = 512, max_tokens: int = 256, recipe: str = "bag of terms"):
        self.dimension, self.max_tokens, self.recipe = dimension, max_tokens, recipe
        self.embedded = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 2 + 1 if text else 0 for text in texts]

    def embed_documents(self, texts: Sequence[str], on_progress: OnProgress = silent) -> Vectors:
        return mean_vectors(self.passage_tokens(texts, on_progress))

    def passage_tokens(
        self, texts: Sequence[str], on_progress: OnProgress = silent
    ) -> list[Vectors]:
        self.embedded += len(texts)
        on_progress(Progress("embed", len(texts), len(texts)))
        return [self._tokens(text) for text in texts]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return mean_vectors([self._tokens(text) for text in texts])

    def _tokens(self, text: str) -> Vectors:
        terms = analyze(text)
        rows = np.full((max(len(terms), 1), self.dimension), 1e-3, np.float32)
        for row, term in zip(rows, terms, strict=False):
            digest = hashlib.blake2b(term.encode(), digest_size=4).digest()
            row[int.from_bytes(digest) % self.dimension] += 1
        return rows
