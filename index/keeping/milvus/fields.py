"""The fields of a collection, and how values are written in them."""

import hashlib
import importlib
from collections.abc import Iterable
from typing import Any

EXACT_BELOW = 100_000
"""Rows that are all looked at for each question; of more, those that a graph (HNSW) leads to."""

TEXTS = ("kind", "lang", "type", "source")
NUMBERS = ("note", "file", "first", "last")
"""`first` and `last` are days (date.toordinal), 0 for a note without a date."""

MANY_TAGS = "#many"
"""The one tag of a note that has more than a field may hold."""

UNDATED = 0
_LONGEST, _MOST_TAGS = 256, 1024


def schema(dimension: int, has_sparse: bool) -> Any:
    """Return the fields of a collection."""
    pymilvus: Any = importlib.import_module("pymilvus")
    kinds: Any = pymilvus.DataType
    made = pymilvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    made.add_field("chunk", kinds.INT64, is_primary=True)
    made.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    if has_sparse:
        made.add_field("terms", kinds.SPARSE_FLOAT_VECTOR)
    for name in NUMBERS:
        made.add_field(name, kinds.INT64)
    for name in TEXTS:
        made.add_field(name, kinds.VARCHAR, max_length=_LONGEST)
    made.add_field(
        "tags",
        kinds.ARRAY,
        element_type=kinds.VARCHAR,
        max_capacity=_MOST_TAGS,
        max_length=_LONGEST,
    )
    return made


def index_params(has_sparse: bool, is_exact: bool) -> Any:
    """Return the indexes of a collection."""
    pymilvus: Any = importlib.import_module("pymilvus")
    made = pymilvus.MilvusClient.prepare_index_params()
    if is_exact:
        made.add_index("vector", index_type="FLAT", metric_type="IP")
    else:
        graph = {"M": 32, "efConstruction": 200}
        made.add_index("vector", index_type="HNSW", metric_type="IP", params=graph)
    if has_sparse:
        made.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    return made


def as_field(value: str) -> str:
    """Return a value as a field holds it: itself, or where it cannot be, a hash of it."""
    try:
        if len(value.encode()) <= _LONGEST and value.isprintable():
            return value
    except UnicodeEncodeError:
        pass
    return "#" + hashlib.blake2b(value.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def tags_field(tags: Iterable[str]) -> list[str]:
    """Return a note's tags as a field holds them."""
    written = sorted({as_field(tag) for tag in tags})
    return written if len(written) <= _MOST_TAGS else [MANY_TAGS]
