"""What the page does: plain functions from what the user gave to what is shown."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Event

from assistant.answering.answer import Answer
from assistant.app.examples import SAMPLE, example_questions, holds_sample, in_language_order
from assistant.app.problem import told, told_at_last
from assistant.app.texts import say
from assistant.assistant import Assistant
from assistant.follow_ups.resolving import Exchange
from corpus.errors import NotesError
from corpus.language import language_of
from corpus.note import Kind
from index.finding.filters import PHRASE, WITHOUT, parse_query
from index.finding.hit import Mode
from index.finding.order import Order
from index.finding.search import Found
from index.keeping.status import Status

LONGEST_QUESTION = 2000
MOST_HITS = 1000
MOST_PHRASES = 100
"""Phrases and words to leave out that one search may have."""

_TITLES = 200


def objection(question: str, language: str) -> str:
    """Say why `question` cannot be asked; "" if it can."""
    if not question.strip():
        return say("empty_question", language)
    if len(question) > LONGEST_QUESTION:
        gap = "" if language == "zh" else " "
        length = f"{len(question):,}"
        told_why = say("long_question", language, length=length, most=f"{LONGEST_QUESTION:,}")
        return f"{told_why}{gap}{say('long_question_hint', language)}"
    return ""


@told
def ask(assistant: Assistant, question: str) -> Answer:
    """Answer a question from the notes."""
    if why := objection(question, language_of(question)):
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
    if why := objection(question, language) or (searched and objection(searched, language)):
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
    wanted, sort = _wanted(fields, language), _order(order, language)
    if not text.strip() and not wanted and sort is Order.BEST:
        return None
    if len(text) > LONGEST_QUESTION:
        raise NotesError(objection(text, language))
    _check_notes(assistant, language)
    return assistant.search(text, _count(k, language), _mode(mode, language), wanted, sort, lit)


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
    if len(text) > LONGEST_QUESTION:
        raise NotesError(objection(text, language))
    return assistant.facets(text, _wanted(fields, language))


@told
def examples(assistant: Assistant, language: str) -> tuple[str, ...]:
    """Return questions that the notes answer, or titles of notes to ask about."""
    status = assistant.status()
    if holds_sample(status.vaults.values()):
        return in_language_order(SAMPLE, language)
    if not status.notes:
        return ()
    sections = assistant.search("", _TITLES, fields={"kind": (Kind.SECTION.value,)})
    return example_questions((hit.note.title for hit in sections.hits), language)


def query_language(text: str, reader: str) -> str:
    """The language of a search's labels: that of its words, the reader's where there are none."""
    words = parse_query(text).words
    return language_of(words) if words.strip() else reader


def _count(k: object, language: str) -> int:
    """Return how many hits are wanted; programs may send anything."""
    try:
        count = int(str(k))
    except (TypeError, ValueError, OverflowError):
        count = 0
    if not 1 <= count <= MOST_HITS:
        hint = say("bad_count_hint", language, most=f"{MOST_HITS:,}")
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


def _wanted(fields: Mapping[str, Sequence[str]], language: str) -> dict[str, tuple[str, ...]]:
    """Return the filters that say something, if they are not too many or too long."""
    said = {name: tuple(value for value in fields[name] if value.strip()) for name in fields}
    phrases = sum(len(said.get(name, ())) for name in (PHRASE, WITHOUT))
    longest = max((len(value) for values in said.values() for value in values), default=0)
    if phrases > MOST_PHRASES or longest > LONGEST_QUESTION:
        raise NotesError(
            say("many_filters", language),
            say("many_filters_hint", language, most=MOST_PHRASES, length=f"{LONGEST_QUESTION:,}"),
        )
    return {name: values for name, values in said.items() if values}


def _check_notes(assistant: Assistant, language: str) -> None:
    if not assistant.has_notes():
        hint = say("no_notes_hint", language, index=assistant.store.folder)
        raise NotesError(say("no_notes", language), hint)
