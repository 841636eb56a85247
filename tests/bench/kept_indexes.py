"""Indexes of test collections that are kept from one run of a bench to the next."""

import json
from pathlib import Path

from corpus.errors import NotesError
from index.embedding.embedder import Embedder
from index.finding.search import Searcher
from index.keeping.store import Store
from index.measuring.collection import Collection
from index.measuring.evaluate import index_collection


def open_index(
    folder: Path, collection: Collection, embedder: Embedder
) -> tuple[Searcher, dict[str, str]]:
    """Return a searcher over `collection`, and the document behind each note's path.

    The index lies in `folder`; it is made again where it is missing or of another recipe.
    """
    store, named = Store(folder), folder / "documents.json"
    if named.exists():
        try:
            return Searcher(store, embedder), json.loads(named.read_text(encoding="utf-8"))
        except NotesError:
            for file in folder.iterdir():
                file.unlink()
    documents = index_collection(store, collection, embedder)
    named.write_text(json.dumps(documents), encoding="utf-8")
    return Searcher(store, embedder), documents
