"""What should headings, metadata and the text weigh? A table.

    python -m tests.bench.metadata

Asked of the sample notes are `tests/remark_questions.jsonl`, whose notes are one word or a link, so
that only the remark tells what they are about, and `tests/sample_questions.jsonl`, whose notes are
of any kind. Figures are 100 x the mean reciprocal rank of the expected note among the first 10: of
the terms list with weights for headings, metadata and body, and of the hybrid search with them.
The last row leaves headings and metadata out of the terms list. A second table is of meaning alone,
with more or less embedded before a note's text.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from statistics import fmean
from unittest.mock import patch

import numpy as np

from assistant.indexing import update_index
from assistant.places import sample_vault
from corpus.chunk import header_of
from corpus.note import Note
from corpus.roles import REMARK
from index.embedding.embedder import Embedder, mean_vectors
from index.embedding.models import load_embedder
from index.embedding.windows import WHOLE_SHARE, nearest_windows, pack_blocks
from index.finding.search import Searcher
from index.keeping import rows
from index.keeping.notes import read_notes
from index.keeping.store import Store
from tests.bench.candidates import candidates
from tests.bench.fusion import WAYS

NAMES = ("remark_questions.jsonl", "sample_questions.jsonl")
WEIGHTS = [(h, m, 2) for h in (1, 2, 4) for m in (1, 2, 4, 8)] + [(0, 0, 1)]
DEPTH = 10


def main() -> None:
    embedder = load_embedder()
    asked = {name: _questions(name) for name in NAMES}
    figures = {}
    for weights in WEIGHTS:
        with tempfile.TemporaryDirectory() as place, patch.object(rows, "WEIGHTS", weights):
            update_index(Path(place), [sample_vault()])
            searcher = Searcher(Store(Path(place)), embedder)
            row = [x for name in NAMES for x in measure(searcher, embedder, asked[name])]
        figures[str(weights)] = row
        print(f"{weights!s:18}" + "".join(f"{value:8.1f}" for value in row), flush=True)
    with tempfile.TemporaryDirectory() as place:
        update_index(Path(place), [sample_vault()])
        searcher = Searcher(Store(Path(place)), embedder)
        for name, variant in EMBEDDED.items():
            row = [meaning_alone(searcher, embedder, asked[n], variant) for n in NAMES]
            figures[name] = row
            print(f"{name:34}" + "".join(f"{value:8.1f}" for value in row), flush=True)
    print(json.dumps(figures))


def _file_name(note: Note) -> str:
    return PurePosixPath(note.path).stem


def _remark(note: Note) -> str:
    return note.meta.get(REMARK, "")


EMBEDDED: Mapping[str, Callable[[Note], tuple[str, ...]]] = {
    "header and text (the product)": lambda note: (header_of(note), note.body_text),
    "text alone": lambda note: (note.body_text,),
    "headings and text": lambda note: (" > ".join(note.headings), note.body_text),
    "file name, header and text": lambda note: (_file_name(note), header_of(note), note.body_text),
    "header, text and the remark again": lambda note: (
        header_of(note),
        note.body_text,
        _remark(note),
    ),
}


def meaning_alone(
    searcher: Searcher,
    embedder: Embedder,
    asked: list[tuple[str, str]],
    embedded: Callable[[Note], tuple[str, ...]],
) -> float:
    """Return the figure of a search by meaning over notes that are embedded whole."""
    with searcher.store.reading() as db:
        ids = [row[0] for row in db.execute("SELECT id FROM notes ORDER BY id")]
        notes = [stored.note for stored in read_notes(db, ids).values()]
    tokens = embedder.passage_tokens(["\n".join(filter(None, embedded(n))) for n in notes])
    vectors, blocks = mean_vectors(tokens), [pack_blocks(rows) for rows in tokens]
    ranks = []
    for question, expects in asked:
        vector = embedder.embed_queries([question])[0]
        windows = np.array(nearest_windows(vector, blocks))
        scores = WHOLE_SHARE * (vectors @ vector) + (1 - WHOLE_SHARE) * windows
        order = np.argsort(-scores, kind="stable")[:DEPTH]
        right = [n for n, i in enumerate(order, 1) if expects in notes[i].text]
        ranks.append(1 / right[0] if right else 0.0)
    return 100 * fmean(ranks)


def measure(
    searcher: Searcher,
    embedder: Embedder,
    asked: list[tuple[str, str]],
) -> tuple[float, float]:
    """Return the figures of the terms list and of the hybrid search."""
    ranks: tuple[list[float], list[float]] = ([], [])
    vectors = embedder.embed_queries([question for question, _ in asked])
    with searcher.store.reading() as db:
        texts = dict(db.execute("SELECT id, text FROM notes").fetchall())
        for (question, expects), vector in zip(asked, vectors, strict=True):
            found = candidates(db, searcher, question, question, vector)
            hybrid = WAYS["product"](found)
            for scores, kept in ((found.terms, ranks[0]), (hybrid, ranks[1])):
                order = [i for i in np.argsort(-scores, kind="stable")[:DEPTH] if scores[i] > 0]
                right = [n for n, i in enumerate(order, 1) if expects in texts[found.notes[i]]]
                kept.append(1 / right[0] if right else 0.0)
    return 100 * fmean(ranks[0]), 100 * fmean(ranks[1])


def _questions(name: str) -> list[tuple[str, str]]:
    lines = (Path(__file__).parents[1] / name).read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [(r["question"], r["expects"]) for r in records if r["expects"]]


if __name__ == "__main__":
    main()
