"""What programs may ask for: four plain functions from values to JSON, for HTTP and for MCP.

They raise NotesError and nothing else; a bug has said so in the log. A file's place within its
folder of notes is called `file` here, as Gradio's clients download whatever has a "path".
"""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.app.handlers import ask, count_values, find
from assistant.app.problem import Problem, told
from assistant.app.texts import say
from assistant.assistant import Assistant
from assistant.json_forms import Json, answer_json, hit_json
from assistant.note_now import NoteNow, read_lines, read_note
from assistant.remarks import notices_of, problems_of
from corpus.errors import NotesError
from corpus.language import language_of
from corpus.note import Lines
from index.finding.file_now import NotePlace
from index.finding.order import Order
from index.finding.search import Found

FILTERS = (
    *("type", "source", "kind", "lang", "tag", "path"),
    *("after", "before", "phrase", "without"),
)

Several = Sequence[str] | str | None
"""The values of a filter: one of them must fit."""


def ask_notes(assistant: Assistant, question: object) -> Json:
    """Answer a question from the notes; see `answer_json`."""
    answer: Json = _for_programs(answer_json(_sound(ask(assistant, _text(question)))))
    return answer


def search_notes(
    assistant: Assistant,
    query: object,
    k: object,
    mode: str,
    filters: Mapping[str, Several],
    order: str = Order.BEST,
    lit: bool = True,
) -> Json:
    """Find notes, and tell how the query was taken: `hits`, `words`, `problems`, `notices`.

    Without `lit`, `highlights` are empty, which is faster.
    """
    text, fields = _text(query), _fields(filters)
    found: Found | None = _sound(find(assistant, text, k, mode, fields, order, lit))
    if found is None:
        return {"hits": [], "words": "", "problems": [], "notices": []}
    language = language_of(text)
    return {
        "hits": [_for_programs(hit_json(hit)) for hit in found.hits],
        "words": found.query.words,
        "problems": problems_of(found.query, language),
        "notices": notices_of(found.query, language),
    }


def list_facets(
    assistant: Assistant, query: object, filters: Mapping[str, Several]
) -> dict[str, dict[str, int]]:
    """Count the notes of each value of each filter: field, value, count."""
    counts: dict[str, dict[str, int]] = _sound(
        count_values(assistant, _text(query), _fields(filters))
    )
    return counts


def open_note(
    assistant: Assistant,
    note: object,
    file: object,
    lines: Sequence[int] | None,
    vault: object,
    most: int,
) -> Json:
    """Read a note by its id, or lines of a file, as the file is now: at most `most` characters.

    With neither id nor lines it is the whole file.
    """
    named = _text(note), _text(file), lines, _text(vault), most
    return _note_json(_sound(_read(assistant, *named)))


@told
def _read(
    assistant: Assistant,
    note: str,
    file: str,
    lines: Sequence[int] | None,
    vault: str,
    most: int,
) -> NoteNow:
    if note and lines is None:  # programs may repeat the whole of a hit
        return read_note(assistant, note, most)
    if file:
        return read_lines(assistant, file, lines, vault, most)
    raise NotesError("Which note is meant?", "Give its id as note, or its file and lines.")


def _note_json(now: NoteNow) -> Json:
    """`text` is `lines` of the file as they are now; where `is_cut`, `more` are lines to go on with.

    `before` and `after` are the notes around it in the file.
    """
    here = None if now.here is None else now.file.notes[now.here]
    return {
        "note": here.key if here else "",
        "file": now.file.path,
        "lines": _pair(now.lines),
        "title": here.title if here else now.file.path.rsplit("/", 1)[-1],
        "kind": here.kind.value if here else None,
        "headings": list(now.stored.note.headings) if now.stored else [],
        "text": now.text,
        "is_cut": now.is_cut,
        "more": _pair(now.more) if now.more else None,
        "before": _neighbour(now.before),
        "after": _neighbour(now.after),
        "vault": now.file.vault,
        "freshness": now.freshness.value,
    }


def _neighbour(place: NotePlace | None) -> Json | None:
    if place is None:
        return None
    return {"note": place.key, "title": place.title, "lines": _pair(place.lines)}


def _pair(lines: Lines) -> list[int]:
    return [lines.first, lines.last]


def _fields(filters: Mapping[str, Several]) -> dict[str, Sequence[str]]:
    return {name: _values(value) for name, value in filters.items()}


def _values(value: object) -> list[str]:
    """A program may give one value or several, and a year as a number."""
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [] if value is None else [str(value)]


def _text(value: object) -> str:
    """A program may leave out the words, or search for a number."""
    return "" if value is None else str(value)


def _for_programs(value: Any) -> Any:
    if isinstance(value, dict):
        return {("file" if key == "path" else key): _for_programs(v) for key, v in value.items()}
    return [_for_programs(item) for item in value] if isinstance(value, list) else value


def _sound(outcome: Any) -> Any:
    """Return what is no Problem; raise what is one."""
    if isinstance(outcome, Problem):
        raise NotesError(outcome.message or say("bug", "en"), outcome.hint)
    return outcome
