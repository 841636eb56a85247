"""The seam between text and vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.progress import OnProgress, silent

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors.

    `recipe` names everything that changes a vector (model, revision, prompts, length): vectors of
    two recipes never mix.
    """

    @property
    def recipe(self) -> str:
        """Everything that changes a vector, in words."""
        ...

    @property
    def dimension(self) -> int:
        """The width of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """The longest text that is embedded whole, special tokens included."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens not counted, nothing truncated."""
        ...

    def embed_documents(self, texts: Sequence[str], on_progress: OnProgress = silent) -> Vectors:
        """Return (len(texts), dimension), float32, L2-normalised, in the order of `texts`."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed_documents`, with the model's query prompt."""
        ...

    def passage_tokens(
        self, texts: Sequence[str], on_progress: OnProgress = silent
    ) -> list[Vectors]:
        """Return for each text the vectors of its tokens in context, (tokens, dimension) float32.

        Their mean, scaled to norm 1, is the text's vector (`mean_vectors`). A model whose vectors
        are no means of its tokens gives each text's vector as if it were its only token.
        """
        ...


def mean_vectors(tokens: Sequence[Vectors]) -> Vectors:
    """Return (len(tokens), dimension), the unit vectors of texts with these token vectors."""
    means = np.stack([rows.mean(axis=0) for rows in tokens])
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    unit: Vectors = means / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
