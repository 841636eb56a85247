"""Indexes of 10 thousand, 100 thousand and a million chunks, and the same chunks for others.

Up to 100 thousand all is real: the public vaults, and passages of the training text, each in a file
of its own, whose questions are asked. Past that notes are repeated with variations: half of their
sentences are another note's, their vectors lie between those of two notes, with noise, and their
windows are a third note's. Those vectors are synthetic.
"""

import json
import lzma
import random
import re
import sqlite3
import tarfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.document import Document
from corpus.note import Chunk, Lines, Note, Span
from corpus.scan import Found
from index.embedding.models import BUNDLED_NAME, load_embedder
from index.embedding.recipe import recipe_of, vector_key
from index.keeping.notes import StoredNote, read_notes
from index.keeping.rows import Entry, insert_entry
from index.keeping.store import Store, raise_generation, set_meta
from index.keeping.term_writer import TermWriter
from index.keeping.update import update
from index.keeping.vaults import add_vault
from index.keeping.vector_rows import pack, unpack
from index.keeping.vectors import chunks_in, made, stamp_of

VAULTS = ("javaguide-zh", "til-en", "til-zh-en", "tldr")
SMALL, LARGE = ("til-zh-en",), VAULTS
QUESTIONS = 400
_SHORTEST = 120
_AT_ONCE = 5_000
_SENTENCE = re.compile(r"[^。！？；.!?\n]*(?:[。！？；]+|[.!?]+(?=\s|$)|\n+|$)")


def make_index(shared: Path, work: Path, chunks: int) -> Store:
    """Return an index of `chunks` chunks, made in `work` unless it is there."""
    store = Store(work / f"index-{chunks}", is_kept_open=True)
    done = work / f"index-{chunks}.json"
    if done.exists():
        return store
    begin = time.perf_counter()
    if chunks <= 100_000:
        names = SMALL if chunks <= 10_000 else LARGE
        roots = [unpacked(shared, work, name) for name in names]
        have = {10_000: 2_900, 100_000: 71_359}.get(chunks, 0)
        roots.append(_passages(shared, work, chunks - have))
        told = update(store, roots, load_embedder(), rebuild=True)
        figures: dict[str, object] = {"chunks": told.chunks, "embedded": told.embedded}
    else:
        figures = {"chunks": _grown(make_index(shared, work, 100_000), store, chunks)}
    figures["seconds"] = round(time.perf_counter() - begin, 1)
    figures["MB"] = sum(f.stat().st_size for f in store.folder.iterdir()) >> 20
    done.write_text(json.dumps(figures))
    print(f"index of {chunks}: {figures}", flush=True)
    return store


def questions(shared: Path) -> list[tuple[str, str]]:
    """Return questions, each with the file of the passage that answers it."""
    pairs = islice(_pairs(shared), QUESTIONS)
    return [(query, f"{number}.md") for number, (query, _) in enumerate(pairs)]


def _pairs(shared: Path) -> Iterator[tuple[str, str]]:
    """Yield question and passage, Chinese and English in turn, no passage twice."""
    seen: set[str] = set()
    with (
        lzma.open(shared / "train" / "qa_zh.jsonl.xz", "rt", encoding="utf-8") as chinese,
        lzma.open(shared / "train" / "qa_en.jsonl.xz", "rt", encoding="utf-8") as english,
    ):
        for lines in zip(chinese, english, strict=False):
            for pair in map(json.loads, lines):
                if len(pair["passage"]) >= _SHORTEST and pair["passage"] not in seen:
                    seen.add(pair["passage"])
                    yield pair["query"], pair["passage"]


def _passages(shared: Path, work: Path, count: int) -> Path:
    folder = work / f"passages-{count}"
    if not folder.exists():
        made_in = work / "passages.tmp"
        made_in.mkdir(parents=True, exist_ok=True)
        for number, (_, passage) in enumerate(islice(_pairs(shared), count)):
            (made_in / f"{number}.md").write_text(passage + "\n", encoding="utf-8")
        made_in.rename(folder)
    return folder


def unpacked(shared: Path, work: Path, name: str) -> Path:
    if not (work / "vaults" / name).exists():
        with tarfile.open(shared / "vaults" / f"{name}.tar.xz") as archive:
            archive.extractall(work / "vaults", filter="data")
    return work / "vaults" / name


@dataclass(frozen=True, slots=True)
class _Passage:
    """A chunk of the index that is repeated; `stored` is its row of vectors, but for the key."""

    note: Note
    path: str
    text: str
    stored: tuple[bytes, int, bytes, int]


def _grown(base: Store, store: Store, chunks: int) -> int:
    """Fill `store` with all of `base` and with variations of it."""
    embedder, chance = load_embedder(), random.Random(1)
    noise = np.random.default_rng(1)
    recipe = recipe_of(embedder)
    store.make_folder()
    store.create()
    with base.reading() as db:
        real = _all_passages(db)
    vault = store.folder / "vault"
    vault.mkdir(exist_ok=True)
    with store.writing() as db:
        root = add_vault(db, vault)
    for start in range(0, chunks, _AT_ONCE):
        with store.writing() as db:
            terms = TermWriter(db)
            for number in range(start, min(start + _AT_ONCE, chunks)):
                one = (
                    real[number] if number < len(real) else _variation(number, real, chance, noise)
                )
                path, span = f"{number}/{one.path}", Span(0, len(one.text))
                note = replace(
                    one.note, path=path, span=span, body=span, text=one.text, lines=Lines(1, 1)
                )
                key = vector_key(recipe, f"{number}\0{one.text}")
                db.execute("INSERT INTO vectors VALUES (?, ?, ?, ?, ?)", (key, *one.stored))
                chunk = Chunk(span, one.text, one.text)
                found = Found(path, vault, len(one.text), 0, 0)
                document = Document(path, one.text, (note,))
                entry = Entry(found, b"x", document, (((chunk, key),),))
                insert_entry(db, root.id, root.name, entry, terms)
            terms.finish()
    with store.writing() as db:
        set_meta(db, "recipe", recipe)
        set_meta(db, "model", BUNDLED_NAME)
        set_meta(db, "dimension", str(embedder.dimension))
        raise_generation(db)
    with store.reading() as db:
        index = made(db, chunks_in(db), embedder.dimension)
        index.save(store.vectors, stamp_of(db, index))
    return chunks


def _all_passages(db: sqlite3.Connection) -> list[_Passage]:
    rows = db.execute(
        "SELECT note, chunks.span_start, chunks.span_end, vector, path FROM chunks"
        " JOIN notes ON notes.id = note JOIN files ON files.id = file ORDER BY chunks.id"
    ).fetchall()
    stored = {row[0]: tuple(row)[1:] for row in db.execute("SELECT * FROM vectors")}
    notes: dict[int, StoredNote] = {}
    ids = list(dict.fromkeys(row[0] for row in rows))
    for start in range(0, len(ids), 500):
        notes |= read_notes(db, ids[start : start + 500])
    found = []
    for row, first, last, key, path in rows:
        note = notes[row].note
        text = note.text[first - note.span.start : last - note.span.start]
        found.append(_Passage(note, path, text, stored[key]))
    return found


def _variation(
    number: int, real: Sequence[_Passage], chance: random.Random, noise: np.random.Generator
) -> _Passage:
    own, other, third = (chance.choice(real) for _ in range(3))
    vectors = unpack([own.stored[0], other.stored[0]])
    vector = vectors[0] * 0.8 + vectors[1] * 0.35
    vector += noise.normal(0, 0.25 / len(vector) ** 0.5, len(vector))
    value = pack((vector / np.linalg.norm(vector)).astype(np.float32))
    text = _varied(own.text, other.text, chance)
    stored = (value, zlib.crc32(value), *third.stored[2:])
    return _Passage(own.note, f"{number}.md", text, stored)


def _varied(text: str, other: str, chance: random.Random) -> str:
    """Exchange half of a text's sentences for another's."""
    own = [s for s in _SENTENCE.findall(text) if s]
    others = [s for s in _SENTENCE.findall(other) if s] or own
    return "".join(s if chance.random() < 0.5 else chance.choice(others) for s in own)


def export(store: Store, folder: Path) -> Path:
    """Write the chunks for others: `chunks.jsonl` {id, note, path, text} and `vectors.npy`."""
    if (folder / "vectors.npy").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with store.reading() as db, (folder / "chunks.jsonl").open("w", encoding="utf-8") as out:
        vectors: list[np.ndarray] = []
        rows: Sequence[tuple[object, ...]]
        cursor = db.execute(
            "SELECT chunks.id, note, path, headings, notes.text, chunks.span_start"
            " - notes.span_start, chunks.span_end - notes.span_start, value FROM chunks"
            " JOIN notes ON notes.id = note JOIN files ON files.id = file"
            " JOIN vectors ON vectors.key = vector ORDER BY chunks.id"
        )
        cursor.row_factory = None
        while rows := cursor.fetchmany(_AT_ONCE):
            for chunk, note, path, headings, text, start, end, _ in rows:
                said = "\n".join([" > ".join(json.loads(headings)), text[start:end]]).strip()
                told = {"id": chunk, "note": note, "path": path, "text": said}
                out.write(json.dumps(told, ensure_ascii=False) + "\n")
            vectors.append(unpack([row[-1] for row in rows]))
    np.save(folder / "vectors.tmp.npy", np.concatenate(vectors))
    (folder / "vectors.tmp.npy").rename(folder / "vectors.npy")
    return folder
