"""A million real bilingual chunks, made up from the shared texts and cut into terms, once."""

import hashlib
import json
import lzma
import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from index import terms
from index.terms import analyze

SHORTEST, LONGEST = 40, 200
"""Words in a chunk; a Chinese word is counted as 1.6 characters."""

_WINDOW = 40
_BATCH = 2000
_SENTENCE = re.compile(r"[^。！？；.!?\n]*(?:[。！？；]+|[.!?]+(?=\s|$)|[.!?]+|\n+|$)\s*")
_WORD = re.compile(r"[A-Za-z0-9_'-]+")
_HAN = re.compile("[\u3400-\u9fff]")

Parts = tuple[str, str, str]
"""A chunk's headings, metadata and body."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Chunks as pre-cut terms, one on a line, its three columns parted by tabs."""

    file: Path
    made: dict[str, float]

    def __iter__(self) -> Iterator[Parts]:
        with self.file.open(encoding="utf-8") as lines:
            for line in lines:
                headings, metadata, body = line.rstrip("\n").split("\t")
                yield headings, metadata, body


def words(text: str) -> float:
    """Return how many words a text has, about."""
    return len(_WORD.findall(text)) + len(_HAN.findall(text)) / 1.6


def make_corpus(shared: Path, vaults: Sequence[Path], count: int, cache: Path) -> Corpus:
    """Return `count` chunks, cut by the analyzer as it is now; kept in `cache` for the next run."""
    cutter = hashlib.blake2b(Path(str(terms.__file__)).read_bytes(), digest_size=4).hexdigest()
    file = cache / f"terms-{count}-{cutter}.txt"
    told = file.with_suffix(".json")
    if not told.exists():
        cache.mkdir(parents=True, exist_ok=True)
        begin = time.perf_counter()
        made = _cut_into(islice(_chunks(shared, vaults), count), file)
        made["seconds to cut"] = round(time.perf_counter() - begin, 1)
        told.write_text(json.dumps(made), encoding="utf-8")
    return Corpus(file, json.loads(told.read_text(encoding="utf-8")))


def _cut_into(chunks: Iterable[Parts], file: Path) -> dict[str, float]:
    lengths: list[float] = []
    counts: list[int] = []
    iterator = iter(chunks)
    batches = iter(lambda: list(islice(iterator, _BATCH)), [])
    with get_context("spawn").Pool(2) as pool, file.open("w", encoding="utf-8") as out:
        for lines, measured, cut in pool.imap(_cut, batches):
            out.writelines(lines)
            lengths += measured
            counts += cut
    p5, p50, p95 = np.percentile(lengths, (5, 50, 95)).round(0).tolist()
    return {
        "chunks": len(lengths),
        "words p5": p5,
        "words p50": p50,
        "words p95": p95,
        "terms mean": round(float(np.mean(counts)), 1),
    }


def _cut(batch: Sequence[Parts]) -> tuple[list[str], list[float], list[int]]:
    cut = [[analyze(part) for part in parts] for parts in batch]
    lines = ["\t".join(" ".join(column) for column in columns) + "\n" for columns in cut]
    return lines, [words(body) for _, _, body in batch], [sum(map(len, c)) for c in cut]


def _chunks(shared: Path, vaults: Sequence[Path]) -> Iterator[Parts]:
    """The test sets' documents as they are, then sentences grouped as they follow each other;
    when these are used up, the same sentences again in other company (shuffled within 40)."""
    yield from _documents(shared / "bench")
    streams: dict[str, list[Parts]] = {}
    seen: set[int] = set()
    for stream, parts in chain(_training(shared / "train"), _paragraphs(vaults)):
        for sentence in _SENTENCE.findall(parts[2]):
            if len(sentence.strip()) > 1 and hash(sentence) not in seen:
                seen.add(hash(sentence))
                streams.setdefault(stream, []).append((parts[0], parts[1], sentence))
    order = sorted(streams)
    for turn in range(1000):
        chance = random.Random(turn)
        for stream in order:
            yield from _grouped(_shuffled(streams[stream], chance if turn else None), chance)


def _grouped(sentences: Iterable[Parts], chance: random.Random) -> Iterator[Parts]:
    held: list[Parts] = []
    wanted, have = 0.0, 0.0
    for parts in sentences:
        if not held:
            wanted, have = SHORTEST * (LONGEST / SHORTEST) ** chance.random(), 0.0
        held.append(parts)
        have += words(parts[2])
        if have >= wanted:
            yield held[0][0], held[0][1], " ".join(s for _, _, s in held)
            held = []


def _shuffled(sentences: list[Parts], chance: random.Random | None) -> Iterator[Parts]:
    for start in range(0, len(sentences), _WINDOW):
        window = sentences[start : start + _WINDOW]
        if chance:
            chance.shuffle(window)
        yield from window


def _documents(bench: Path) -> Iterator[Parts]:
    seen: set[int] = set()
    for file in sorted(bench.glob("*/corpus.jsonl")):
        for line in file.open(encoding="utf-8"):
            record = json.loads(line)
            if hash(record["text"]) not in seen:
                seen.add(hash(record["text"]))
                yield record.get("title") or "", "", record["text"]


def _training(train: Path) -> Iterator[tuple[str, Parts]]:
    for file in sorted(train.glob("*.jsonl.xz")):
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                source = record["src"]
                if "passage" in record:
                    parts = (record["query"], source, record["passage"])
                    yield f"{file.name} {record.get('dir')} {source}", parts
                else:
                    for language in ("en", "zh"):
                        yield f"{file.name} {language} {source}", ("", source, record[language])


def _paragraphs(vaults: Sequence[Path]) -> Iterator[tuple[str, Parts]]:
    for vault in vaults:
        for file in sorted(vault.rglob("*.md")):
            text = file.read_text(encoding="utf-8", errors="replace")
            yield str(vault), (file.stem, vault.name, text)
