"""What the page says apart from notes: problems, hints, nothing found."""

from html import escape

from assistant.app.problem import Problem
from assistant.app.sentences import in_language
from assistant.app.texts import say
from assistant.assistant import Assistant


def notice_html(problem: Problem, language: str) -> str:
    """Tell a problem and what helps."""
    message = say("bug", language) if problem.is_bug else in_language(problem.message, language)
    hint = say("bug_hint", language) if problem.is_bug else in_language(problem.hint, language)
    return (
        f'<div class="notice problem" role="alert"><p><strong>{_lines(message)}</strong></p>'
        f"{f'<p>{_lines(hint)}</p>' if hint else ''}</div>"
    )


def remark_html(message: str, hint: str = "") -> str:
    """Tell something that is no problem."""
    more = f"<p>{_lines(hint)}</p>" if hint else ""
    return (
        f'<div class="notice" role="status"><p><strong>{_lines(message)}</strong></p>{more}</div>'
    )


def leaving_html(assistant: Assistant, language: str) -> str:
    """Say that notes leave this machine, if they do."""
    endpoint = assistant.writer.endpoint if assistant.writer else None
    if endpoint is None or endpoint.is_local:
        return ""
    said = say("notes_leave", language, model=endpoint.model, host=endpoint.host)
    return f'<p class="leaving">{_lines(said)}</p>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
