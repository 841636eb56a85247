"""A text's tokens as vectors: what a mean-pooled model knows of each word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from corpus.note import Span


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of a text that hold a letter or digit, in order, with their places in the text.

    `in_text` is what the last layer makes of each, `as_word` what it is before the first, where
    neighbours do not count; both (tokens, dimension), float16, of norm 1.
    """

    spans: tuple[Span, ...]
    in_text: npt.NDArray[np.float16]
    as_word: npt.NDArray[np.float16]


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that can show its tokens."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's tokens; a long text is cut at the model's length."""
        ...


def unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """Return rows of norm 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    shortened: npt.NDArray[np.float16] = (vectors / np.maximum(norms, 1e-6)).astype(np.float16)
    return shortened
