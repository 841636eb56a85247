"""How far work is and what came of it, as HTML."""

from html import escape

from assistant.adding.add import Added, Refused
from assistant.app.adding import Dropped
from assistant.app.notice import notice_html, remark_html
from assistant.app.problem import Problem
from assistant.app.sentences import in_language
from assistant.app.texts import say
from assistant.app.work import Ending
from corpus.progress import Progress
from index.keeping.update import Update

_MOST = 20
"""Files that are named; of more, the number is told."""


def work_html(state: Progress | Update | Dropped | Problem | Ending, language: str) -> str:
    """Say how far the work is, or what came of it."""
    match state:
        case Progress():
            return _progress(state, language)
        case Problem():
            return notice_html(state, language)
        case Ending.CANCELLED:
            return remark_html(say("cancelled", language), say("cancelled_more", language))
        case Ending.BUSY:
            return remark_html(say("busy", language), say("busy_more", language))
        case Dropped():
            return _added(state.added, language)
        case Update():
            return _update(state, language)


def _progress(part: Progress, language: str) -> str:
    step = say(f"step_{part.step}", language)
    if not part.total:
        return (
            f'<div class="progress" role="status"><p>{escape(step)}</p>'
            f'<progress aria-label="{escape(step)}"></progress></div>'
        )
    return (
        f'<div class="progress"><p>{escape(step)} <span class="muted">{part.done:,} / {part.total:,}'
        f'</span></p><progress aria-label="{escape(step)}" max="{part.total}" value="{part.done}">'
        "</progress></div>"
    )


def _update(update: Update, language: str) -> str:
    counts = say(
        "update_counts",
        language,
        added=update.added,
        changed=update.changed,
        removed=update.removed,
        unchanged=update.unchanged,
    )
    if update.store_problem:
        counts = f"{counts} {in_language(update.store_problem, language)}"
    if update.added or update.changed or update.removed:
        return remark_html(say("update_done", language, seconds=f"{update.seconds:.1f}"), counts)
    return remark_html(say("update_same", language), counts)


def _added(added: Added, language: str) -> str:
    paths = "".join(f"<li><code>{escape(path)}</code></li>" for path in added.paths[:_MOST])
    refused = "".join(
        f"<li><code>{escape(one.name)}</code> <span>{escape(_why(one, language))}</span></li>"
        for one in added.refused[:_MOST]
    )
    return _list("added_files", len(added.paths), paths, language) + _list(
        "refused_files", len(added.refused), refused, language
    )


def _list(key: str, count: int, items: str, language: str) -> str:
    if not count:
        return ""
    more = say("and_more", language, count=f"{count - _MOST:,}") if count > _MOST else ""
    kind = " problem" if key == "refused_files" else ""
    return (
        f'<div class="notice{kind}" role="status"><p><strong>'
        f"{escape(say(key, language, count=f'{count:,}'))}</strong></p>"
        f'<ul class="skipped">{items}</ul>{f"<p>{escape(more)}</p>" if more else ""}</div>'
    )


def _why(refused: Refused, language: str) -> str:
    detail = refused.detail
    if refused.reason in ("too_large", "too_heavy", "bomb") and detail.isdigit():
        detail = f"{int(detail) / 1e6:,.0f} MB"
    return say(f"refused_{refused.reason.value}", language, detail=detail)
