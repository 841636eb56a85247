"""The seam between an update and the machines that may do its reading and embedding for it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from corpus.errors import NotesError
from corpus.scan import Found
from index.keeping.rows import Entry
from index.keeping.vector_rows import Packed


class BulkError(NotesError):
    """The other machines cannot be reached, or do not do the same work."""


class Unparsed(NamedTuple):
    """A file as it was when it was read, with the hash of its bytes."""

    found: Found
    hash: bytes
    data: bytes


class Bulk(Protocol):
    """Does what this process would do, with the same results; only this process writes."""

    def read(self, files: Iterable[Unparsed]) -> Iterator[Entry]:
        """Yield the files' entries in the order of `files`, which are taken as there is room."""
        ...

    def embed(self, texts: Sequence[tuple[bytes, str]]) -> Iterator[list[Packed]]:
        """Yield what is to be stored of the texts, with different keys each: each once, in any
        order, in groups as they come."""
        ...
