"""A conversation as Markdown, with its sources, to be kept."""

import re
from collections.abc import Iterator, Sequence

from assistant.answering.answer import Answer, Citation
from assistant.answering.marks import code_spans
from assistant.app.cards import place, place_of
from assistant.app.problem import Problem
from assistant.app.sentences import in_language
from assistant.app.texts import say
from assistant.app.turn import Turn
from corpus.language import language_of
from corpus.note import Span

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_TICKS = re.compile("`+")


def conversation_markdown(turns: Sequence[Turn], language: str) -> str:
    """Return every question with its answer, quotes as quotations, and the sources by number.

    What the notes say stands in quotations only, so that it stays theirs.
    """
    parts = [f"# {say('conversation', language)}"]
    for turn in turns:
        parts += _turn(turn)
    return "\n\n".join(parts) + "\n"


def _turn(turn: Turn) -> Iterator[str]:
    language = language_of(turn.question)
    yield f"## {_plain(turn.question)}"
    if turn.searched_for:
        yield f"*{_plain(say('searched', language, searched=turn.searched_for))}*"
    match turn.outcome:
        case None:
            yield say("searching", language)
        case Problem() as problem:
            yield _plain(in_language(problem.message, language) or say("bug", language))
        case Answer() as answer:
            yield from _answer(answer, language)


def _answer(answer: Answer, language: str) -> Iterator[str]:
    if answer.problem:
        yield _plain(say("quoted_instead", language, problem=in_language(answer.problem, language)))
    if not answer.is_answered:
        yield _plain(answer.text)
    elif answer.written is None:
        yield from (_quoted(citation) for citation in answer.citations)
    else:
        yield _as_quotation(_inert(answer.text))
        yield _plain(say("written_by", language, model=answer.written.model))
        doubts = [f"- {_plain(claim.text)}" for claim in answer.written.doubts]
        if doubts:
            yield "\n".join((say("doubts", language), "", *doubts))
    if sources := list(_sources(answer)):
        heading = say("sources" if answer.is_answered else "nearest", language)
        yield "\n".join((f"**{heading}**", "", *sources))


def _quoted(citation: Citation) -> str:
    where = place_of(citation.path, citation.lines.first, citation.lines.last)
    return f"{_as_quotation(citation.said)}\n>\n> [{citation.n}] {_code(where)}"


def _as_quotation(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _sources(answer: Answer) -> Iterator[str]:
    """Yield the sources that are cited, or all that came near."""
    cited = {citation.n for citation in answer.citations}
    for n, hit in enumerate(answer.sources, 1):
        if n in cited or not answer.is_answered:
            yield f"- [{n}] {_code(place(hit.note))} {_plain(hit.note.title)}"


def _inert(text: str) -> str:
    """Return Markdown without HTML and pictures, which an editor might fetch; code stays."""
    parts, at = [], 0
    for span in (*code_spans(text), Span(len(text), len(text))):
        said = text[at : span.start].replace("<", "&lt;").replace("![", "!\\[")
        parts += [said, span.of(text)]
        at = span.end
    return "".join(parts)


def _plain(text: str) -> str:
    """Return text on one line that Markdown shows as it is."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """Return a path between as many backticks as it takes."""
    ticks = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    gap = " " if len(ticks) > 1 else ""
    return f"{ticks}{gap}{' '.join(text.split())}{gap}{ticks}"
