"""A conversation as HTML: the questions with their answers, and beside them the sources."""

from collections.abc import Sequence
from html import escape

from assistant.answering.answer import Answer, Citation
from assistant.app.cards import Look, card_html, place_button
from assistant.app.note_html import line_html, note_html
from assistant.app.notice import notice_html
from assistant.app.problem import Problem
from assistant.app.sentences import in_language
from assistant.app.settled import Settled
from assistant.app.texts import say
from assistant.app.turn import Turn
from assistant.app.written_html import written_html
from corpus.language import language_of
from corpus.note import Kind


def transcript_html(turns: Sequence[Turn], language: str) -> str:
    """Return the conversation; `language` is the reader's, for the empty one."""
    if not turns:
        return (
            f'<div class="welcome"><h2>{escape(say("welcome", language))}</h2>'
            f"<p>{escape(say('welcome_more', language))}</p></div>"
        )
    return "".join(_turn(turn) for turn in turns)


def sources_html(turns: Sequence[Turn], language: str) -> str:
    """Return the source cards of every answer; those of the latest are shown."""
    answered = [turn for turn in turns if turn.has_cards]
    if not answered:
        heading, more = say("sources", language), say("sources_empty", language)
        told = f'<h2>{escape(heading)}</h2><p class="muted">{escape(more)}</p>'
        return f'<section class="sources">{told}</section>'
    latest = answered[-1].n
    return "".join(_sources(turn, turn.n == latest) for turn in answered)


def settled(n: int, question: str, outcome: Answer | Problem, searched: str) -> Settled:
    """Return what came of a question, which is not going to change, with its HTML."""
    turn = Turn(n, question, outcome, searched)
    said = _outcome(turn, language_of(question))
    return Settled.of(outcome, said, _cards(turn) if turn.has_cards else "")


def _turn(turn: Turn) -> str:
    language = language_of(turn.question)
    asked = escape(turn.question).replace("\n", "<br>")
    you, answer = escape(say("you", language)), escape(say("answer", language))
    return (
        f'<section class="turn" data-turn="{turn.n}" lang="{language}">'
        f'<div class="asked"><span class="unseen">{you}: </span>{asked}</div>{_searched(turn, language)}'
        f'<div class="answer"><span class="unseen">{answer}: </span>{_said_of(turn, language)}</div>'
        "</section>"
    )


def _searched(turn: Turn, language: str) -> str:
    if not turn.searched_for:
        return ""
    said = say("searched", language, searched=turn.searched_for)
    return f'<p class="searched">{escape(said)}</p>'


def _said_of(turn: Turn, language: str) -> str:
    return turn.found.said if isinstance(turn.found, Settled) else _outcome(turn, language)


def _outcome(turn: Turn, language: str) -> str:
    match turn.outcome:
        case None:
            return f'<p class="pending" role="status">{escape(say("searching", language))}</p>'
        case Problem() as problem:
            return notice_html(problem, language)
        case Answer() as answer:
            return _overdue(answer, language) + _unwritten(answer, language) + _said(turn.n, answer)


def _said(n: int, answer: Answer) -> str:
    language = language_of(answer.question)
    if answer.is_reply:
        return f"<p>{escape(answer.text)}</p>"
    if not answer.is_answered:
        return _refusal(n, answer, language)
    if answer.written is None:
        return _quotes(n, answer) + _confidence(answer, language)
    if not answer.text:
        return f'<p class="pending writing" role="status">{escape(say("writing", language))}</p>'
    links = {i: _link(n, answer, i) for i in range(1, len(answer.sources) + 1)}
    look = Look.for_question(answer.searched or answer.question, language)
    return written_html(answer, answer.written, links, look.terms, language)


def _unwritten(answer: Answer, language: str) -> str:
    """Say why a language model did not write the answer."""
    if not answer.problem:
        return ""
    said = say("quoted_instead", language, problem=in_language(answer.problem, language))
    return f'<p class="warning" role="status">{escape(said)}</p>'


def _overdue(answer: Answer, language: str) -> str:
    if answer.overdue is None:
        return ""
    said = say("overdue", language, seconds=f"{answer.overdue:g}")
    return f'<p class="warning" role="status">{escape(said)}</p>'


def _refusal(n: int, answer: Answer, language: str) -> str:
    heading, more = escape(say("not_found", language)), escape(say("not_found_more", language))
    if answer.sources:
        nearest = escape(say("nearest", language))
        more += f' <a class="cite" href="#{_anchor(n, 1)}">{nearest}</a>'
    return f'<div class="refusal"><strong>{heading}</strong><p>{more}</p></div>'


def _confidence(answer: Answer, language: str) -> str:
    percent = min(round(100 * answer.confidence), 99)  # nothing is certain
    about = escape(say("confidence_about", language))
    said = escape(say("confidence", language, percent=percent))
    return f'<p class="confidence" title="{about}">{said}</p>'


def _quotes(n: int, answer: Answer) -> str:
    """Each quote with its source."""
    look = Look.for_question(answer.searched or answer.question, language_of(answer.question))
    return "".join(
        f'<div class="quote"><div class="said">{_quote(answer, citation, look)}</div>'
        f'<p class="from">{_link(n, answer, citation.n)} {_place(answer, citation, look)}</p></div>'
        for citation in answer.citations
    )


def _place(answer: Answer, citation: Citation, look: Look) -> str:
    vault = answer.sources[citation.n - 1].vault
    return place_button(vault, citation.path, citation.lines, look.language)


def _quote(answer: Answer, citation: Citation, look: Look) -> str:
    if answer.sources[citation.n - 1].note.kind is Kind.ROW:
        return f"<p>{line_html(citation.said, look.terms)}</p>"
    return note_html(citation.said, look.terms)


def _link(n: int, answer: Answer, source: int) -> str:
    note = answer.sources[source - 1].note
    language = language_of(answer.question)
    label = escape(say("from_note", language, n=source, title=note.title))
    return (
        f'<a class="cite" href="#{_anchor(n, source)}" aria-label="{label}" title="{label}">'
        f"[{source}]</a>"
    )


def _anchor(n: int, source: int) -> str:
    return f"turn-{n}-source-{source}"


def _sources(turn: Turn, is_shown: bool) -> str:
    language = language_of(turn.question)
    return (
        f'<section class="sources" data-turn="{turn.n}" lang="{language}"'
        f"{'' if is_shown else ' hidden'}>"
        f"{turn.found.cards if isinstance(turn.found, Settled) else _cards(turn)}</section>"
    )


def _cards(turn: Turn) -> str:
    answer = turn.outcome
    assert isinstance(answer, Answer)
    language = language_of(turn.question)
    look = Look.for_question(turn.searched_for or turn.question, language)
    heading = say("sources" if answer.is_answered else "nearest", language)
    about = "" if answer.is_answered else say("nearest_more", language)
    more = f'<p class="muted">{escape(about)}</p>' if about and answer.sources else ""
    cards = "".join(
        card_html(hit, i, _anchor(turn.n, i), look) for i, hit in enumerate(answer.sources, 1)
    )
    return f"<h2>{escape(heading)}</h2>{more}{cards}"
