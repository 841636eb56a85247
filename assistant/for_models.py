"""The JSON of tools, cut to what a language model can take in.

A thousand characters are 250 to 1,000 tokens. A search gives up to `_ALL` characters of notes, so
that it fills no context; what is cut off is read with `read_note`.
"""

from collections.abc import Mapping, Sequence

from assistant.json_forms import Json
from corpus.lines import LineIndex
from corpus.note import Span

MOST_HITS = 50
HITS = 8
"""Notes that a search gives, at most and if no number is asked for."""

READ = 16_000
"""Characters of a note or file that one call reads."""

_ALL, _MOST, _LEAST = 16_000, 2_000, 300
"""Characters of all hits' texts together, of one at most, and of each where there are many."""

_NAME = 200
"""Characters of a title, a heading, a value of `meta`."""

_VALUES = 50
"""Values of a filter that are listed."""


def search_for_models(report: Json) -> Json:
    """`hits` as `_hits`; `problems` and `notices` say how the query was taken, where that is odd."""
    return {**report, "hits": _hits(report["hits"])}


def answer_for_models(answer: Json) -> Json:
    """The quoted answer and its sources; of a written one, the sentences that no source holds."""
    written = answer["written"]
    cited = [{**one, "quote": _short(one["quote"], _MOST)} for one in answer["citations"]]
    return {
        "answered": answer["answered"],
        "answer": _short(answer["answer"], _ALL),
        "citations": cited,
        "sources": _hits(answer["sources"]),
        "confidence": answer["confidence"],
        "searched": answer["searched"],
        "written_by": written["model"] if written else None,
        "unsupported": [one["text"] for one in written["claims"] if not one["supported"]]
        if written
        else [],
        "problem": answer["problem"],
    }


def facets_for_models(facets: Mapping[str, Mapping[str, int]]) -> Json:
    """`values` are each filter's, the most frequent first; `not_listed` counts those left out."""
    return {
        "values": {
            name: {_short(value, _NAME): count for value, count in [*counts.items()][:_VALUES]}
            for name, counts in facets.items()
        },
        "not_listed": {
            name: len(counts) - _VALUES for name, counts in facets.items() if len(counts) > _VALUES
        },
    }


def note_for_models(note: Json) -> Json:
    """The note as it is: its text is as long as was asked for."""
    headings = [_short(one, _NAME) for one in note["headings"]]
    return {**note, "title": _short(note["title"], _NAME), "headings": headings}


def _hits(hits: Sequence[Json]) -> list[Json]:
    most = max(_LEAST, min(_MOST, _ALL // max(len(hits), 1)))
    return [_hit(hit, most) for hit in hits]


def _hit(hit: Json, most: int) -> Json:
    """`text_lines` are those of `text`: all of the note, or where `is_cut`, what fits best."""
    text = Span(0, len(hit["text"]))
    if text.end > most:
        text = _around(hit["text"], hit["passage"], most)
    lines = LineIndex(hit["text"]).lines(text)
    first = hit["lines"][0] - 1
    return {
        "rank": hit["rank"],
        "score": hit["score"],
        "note": hit["note"],
        "file": hit["file"],
        "lines": hit["lines"],
        "title": _short(hit["title"], _NAME),
        "kind": hit["kind"],
        "headings": [_short(one, _NAME) for one in hit["headings"]],
        "meta": {
            _short(name, _NAME): value if isinstance(value, list) else _short(value, _NAME)
            for name, value in hit["meta"].items()
        },
        "text": text.of(hit["text"]),
        "text_lines": [first + lines.first, first + lines.last],
        "is_cut": text.end - text.start < len(hit["text"]),
        "vault": hit["vault"],
        "freshness": hit["freshness"],
    }


def _around(text: str, passage: str, most: int) -> Span:
    """Return whole lines around a passage, or where a line is endless, a part of it."""
    at = max(text.find(passage), 0)
    before = max(most - len(passage), 0) // 2
    start = text.rfind("\n", 0, max(at - before, 0)) + 1
    if at - start > most // 2:
        start = max(at - before, 0)
    if len(text) - start < most:
        return Span(start, len(text))
    end = text.rfind("\n", start, start + most)
    return Span(start, end if end > max(at, start) else start + most)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
