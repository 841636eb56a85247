"""Search results as HTML."""

from html import escape

from assistant.app.cards import Look, card_html
from assistant.app.notice import notice_html, remark_html
from assistant.app.problem import Problem
from assistant.app.texts import say
from assistant.remarks import notices_of, problems_of
from index.finding.search import Found


def results_html(found: Found | Problem, language: str, lit: bool = True, total: int = 0) -> str:
    """Return the cards of what was found, or say why there are none; `total` fit, if that is known.

    Cards that are not `lit` have no marks and no fields folded: they take a third of the time.
    """
    if isinstance(found, Problem):
        return notice_html(found, language)
    warnings = problems_of(found.query, language)
    if found.overdue is not None:
        warnings.append(say("overdue", language, seconds=f"{found.overdue:g}"))
    problems = "".join(
        f'<p class="warning" role="status">{escape(warning)}</p>' for warning in warnings
    )
    problems += "".join(
        f'<p class="muted remark" role="status">{escape(notice)}</p>'
        for notice in notices_of(found.query, language)
    )
    if not found.hits:
        return problems + remark_html(say("no_hits", language), say("no_hits_hint", language))
    count = len(found.hits)
    number = say("results_one" if count == 1 else "results", language, count=count)
    if total > count:
        number = say("results_of", language, count=count, total=f"{total:,}")
    asked = " ".join((found.query.words, *found.query.phrases))
    has_trace = bool(found.query.words.strip())
    look = Look.for_question(asked, language, has_trace) if lit else Look.plain(language, has_trace)
    cards = "".join(card_html(hit, hit.rank, f"hit-{hit.rank}", look) for hit in found.hits)
    return (
        f'<section lang="{language}">{problems}'
        f'<h2 class="count" role="status">{escape(number)}</h2>{cards}</section>'
    )
