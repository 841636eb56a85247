"""The bundled model: onnxruntime and a tokenizer, nothing else."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime
from opencc import OpenCC
from tokenizers import Encoding, Tokenizer

from corpus.note import Span
from corpus.progress import OnProgress, Progress, silent
from index.embedding.embedder import Vectors
from index.embedding.model_files import BUNDLED, GRAPH, TOKENIZER, open_folder
from index.embedding.token_vectors import TokenVectors, unit

T = TypeVar("T")

# Texts tokenised at a time: enough to sort into batches of one length, little to hold.
WINDOW = 2048
# Tokens of a batch, padding included: see tests/bench/embed_speed.py --budgets.
BATCH_TOKENS = 1024
# The same for a handful of texts of any length, where padding would cost more than another run.
FEW_TOKENS = 128

_COUNTED = 1 << 14
"""Lines whose tokens are known: to cut a text its parts are counted again and again."""

_EXACT = "session.x64quantprecision"
"""Without it, processors that lack VNNI let sums of 8-bit products overflow."""


class OnnxEmbedder:
    """Embeds with a folder that `index.distill.export` wrote. The model has no prompts.

    Traditional Chinese is folded to simplified first, the script that the model learnt.
    A text's vector does not depend on the texts beside it. Raises NotesError if the folder is not
    whole. `threads` work on a batch each; 0 means every core that this process may use.
    """

    def __init__(
        self, folder: Path = BUNDLED, threads: int = 0, batch_tokens: int = BATCH_TOKENS
    ) -> None:
        with ThreadPoolExecutor(2) as others:  # each takes a tenth of a second
            tokenizer = others.submit(Tokenizer.from_file, str(folder / TOKENIZER))
            session = others.submit(_open, folder / GRAPH)
            self._files = open_folder(folder)
        self._tokenizer = tokenizer.result()
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._simplified = OpenCC("t2s").convert
        self._session = session.result()
        self._batch_tokens = batch_tokens
        self._counted: dict[str, int] = {}
        self.threads = threads or _cores()
        self._pool = ThreadPoolExecutor(self.threads, "embedding")

    @property
    def recipe(self) -> str:
        """The model's files by their hash, the folding, and the length at which texts are cut."""
        return f"onnx:{self._files.fingerprint} fold:t2s max_tokens:{self.max_tokens}"

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return int(self._session.get_outputs()[0].shape[1])

    @property
    def max_tokens(self) -> int:
        """Longest text that is embedded whole, special tokens included."""
        return self._files.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count each text's tokens, special tokens not counted, nothing truncated."""
        lines = [text.split("\n") for text in texts]  # where no token goes on
        known = self._counted
        unknown = [line for line in dict.fromkeys(chain(*lines)) if line not in known]
        if len(known) + len(unknown) > _COUNTED:
            known = self._counted = {}
            unknown = list(dict.fromkeys(chain(*lines)))
        for start in range(0, len(unknown), WINDOW):
            some = unknown[start : start + WINDOW]
            known.update(zip(some, map(len, self._encoded(some, special=False)), strict=True))
        return [sum(known[line] for line in text) for text in lines]

    def embed_documents(self, texts: Sequence[str], on_progress: OnProgress = silent) -> Vectors:
        """Return (len(texts), dimension), float32, L2-normalised, in the order of `texts`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for places, _, found in self._run("sentence_embedding", texts, on_progress):
            vectors[places] = found
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed_documents`: the model has no query prompt."""
        return self.embed_documents(texts)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return each text's tokens; of a text past `max_tokens` the first."""
        folded = [self._folded_in_place(text) for text in texts]
        encoded = self._tokenizer.encode_batch(folded, add_special_tokens=True)
        rows = [self._cut(encoding.ids) for encoding in encoded]
        found: dict[int, TokenVectors] = {}
        outputs = ["token_embeddings", "word_embeddings"]
        few = list(batches([len(row) for row in rows], FEW_TOKENS))
        for batch, (last, first) in zip(few, self._each(rows, few, outputs), strict=True):
            for i, in_text, as_word in zip(batch, last, first, strict=True):
                places = encoded[i].offsets[: len(rows[i]) - 1]
                kept = [k for k, (a, b) in enumerate(places) if _has_words(texts[i][a:b])]
                spans = tuple(Span(*places[k]) for k in kept)
                found[i] = TokenVectors(spans, unit(in_text[kept]), unit(as_word[kept]))
        return [found[i] for i in range(len(texts))]

    def passage_tokens(
        self, texts: Sequence[str], on_progress: OnProgress = silent
    ) -> list[Vectors]:
        """Return for each text (tokens, dimension), special tokens included, as the mean takes them."""
        tokens = [np.empty((0, self.dimension), np.float32)] * len(texts)
        for places, lengths, found in self._run("token_embeddings", texts, on_progress):
            for place, length, rows in zip(places, lengths, found, strict=True):
                tokens[place] = rows[:length].copy()
        return tokens

    def _folded_in_place(self, text: str) -> str:
        """Fold the script where that leaves every character at its place, as it nearly always does."""
        folded: str = self._simplified(text)
        return folded if len(folded) == len(text) else text

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [self._cut(encoding.ids) for encoding in self._encoded(texts, special=True)]

    def _cut(self, ids: list[int]) -> list[int]:
        limit = self.max_tokens
        return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]

    def _encoded(self, texts: Sequence[str], special: bool) -> list[Encoding]:
        folded = [self._simplified(text) for text in texts]
        return self._tokenizer.encode_batch_fast(folded, add_special_tokens=special)

    def _run(
        self, output: str, texts: Sequence[str], on_progress: OnProgress
    ) -> Iterator[tuple[list[int], list[int], Vectors]]:
        """Yield for each batch the places of its texts, their lengths in tokens, and `output`."""
        done = 0
        for start in range(0, len(texts), WINDOW):
            rows = self._token_ids(texts[start : start + WINDOW])
            split = list(batches([len(row) for row in rows], self._batch_tokens))
            for batch, (found,) in zip(split, self._each(rows, split, [output]), strict=True):
                yield [start + i for i in batch], [len(rows[i]) for i in batch], found
                done += len(batch)
                on_progress(Progress("embed", done, len(texts)))

    def _each(
        self, rows: Sequence[Sequence[int]], split: Sequence[Sequence[int]], names: Sequence[str]
    ) -> Iterator[list[Vectors]]:
        """Yield the outputs of each batch of rows, in their order."""

        def outputs(batch: Sequence[int]) -> list[Vectors]:
            return self._outputs([rows[i] for i in batch], names)

        if self.threads == 1 or len(split) == 1:
            return map(outputs, split)
        return _ahead(self._pool, self.threads, outputs, split)

    def _outputs(self, rows: Sequence[Sequence[int]], names: Sequence[str]) -> list[Vectors]:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        found: list[Vectors] = self._session.run(
            list(names), {"input_ids": ids, "attention_mask": mask}
        )
        return found


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Split positions into batches of like length, longest first, each ≤ `budget` once padded.

    A text longer than the budget is a batch by itself.
    """
    order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
    start = 0
    while start < len(order):
        size = max(1, budget // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _ahead(
    pool: ThreadPoolExecutor,
    threads: int,
    function: Callable[[Sequence[int]], T],
    given: Sequence[Sequence[int]],
) -> Iterator[T]:
    """Yield each result in its order; every thread has one more to do than it does."""
    begun: deque[Future[T]] = deque()
    for one in given:
        begun.append(pool.submit(function, one))
        if len(begun) > 2 * threads:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _open(graph: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # errors: its warnings are about the graph, not for a user
    options.add_session_config_entry(_EXACT, "1")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _cores() -> int:
    """Return the threads to use: OMP_NUM_THREADS, as other libraries have it, or every core."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
