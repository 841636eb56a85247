"""Milvus, as far as it is needed here; its own errors become NotesErrors at this border.

pymilvus is imported when a collection is first asked for, and is an extra of this package.
"""

import importlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

from corpus.errors import NotesError
from index.embedding.embedder import Vectors
from index.keeping.milvus.address import Address
from index.keeping.milvus.fields import EXACT_BELOW, index_params, schema
from index.keeping.milvus.sparse import Sparse
from index.keeping.milvus.trouble import AwayError, UnloadedError, explained
from index.keeping.vector_rows import Ids

T = TypeVar("T")
Row = dict[str, Any]

MOST_FOUND = 16_384
"""Rows that a server gives for one search."""

_AT_ONCE = 8_000_000
"""Bytes of one message, about; a server takes 64 MB."""
_WINDOW = 10_000
"""Ids of which those that are there are asked for at a time."""
_CONNECT, _SEARCH, _LOAD, _WRITE, _MAKE = 5.0, 10.0, 30.0, 60.0, 600.0
"""Seconds after which a server counts as away; until then pymilvus tries again."""
_SPARSE_FROM = (2, 4)


class Milvus:
    """One server or file of Milvus. It is connected to when it is first asked for something."""

    def __init__(self, address: Address) -> None:
        self.address = address

    @cached_property
    def _client(self) -> Any:
        pymilvus = _pymilvus()
        if self.address.uri.startswith("/"):
            _check_lite()
        return self._asked(
            lambda: pymilvus.MilvusClient(
                uri=self.address.uri, token=self.address.token, timeout=_CONNECT
            )
        )

    @cached_property
    def version(self) -> str:
        """The server's version, as it says it: `2.3.5`, `lite 3.2`."""
        told = str(self._asked(lambda: self._client.get_server_version(timeout=_CONNECT)))
        number = re.search(r"\d+(?:\.\d+)*", told)
        lite = "lite " if "milvus_lite" in told or self.address.uri.startswith("/") else ""
        return lite + (number[0] if number else told)

    @property
    def has_sparse(self) -> bool:
        """Whether it can hold the weights of terms."""
        return holds_sparse(self.version)

    def close(self) -> None:
        """Part from the server."""
        client = self.__dict__.pop("_client", None)
        if client is not None:
            with suppress(Exception):
                client.close()

    def make(self, name: str, dimension: int, rows: int) -> None:
        """Make an empty collection for about so many rows, ready to be searched."""
        params = index_params(self.has_sparse, is_exact=rows < EXACT_BELOW)
        told = schema(dimension, self.has_sparse)
        self._asked(
            lambda: self._client.create_collection(
                name, schema=told, consistency_level="Strong", timeout=_MAKE
            )
        )
        self._asked(lambda: self._client.create_index(name, params, timeout=_MAKE))
        self._asked(lambda: self._client.load_collection(name, timeout=_MAKE))

    def drop(self, name: str) -> None:
        """Drop a collection, if it is there, and what stands for it."""
        client = self._client
        if not self._asked(lambda: client.has_collection(name, timeout=_MAKE)):
            return
        told = self._asked(lambda: client.list_aliases(name, timeout=_MAKE))
        for alias in told.get("aliases", []):
            self._asked(partial(client.drop_alias, alias, timeout=_MAKE))
        self._asked(lambda: client.drop_collection(name, timeout=_MAKE))

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        return list(self._asked(lambda: self._client.list_collections(timeout=_CONNECT)))

    def behind_alias(self) -> str:
        """Return the collection that the address's name stands for, "" if none."""
        name = self.address.collection
        try:
            told = self._asked(lambda: self._client.describe_alias(name, timeout=_CONNECT))
        except AwayError:
            raise
        except NotesError:
            return ""
        return str(told.get("collection_name", ""))

    def is_taken(self, name: str) -> bool:
        """Whether there is a collection (or alias) of this name."""
        return bool(self._asked(lambda: self._client.has_collection(name, timeout=_CONNECT)))

    def point_alias(self, collection: str) -> None:
        """Have the address's name stand for `collection`."""
        name, behind = self.address.collection, self.behind_alias()
        if behind == collection:
            return
        change = self._client.alter_alias if behind else self._client.create_alias
        self._asked(lambda: change(collection, name, timeout=_WRITE))

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Write rows, in messages of a bearable size."""
        part: list[Row] = []
        size = 0
        for row in rows:
            if part and size + _bytes_of(row) > _AT_ONCE:
                self._asked(partial(self._client.upsert, collection, part, timeout=_WRITE))
                part, size = [], 0
            part.append(row)
            size += _bytes_of(row)
        if part:
            self._asked(partial(self._client.upsert, collection, part, timeout=_WRITE))

    def delete(self, collection: str, chunks: Sequence[int]) -> None:
        """Delete rows by their chunks; what is not there is no error."""
        for start in range(0, len(chunks), _WINDOW):
            part = list(chunks[start : start + _WINDOW])
            self._asked(partial(self._client.delete, collection, ids=part, timeout=_WRITE))

    def now(self) -> int:
        """Return the server's time after all that was written: `written` of a search. 0 if unknown.

        A search that only waits for this needs 3 ms where one that waits for its own time (Strong)
        needs 200 to 400, as the server's clock ticks every 200 ms. A file has no clock.
        """
        if not self.address.uri.startswith("http"):
            return 0
        try:
            return int(self._client._get_connection().alloc_timestamp())
        except Exception:  # noqa: BLE001 - of no public interface: others may not have it
            return 0

    def search(
        self, collection: str, asked: Vectors | Sparse, k: int, passing: str, written: int
    ) -> list[tuple[int, float]]:
        """Return the `k` (chunk id, inner product) nearest to a vector or sparse weights, best first.

        `passing` is an expression on the fields. What was upserted until `written` is seen.
        """
        is_sparse = isinstance(asked, dict)
        search = partial(
            self._client.search,
            collection,
            data=[asked],
            anns_field="terms" if is_sparse else "vector",
            limit=min(k, MOST_FOUND),
            filter=passing,
            search_params={"metric_type": "IP", "params": {} if is_sparse else _width(k)},
            timeout=_SEARCH,
            output_fields=["chunk"],
            **_consistency(written),
        )
        try:
            found = self._asked(search)
        except UnloadedError:
            self._load(collection)
            found = self._asked(search)
        return [(int(hit.id), float(hit.distance)) for hit in found[0]]

    def chunks(self, collection: str, last: int) -> Iterator[Ids]:
        """Yield the chunk ids up to `last` that are there, ascending, some at a time."""
        for first in range(0, last + 1, _WINDOW):
            rows = self._query(
                collection, f"chunk >= {first} and chunk < {first + _WINDOW}", "chunk"
            )
            yield np.array(sorted(int(row["chunk"]) for row in rows), np.int64)

    def count(self, collection: str) -> int:
        """Return how many rows there are."""
        return int(self._query(collection, "", "count(*)")[0]["count(*)"])

    def _query(self, collection: str, passing: str, field: str) -> list[Row]:
        query = partial(
            self._client.query,
            collection,
            filter=passing,
            output_fields=[field],
            consistency_level="Strong",
            timeout=_WRITE,
        )
        try:
            return list(self._asked(query))
        except UnloadedError:
            self._load(collection)
            return list(self._asked(query))

    def _load(self, collection: str) -> None:
        """Wait until a collection can be searched, which of a server just started takes seconds."""
        self._asked(partial(self._client.load_collection, collection, timeout=_LOAD))

    def _asked(self, call: Callable[[], T]) -> T:
        """Return what a call gives; what goes wrong there is told in our words."""
        trouble: type[Exception] = _pymilvus().MilvusException
        grpc: Any = importlib.import_module("grpc")  # whose errors pymilvus lets through
        try:
            return call()
        except (trouble, grpc.RpcError, OSError, ValueError, RuntimeError) as error:
            raise explained(str(error), self.address) from error


def holds_sparse(version: str) -> bool:
    """Whether a server of this version, as `Milvus.version` says it, has sparse vectors."""
    numbers = tuple(map(int, re.findall(r"\d+", version)))[:2]
    return version.startswith("lite") or numbers >= _SPARSE_FROM


def _bytes_of(row: Row) -> int:
    """Return about how many bytes a row is in a message."""
    tags = sum(4 * len(tag) + 4 for tag in row.get("tags", ()))
    return 4 * len(row["vector"]) + 8 * len(row.get("terms", ())) + tags + 2_000


def _width(k: int) -> dict[str, int]:
    """How many rows a graph looks at; an exact index does not mind."""
    return {"ef": min(max(2 * k, 256), 32_768)}


def _consistency(written: int) -> dict[str, Any]:
    if written:
        return {"consistency_level": "Customized", "guarantee_timestamp": written}
    return {"consistency_level": "Strong"}


def _pymilvus() -> Any:
    try:
        module = importlib.import_module("pymilvus")
    except ImportError as error:
        raise NotesError(
            "To search with Milvus its client is needed, which is not installed.",
            "pip install pymilvus",
        ) from error
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what it raises, with data
    return module


def _check_lite() -> None:
    try:
        importlib.import_module("milvus_lite")
    except ImportError as error:
        raise NotesError(
            "To search with a file of Milvus, Milvus Lite is needed, which is not installed.",
            "pip install milvus-lite",
        ) from error
    logging.getLogger("grpc._server").setLevel(logging.CRITICAL)  # of what it does not implement
