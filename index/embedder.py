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
