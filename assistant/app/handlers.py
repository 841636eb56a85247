"""What the page does: plain functions from what the user gave to what is shown."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Event

from assistant.answering.answer import Answer
from assistant.app.examples import SAMPLE, example_questions, holds_sample, in_language_order
from assistant.app.problem import told, told_at_last
from assistant.app.texts import say
from assistant.assistant import Assistant
from assistant.bounds import Bounds
from assistant.follow_ups.resolving import Exchange
from corpus.errors import NotesError
from corpus.language import language_of
from corpus.note import Kind
from index.finding.filters import PHRASE, WITHOUT, parse_query
from index.finding.hit import Mode
from index.finding.order import Order
from index.finding.search import Found
from index.keeping.status import Status

MOST_PHRASES = 100
"""Phrases and words to leave out that one search may have."""

_TITLES = 200


def objection(bounds: Bounds, question: str, language: str) -> str:
    """Say why `question` cannot be asked; "" if it can."""
    if not question.strip():
        return say("empty_question", language)
    if len(question) > bounds.characters:
        gap = "" if language == "zh" else " "
        length = f"{len(question):,}"
        told_why = say("long_question", language, length=length, most=f"{bounds.characters:,}")
        return f"{told_why}{gap}{say('long_question_hint', language)}"
    return ""


@told
def ask(assistant: Assistant, question: str) -> Answer:
    """Answer a question from the notes."""
    if why := objection(assistant.bounds, question, language_of(question)):
        raise NotesError(why)
    _check_notes(assistant, language_of(question))
    return assistant.ask(question)


@told_at_last
def answers(
    assistant: Assistant,
    question: str,
    earlier: Sequence[Exchange],
    searched: str,
    stop: Event,
) -> Iterator[Answer]:
    """Answer a question of a conversation, as it grows; see Assistant.answers."""
    language = language_of(question)
    bounds = assistant.bounds
    why = objection(bounds, question, language)
    if why := why or (searched and objection(bounds, searched, language)):
        raise NotesError(why)
    _check_notes(assistant, language)
    yield from assistant.answers(question, earlier, searched, stop)


@told
def find(
    assistant: Assistant,
    text: str,
    k: object,
    mode: str,
    fields: Mapping[str, Sequence[str]],
    order: str = Order.BEST,
    lit: bool = True,
) -> Found | None:
    """Search; None if there is nothing to search for, and no order but the best first is wanted."""
    language = language_of(text)
    wanted, sort = _wanted(fields, language, assistant.bounds), _order(order, language)
    if not text.strip() and not wanted and sort is Order.BEST:
        return None
    if len(text) > assistant.bounds.characters:
        raise NotesError(objection(assistant.bounds, text, language))
    _check_notes(assistant, language)
    return assistant.search(
        text, _count(k, language, assistant.bounds), _mode(mode, language), wanted, sort, lit
    )


@told
def read_status(assistant: Assistant) -> Status:
    """Say what the index holds."""
    return assistant.status()


@told
def count_values(
    assistant: Assistant, text: str, fields: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, int]]:
    """Return each filter's values, counted among the notes that the other filters leave."""
    language = language_of(text)
    if len(text) > assistant.bounds.characters:
        raise NotesError(objection(assistant.bounds, text, language))
    return assistant.facets(text, _wanted(fields, language, assistant.bounds))


@told
def examples(assistant: Assistant, language: str) -> tuple[str, ...]:
    """Return questions that the notes answer, or titles of notes to ask about."""
    status = assistant.status()
    if holds_sample(status.vaults.values()):
        return in_language_order(SAMPLE, language)
    if not status.notes:
        return ()
    titles = assistant.as_of.get("titles", lambda: _titles(assistant))
    return example_questions(titles, language)


def _titles(assistant: Assistant) -> list[str]:
    sections = assistant.search("", _TITLES, fields={"kind": (Kind.SECTION.value,)})
    return [hit.note.title for hit in sections.hits]


def query_language(text: str, reader: str) -> str:
    """The language of a search's labels: that of its words, the reader's where there are none."""
    words = parse_query(text).words
    return language_of(words) if words.strip() else reader


def _count(k: object, language: str, bounds: Bounds) -> int:
    """Return how many hits are wanted; programs may send anything."""
    try:
        count = int(str(k))
    except (TypeError, ValueError, OverflowError):
        count = 0
    if not 1 <= count <= bounds.notes:
        hint = say("bad_count_hint", language, most=f"{bounds.notes:,}")
        raise NotesError(say("bad_count", language, count=k), hint)
    return count


def _mode(name: str, language: str) -> Mode:
    if name not in list(Mode):
        raise NotesError(
            say("bad_mode", language, mode=name),
            say("bad_mode_hint", language, modes=", ".join(Mode)),
        )
    return Mode(name)


def _order(name: str, language: str) -> Order:
    if name not in list(Order):
        raise NotesError(
            say("bad_order", language, order=name),
            say("bad_order_hint", language, orders=", ".join(Order)),
        )
    return Order(name)


def _wanted(
    fields: Mapping[str, Sequence[str]], language: str, bounds: Bounds
) -> dict[str, tuple[str, ...]]:
    """Return the filters that say something, if they are not too many or too long."""
    said = {name: tuple(value for value in fields[name] if value.strip()) for name in fields}
    phrases = sum(len(said.get(name, ())) for name in (PHRASE, WITHOUT))
    longest = max((len(value) for values in said.values() for value in values), default=0)
    if phrases > MOST_PHRASES or longest > bounds.characters:
        raise NotesError(
            say("many_filters", language),
            say("many_filters_hint", language, most=MOST_PHRASES, length=f"{bounds.characters:,}"),
        )
    return {name: values for name, values in said.items() if values}


def _check_notes(assistant: Assistant, language: str) -> None:
    if not assistant.has_notes():
        hint = say("no_notes_hint", language, index=assistant.store.folder)
        raise NotesError(say("no_notes", language), hint)
