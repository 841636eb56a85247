"""Reading and embedding on a Ray cluster: blocks go out, entries and packed vectors come back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from index.bulk.blocks import BLOCK_BYTES, windows
from index.bulk.cluster import Cluster, Step
from index.bulk.node import (
    Work,
    embed_block,
    files_read,
    files_table,
    read_block,
    refusal_of,
    texts_embedded,
    texts_table,
)
from index.keeping.bulk import BulkError, Unparsed
from index.keeping.rows import Entry
from index.keeping.vector_rows import Packed


@dataclass(frozen=True, slots=True)
class OnRay:
    """Has a cluster do the `work`. What comes twice, since a node was lost, is taken once."""

    cluster: Cluster
    work: Work
    block: int = BLOCK_BYTES

    def read(self, files: Iterable[Unparsed]) -> Iterator[Entry]:
        """Yield the files' entries in the order of `files`."""
        for window in windows(files, _file_bytes, self.cluster.window, self.block):
            yield from self._read(window)

    def _read(self, window: Sequence[Sequence[Unparsed]]) -> Iterator[Entry]:
        files = [file for block in window for file in block]
        tables, start = [], 0
        for block in window:
            tables.append(files_table(start, block))
            start += len(block)
        waiting, place = {}, 0
        for table in self._run(read_block, tables):
            waiting.update(files_read(table))
            while place in waiting:
                document, chunks = waiting.pop(place)
                yield Entry(files[place].found, files[place].hash, document, chunks)
                place += 1
        self._check(len(files) - place)

    def embed(self, texts: Sequence[tuple[bytes, str]]) -> Iterator[list[Packed]]:
        """Yield what is to be stored of the texts, the longest first: the last blocks are small."""
        missing = {key for key, _ in texts}
        by_length = sorted(texts, key=lambda pair: len(pair[1]), reverse=True)
        for window in windows(by_length, _text_bytes, self.cluster.window, self.block):
            tables = [texts_table(block) for block in window]
            for table in self._run(embed_block, tables):
                rows = [row for row in texts_embedded(table) if row.key in missing]
                missing.difference_update(row.key for row in rows)
                if rows:
                    yield rows
        self._check(len(missing))

    def _run(self, step: Step, blocks: Sequence[pa.Table]) -> Iterator[pa.Table]:
        for table in self.cluster.run(step, self.work, blocks):
            if refusal := refusal_of(table):
                raise refusal
            yield table

    def _check(self, lost: int) -> None:
        if lost:
            raise BulkError(
                f"The Ray cluster {self.cluster.address} did not return {lost} results.",
                "Look after the cluster and go on: what was stored so far is kept.",
            )


def _file_bytes(file: Unparsed) -> int:
    return len(file.data) + 100  # an empty one is work, too


def _text_bytes(text: tuple[bytes, str]) -> int:
    return len(text[1].encode(errors="surrogatepass"))
