"""What the page says apart from notes: problems, hints, nothing found."""

from html import escape

from assistant.app.problem import Problem
from assistant.app.texts import say


def notice_html(problem: Problem, language: str) -> str:
    """Tell a problem and what helps."""
    message = say("bug", language) if problem.is_bug else problem.message
    hint = say("bug_hint", language) if problem.is_bug else problem.hint
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


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
