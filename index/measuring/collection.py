"""Test collections in BEIR form: corpus.jsonl, queries.jsonl, qrels.tsv."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import NotesError

Qrels = Mapping[str, Mapping[str, float]]
"""Query id → document id → relevance grade, higher is better."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents (id → title, text), queries (id → text) and relevance judgements."""

    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    qrels: Qrels


def read_collection(folder: Path) -> Collection:
    """Read a collection's three files; NotesError names the file and line that is wrong."""
    documents = {
        _id(record): (str(record.get("title") or ""), str(record.get("text") or ""))
        for record in _records(folder / "corpus.jsonl")
    }
    queries = {
        _id(record): str(record.get("text") or "") for record in _records(folder / "queries.jsonl")
    }
    judged = folder / "qrels.tsv"
    if not judged.exists() and (folder / "qrels" / "test.tsv").exists():
        judged = folder / "qrels" / "test.tsv"  # as BEIR itself has it
    qrels = _qrels(judged)
    if not queries.keys() & qrels.keys():
        raise NotesError(f"{judged} judges none of the queries.", "Mend the file.")
    return Collection(documents, queries, qrels)


def _qrels(file: Path) -> Qrels:
    qrels: dict[str, dict[str, float]] = {}
    for number, line in _lines(file):
        parts = line.split("\t")
        try:
            query, document, grade = parts[0], parts[-2], float(parts[-1])
        except (IndexError, ValueError) as error:
            if number == 1 and len(parts) > 2:
                continue  # the header
            raise _wrong(file, number, "a query, a document and a grade, parted by tabs") from error
        qrels.setdefault(query, {})[document] = grade
    return qrels


def _records(file: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in _lines(file):
        try:
            record = json.loads(line)
            _id(record)
        except (ValueError, KeyError, TypeError) as error:
            raise _wrong(file, number, 'a JSON object with an "id"') from error
        yield record


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line.rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotesError(
            f"{file} cannot be read: {error}.",
            "A test collection is a folder with corpus.jsonl, queries.jsonl and qrels.tsv.",
        ) from error


def _wrong(file: Path, number: int, wanted: str) -> NotesError:
    return NotesError(f"{file}, line {number}: this should be {wanted}.", "Mend the line.")


def _id(record: Mapping[str, Any]) -> str:
    return str(record["id"] if "id" in record else record["_id"])
