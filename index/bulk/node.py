"""What a node of a cluster does: a block of files read into notes, a block of texts embedded.

A block is an Arrow table, since that is what Ray Data carries. Nodes are sent bytes and return
bytes: they need neither the notes' folder nor the index, but this package and the model.
"""

import pickle
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from corpus.document import Document, read_document
from corpus.errors import NotesError
from corpus.roles import Roles
from index.embedding.embedder import Embedder
from index.embedding.models import load_embedder
from index.embedding.recipe import recipe_of
from index.keeping.bulk import BulkError, Unparsed
from index.keeping.plan import READING, cut_document
from index.keeping.rows import Chunks
from index.keeping.vector_rows import Packed, packed


@dataclass(frozen=True, slots=True)
class Model:
    """Loads an embedder by its name, for one processor: a node has a worker for each."""

    name: str

    def __call__(self) -> Embedder:
        """Return the embedder; NotesError if this node does not have it."""
        return load_embedder(self.name, threads=1)


@dataclass(frozen=True, slots=True)
class Work:
    """How nodes read and embed: `load` is compared by value, so that a worker loads once.

    A node whose model, or whose way of reading (`reading`), is another refuses.
    """

    load: Callable[[], Embedder]
    recipe: str
    roles: Roles
    reading: int = READING

    def embedder(self) -> Embedder:
        """Return this worker's embedder; NotesError if its vectors or notes would be others."""
        host = socket.gethostname()
        try:
            embedder = _loaded(self.load)
        except NotesError as error:
            raise NotesError(f"On the node {host}: {error.message}", error.hint) from error
        here, reading = recipe_of(embedder), READING
        if (here, reading) != (self.recipe, self.reading):
            raise NotesError(
                f"The node {host} has another model or version:\n"
                f"  there: {here}; reading {reading}\n"
                f"  here:  {self.recipe}; reading {self.reading}",
                "Install the same version and the same model on every node of the cluster.",
            )
        return embedder


@lru_cache(maxsize=1)
def _loaded(load: Callable[[], Embedder]) -> Embedder:
    """Load once for all blocks that come to this process."""
    return load()


def refusal_table(error: NotesError) -> pa.Table:
    """Return an error as a block: Ray Data would make another one of it on its way."""
    return pa.table({"message": [error.message], "hint": [error.hint]})


def refusal_of(table: pa.Table) -> BulkError | None:
    """Return the error that a block is."""
    if "message" not in table.column_names:
        return None
    return BulkError(table["message"][0].as_py(), table["hint"][0].as_py())


def files_table(start: int, files: Sequence[Unparsed]) -> pa.Table:
    """Return a block of files, numbered from `start`."""
    return pa.table(
        {
            "place": pa.array(range(start, start + len(files)), pa.int64()),
            "path": pa.array([file.found.path for file in files], pa.string()),
            "data": pa.array([file.data for file in files], pa.binary()),
        }
    )


def read_block(block: pa.Table, work: Work) -> pa.Table:
    """Read and cut a block of files; a file that cannot be read has its problem, as anywhere."""
    try:
        embedder = work.embedder()
    except NotesError as error:
        return refusal_table(error)
    found = []
    for path, data in zip(block["path"].to_pylist(), block["data"].to_pylist(), strict=True):
        document = read_document(path, data, work.roles)
        found.append(pickle.dumps((document, cut_document(document, embedder))))
    return pa.table({"place": block["place"], "read": pa.array(found, pa.binary())})


def files_read(table: pa.Table) -> dict[int, tuple[Document, Chunks]]:
    """Return what was read of the files, by their numbers."""
    places, read = table["place"].to_pylist(), table["read"].to_pylist()
    return {place: pickle.loads(kept) for place, kept in zip(places, read, strict=True)}


def texts_table(texts: Sequence[tuple[bytes, str]]) -> pa.Table:
    """Return a block of texts with their keys; as bytes, since a note may hold half a character."""
    told = [text.encode(errors="surrogatepass") for _, text in texts]
    return pa.table(
        {
            "key": pa.array([key for key, _ in texts], pa.binary()),
            "text": pa.array(told, pa.binary()),
        }
    )


def embed_block(block: pa.Table, work: Work) -> pa.Table:
    """Embed a block of texts; only what is stored of them travels back."""
    texts = [text.decode(errors="surrogatepass") for text in block["text"].to_pylist()]
    try:
        tokens = work.embedder().passage_tokens(texts)
    except NotesError as error:
        return refusal_table(error)
    rows = packed(block["key"].to_pylist(), tokens)
    return pa.table(
        {
            name: pa.array([getattr(row, name) for row in rows], pa.binary())
            for name in Packed._fields
        }
    )


def texts_embedded(table: pa.Table) -> list[Packed]:
    """Return what is to be stored of the texts of a block."""
    columns = [table[name].to_pylist() for name in Packed._fields]
    return [Packed(*row) for row in zip(*columns, strict=True)]
