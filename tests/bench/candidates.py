"""What both lists bring for a question: the raw material of any fusion."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.language import language_of
from index.embedding.embedder import Embedder, Vectors
from index.embedding.windows import nearest_windows
from index.finding.lexical import search_terms, weigh_terms
from index.finding.nearness import chunks_of_each, nearest_of_each
from index.finding.search import Searcher
from index.keeping.vector_rows import stored_passages
from index.measuring.collection import Collection
from tests.bench.kept_indexes import open_index

POOL = 200
"""Chunks, or notes, that each list brings."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The notes that either list found for one question; arrays of one value for each note.

    `passage` is the cosine of a note's best chunk, `nearest` that of its nearest window, `terms`
    the share of the question's weight (0 where the terms list has not got the note), `near_rank`
    and `terms_rank` places in the two lists (0 = not in it).
    """

    query: str
    notes: tuple[int, ...]
    passage: Floats
    nearest: Floats
    terms: Floats
    near_rank: Floats
    terms_rank: Floats
    same_language: Floats


def collection_candidates(
    folder: Path, collection: Collection, embedder: Embedder
) -> Iterator[tuple[Candidates, Mapping[int, str]]]:
    """Yield for each judged question its candidates, and the document behind each note.

    The index is kept in `folder`.
    """
    searcher, named = open_index(folder, collection, embedder)
    asked = [query for query in collection.queries if collection.qrels.get(query)]
    vectors = embedder.embed_queries([collection.queries[query] for query in asked])
    with searcher.store.reading() as db:
        rows = db.execute("SELECT notes.id, path FROM notes JOIN files ON files.id = file")
        documents = {row[0]: named[row[1]] for row in rows}
        for query, vector in zip(asked, vectors, strict=True):
            found = candidates(db, searcher, query, collection.queries[query], vector)
            yield found, documents


def candidates(
    db: sqlite3.Connection,
    searcher: Searcher,
    query: str,
    question: str,
    vector: Vectors,
) -> Candidates:
    """Return what the lists bring for `question`, whose vector is `vector`, (dimension,)."""
    index = searcher._local.vector_index(db)
    near = {chunk for chunk, _ in index.search(vector, POOL)}
    terms = dict(search_terms(db, weigh_terms(db, question), POOL))
    listed = nearest_of_each(db, vector, chunks_of_each(db, terms)).values()
    chunks = list(dict.fromkeys([*near, *listed]))
    vectors, blocks = stored_passages(db, chunks)
    passage = dict(zip(chunks, (vectors @ vector).tolist(), strict=True))
    nearest = dict(zip(chunks, nearest_windows(vector, blocks), strict=True))
    marks = ",".join("?" * len(chunks))
    places = db.execute(
        "SELECT chunks.id, notes.id, lang FROM chunks JOIN notes ON notes.id = note"
        f" WHERE chunks.id IN ({marks})",
        chunks,
    ).fetchall()
    notes = list(dict.fromkeys(note for _, note, _ in places))
    row_of = {note: row for row, note in enumerate(notes)}
    asked_in = language_of(question)
    table = np.zeros((5, len(notes)))
    for chunk, note, language in places:
        values = (
            passage[chunk],
            nearest[chunk],
            terms.get(note, 0.0),
            nearest[chunk] + 2 if chunk in near else 0.0,
            float(language == asked_in),
        )
        table[:, row_of[note]] = np.maximum(table[:, row_of[note]], values)
    passages, windows, shares, in_list, same = table
    ranks = _ranks(in_list), _ranks(shares)
    return Candidates(query, tuple(notes), passages, windows, shares, *ranks, same)


def _ranks(scores: Floats) -> Floats:
    """Return 1-based places by falling score; 0 for a score of 0."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, ranks, 0.0)
