"""The JSON that commands print; outside programs rely on these shapes."""

from dataclasses import asdict
from typing import Any

from assistant.answer import Answer
from corpus.note import Lines
from index.hit import Hit
from index.status import Status
from index.update import Update

Json = dict[str, Any]


def hit_json(hit: Hit) -> Json:
    """`text` is the file's own text of the note, `body` what of it is shown."""
    note = hit.note
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "note": hit.key,
        "path": note.path,
        "lines": _lines(note.lines),
        "title": note.title,
        "kind": note.kind.value,
        "text": note.text,
        "meta": {**note.meta, **({"tags": list(note.tags)} if note.tags else {})},
        "trace": {name: asdict(part) for name, part in hit.trace.items()},
        "body": note.body_text,
        "passage": hit.passage_text,
        "headings": list(note.headings),
        "vault": hit.vault,
    }


def answer_json(answer: Answer) -> Json:
    """`sources` are hits; citation n speaks of source n."""
    return {
        "answered": answer.is_answered,
        "confidence": round(answer.confidence, 4),
        "answer": answer.text,
        "citations": [
            {
                "n": citation.n,
                "path": citation.path,
                "lines": _lines(citation.lines),
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
        "sources": [hit_json(hit) for hit in answer.sources],
    }


def update_json(update: Update) -> Json:
    """Counts; `others` are the files in the vaults that are no notes, by suffix."""
    return asdict(update)


def status_json(status: Status) -> Json:
    """Counts of an index."""
    return asdict(status)


def _lines(lines: Lines) -> list[int]:
    return [lines.first, lines.last]
