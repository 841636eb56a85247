"""The embedder without a model, slow, and telling on which node it embedded how much."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.progress import OnProgress, silent
from index.embedding.embedder import Vectors
from tests.bag_of_terms import BagOfTerms

READ = "read"


class LoggingBag(BagOfTerms):
    def __init__(self, log: Path, seconds: float) -> None:
        super().__init__(dimension=16)
        self.log, self.seconds = log, seconds

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        import ray

        (self.log / f"{ray.get_runtime_context().get_node_id()}-{READ}").touch()
        return super().count_tokens(texts)

    def passage_tokens(
        self, texts: Sequence[str], on_progress: OnProgress = silent
    ) -> list[Vectors]:
        import ray

        node = ray.get_runtime_context().get_node_id()
        with (self.log / f"{node}-{os.getpid()}").open("a") as lines:
            lines.write(f"{len(texts)}\n")
        time.sleep(self.seconds)
        return super().passage_tokens(texts, on_progress)


@dataclass(frozen=True)
class Load:
    """Loads it on a node; `seconds` is what a block takes."""

    log: Path
    seconds: float = 0.0

    def __call__(self) -> LoggingBag:
        return LoggingBag(self.log, self.seconds)

    def embedded(self) -> dict[str, int]:
        """Texts that each node began to embed."""
        counts: dict[str, int] = {}
        for file in self.log.iterdir():
            node, _, rest = file.name.partition("-")
            if rest != READ:
                counts[node] = counts.get(node, 0) + sum(map(int, file.read_text().split()))
        return counts

    def readers(self) -> set[str]:
        """The nodes that cut files into chunks."""
        return {file.name.partition("-")[0] for file in self.log.glob(f"*-{READ}")}


class Deadly(BagOfTerms):
    """Ends its process at a text that says `poison`, as one does that is out of memory."""

    def __init__(self, poison: str) -> None:
        super().__init__(dimension=16)
        self.poison = poison

    def passage_tokens(
        self, texts: Sequence[str], on_progress: OnProgress = silent
    ) -> list[Vectors]:
        if any(self.poison in text for text in texts):
            os._exit(1)
        return super().passage_tokens(texts, on_progress)


@dataclass(frozen=True, slots=True)
class LoadDeadly:
    poison: str

    def __call__(self) -> Deadly:
        return Deadly(self.poison)
