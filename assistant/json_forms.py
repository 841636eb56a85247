"""The JSON that commands print; outside programs rely on these shapes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpus.lines import lines_of
from corpus.note import Lines, Span
from index.finding.hit import Hit

if TYPE_CHECKING:  # a search needs none of them
    from assistant.answering.answer import Answer, Written
    from assistant.doctor import Treatment
    from index.keeping.staleness import Staleness
    from index.keeping.status import Status
    from index.keeping.update import Update

Json = dict[str, Any]


def hit_json(hit: Hit) -> Json:
    """`text` is the file's own text of the note, `body` what of it is shown.

    `freshness` is "current", "changed" (the file no longer says this) or "unreachable" (the file
    cannot be read at the moment).
    """
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
        "trace": {name: part._asdict() for name, part in hit.trace.items()},
        "body": note.body_text,
        "passage": hit.passage_text,
        "headings": list(note.headings),
        "vault": hit.vault,
        "highlights": highlights_json(hit),
        "freshness": hit.freshness.value,
    }


def highlights_json(hit: Hit) -> Json:
    """What answers: every `start` and `end` counts code points in the hit's `text`.

    `sentences` are the strongest first; `words` are the question's, `near` mean the same.
    """

    def place(span: Span) -> list[int]:
        return [span.start - hit.note.span.start, span.end - hit.note.span.start]

    found = hit.highlights
    return {
        "sentences": [
            {
                "lines": _lines(lines_of(hit.note, lit.span)),
                "start": place(lit.span)[0],
                "end": place(lit.span)[1],
                "text": hit.note.text[slice(*place(lit.span))],
                "strength": round(lit.strength, 4),
            }
            for lit in found.sentences
        ],
        "words": [place(span) for span in found.words],
        "near": [place(span) for span in found.near],
    }


def answer_json(answer: Answer) -> Json:
    """`sources` are hits; citation n speaks of source n.

    `searched` is what was searched for. `written` is null for a quoted answer, else it has the
    text's sentences with the sources that hold each: those that no source holds have `supported`
    false. `problem` says why a language model did not write, though it was asked to.
    """
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
        "searched": answer.searched or answer.question,
        "written": _written_json(answer.written) if answer.written else None,
        "problem": answer.problem,
    }


def _written_json(written: Written) -> Json:
    return {
        "model": written.model,
        "ending": written.ending.value if written.ending else None,
        "claims": [
            {
                "start": claim.span.start,
                "end": claim.span.end,
                "text": claim.text,
                "cited": list(claim.cited),
                "sources": list(claim.sources),
                "supported": claim.is_supported,
            }
            for claim in written.claims
        ],
    }


def update_json(update: Update) -> Json:
    """Counts; `others` are the files in the vaults that are no notes, by suffix.

    `store_problem` is there only if Milvus could not be told.
    """
    told = asdict(update)
    if not update.store_problem:
        del told["store_problem"]
    return told


def status_json(status: Status, staleness: Staleness) -> Json:
    """Counts of an index, and what has changed since its last update."""
    return {**asdict(status), "stale": asdict(staleness)}


def treatment_json(treatment: Treatment) -> Json:
    """`findings` are what is wrong now; `mended` is what was wrong before, or null."""
    now = treatment.after or treatment.before
    return {
        "sound": treatment.is_sound,
        "findings": now.findings,
        "remarks": now.remarks,
        "checked": now.checked,
        "mended": treatment.before.findings if treatment.update else None,
        "embedded": treatment.update.embedded if treatment.update else 0,
    }


def _lines(lines: Lines) -> list[int]:
    return [lines.first, lines.last]
