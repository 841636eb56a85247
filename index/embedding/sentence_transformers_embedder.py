"""Any other model: a Sentence Transformers hub name or folder."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import NotesError
from corpus.progress import OnProgress, Progress, silent
from index.embedding.embedder import Vectors, mean_vectors
from index.embedding.hub import load_model

WINDOW = 512  # texts between two reports of progress
UNLIMITED = 8192  # max_tokens of a model that sets no limit of its own
_MEND = "Name a Sentence Transformers model or folder with --model, or leave it out for the bundled model."


class SentenceTransformersEmbedder:
    """Embeds with a Sentence Transformers model, with its prompts for queries and for documents.

    A model in the local cache is not looked up on the hub. Code that a model brings along is not
    run. Raises NotesError if the model cannot be loaded or gives no vectors.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._model = _load(name)
        self._dimension = self._probe()
        self._is_mean = self._probe_tokens()
        self._fingerprint = _fingerprint(name, self._model)
        query, document = self._prompt("query"), self._prompt("document", "passage", "corpus")
        limit = self._model.max_seq_length
        self._length = UNLIMITED if limit is None or math.isinf(limit) else int(limit)
        self._max_tokens = self._length - (self.count_tokens([document])[0] if document else 0)
        self._prompts = json.dumps([query, document], ensure_ascii=False)

    @property
    def recipe(self) -> str:
        """Name, revision (a folder: its files' hash), query and document prompt, length."""
        name = f"sentence-transformers:{self._name}@{self._fingerprint}"
        return f"{name} prompts:{self._prompts} max_tokens:{self._length}"

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self._dimension

    @property
    def max_tokens(self) -> int:
        """Longest document that is embedded whole: special tokens included, its prompt taken off."""
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens not counted, nothing truncated."""
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        if callable(tokenizer):
            rows = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
            return [len(row) for row in rows["input_ids"]]
        return [len(row) for row in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def embed_documents(self, texts: Sequence[str], on_progress: OnProgress = silent) -> Vectors:
        """Return (len(texts), dimension), float32, L2-normalised, in the order of `texts`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), WINDOW):
            window = list(texts[start : start + WINDOW])
            vectors[start : start + WINDOW] = _encoded(self._model.encode_document, window)
            on_progress(Progress("embed", start + len(window), len(texts)))
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed_documents`, with the model's query prompt."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return _encoded(self._model.encode_query, list(texts))

    def passage_tokens(
        self, texts: Sequence[str], on_progress: OnProgress = silent
    ) -> list[Vectors]:
        """Return for each text (tokens, dimension), as the last layer has them.

        Of a model whose vector is no mean over these tokens, the vector itself as the only one.
        """
        if not self._is_mean:
            return [row[None, :] for row in self.embed_documents(texts, on_progress)]
        tokens: list[Vectors] = []
        for start in range(0, len(texts), WINDOW):
            window = list(texts[start : start + WINDOW])
            found = self._model.encode_document(
                window, output_value="token_embeddings", show_progress_bar=False
            )
            tokens += (rows.float().cpu().numpy() for rows in found)
            on_progress(Progress("embed", start + len(window), len(texts)))
        return tokens

    def _prompt(self, *names: str) -> str:
        """The prompt that the library takes for a task: the first of `names` that the model has."""
        prompts: dict[str, str] = self._model.prompts
        return next((prompts[name] for name in names if prompts.get(name)), "")

    def _probe(self) -> int:
        try:
            vectors = _encoded(self._model.encode_document, ["a"])
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
            raise NotesError(
                f"The model {self._name!r} gives no vectors: {error}", _MEND
            ) from error
        if vectors.ndim != 2 or not np.isfinite(vectors).all():
            raise NotesError(f"The model {self._name!r} gives no vectors", _MEND)
        return int(vectors.shape[1])

    def _probe_tokens(self) -> bool:
        """Whether a text's vector is the mean of its tokens' vectors."""
        try:
            rows = self._model.encode_document(["a b"], output_value="token_embeddings")[0]
            mean = mean_vectors([rows.float().cpu().numpy()])
        except (AttributeError, KeyError, RuntimeError, TypeError, ValueError):
            return False
        vector = _encoded(self._model.encode_document, ["a b"])
        return mean.shape == vector.shape and bool(np.abs(mean - vector).max() < 1e-3)


def _encoded(encode: Callable[..., Any], texts: list[str]) -> Vectors:
    vectors = encode(
        texts, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
    ).astype(np.float32)
    # A model in half precision is off by 0.001; a search's scores are cosines to the last digit.
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


def _load(name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    return load_model(SentenceTransformer, name, _MEND)


def _fingerprint(name: str, model: Any) -> str:
    """A folder's content hashed, model cards left out; of a hub model the commit."""
    folder = Path(name)
    if not folder.is_dir():
        config = getattr(model.transformers_model, "config", None)
        return str(getattr(config, "_commit_hash", None) or "unknown")
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        if file.suffix != ".md":
            digest.update(f"{file.relative_to(folder).as_posix()}\n".encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "blake2b").digest())
    return digest.hexdigest()
