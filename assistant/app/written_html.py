"""A language model's answer as HTML: what no source says is marked, citations lead to sources."""

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape

from assistant.answering.answer import Answer, Written
from assistant.answering.claim import Claim
from assistant.answering.ending import Ending
from assistant.app.marks import Lit
from assistant.app.note_html import note_html
from assistant.app.texts import say
from corpus.note import Span

_TAG_OR_TEXT = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>|[^<]+")
_CITATION = re.compile(r"\[(\d{1,3})\]")
_UNLINKED = ("a", "code", "pre")


def written_html(
    answer: Answer,
    written: Written,
    links: Mapping[int, str],
    terms: Collection[str],
    language: str,
) -> str:
    """Return the answer; `links` are those to its sources, by number."""
    text, doubts = _with_sources(answer.text, written.claims)
    said = _linked(note_html(text, terms, Lit(text, doubts, (), "doubt")), links)
    return f'<div class="written"><div class="said">{said}</div>{_about(written, language)}</div>'


def _with_sources(text: str, claims: Sequence[Claim]) -> tuple[str, tuple[Span, ...]]:
    """Cite what holds a claim and is not cited there; return the text with the doubtful spans."""
    parts: list[str] = []
    doubts: list[Span] = []
    length = 0
    for claim in claims:
        said = claim.span.of(text)
        end = len(said.rstrip())
        lacking = [
            n for n in claim.sources if n not in claim.cited and not said[:end].endswith("`")
        ]
        more = "".join(f"[{n}]" for n in lacking)
        parts.append(f"{said[:end]} {more}{said[end:]}" if more else said)
        if not claim.is_supported:
            doubts.append(Span(length, length + end))
        length += len(parts[-1])
    return "".join(parts) or text, tuple(doubts)


def _about(written: Written, language: str) -> str:
    """Say who wrote it, how it ended, and what the marks mean."""
    if written.ending is None:
        return f'<p class="writing" role="status">{escape(say("writing", language))}</p>'
    told = [say("written_by", language, model=written.model)]
    if written.ending is Ending.STOPPED:
        told.append(say("stopped", language))
    if written.ending is Ending.LENGTH:
        told.append(say("cut_off", language))
    said = f'<p class="confidence">{escape(" · ".join(told))}</p>'
    if written.doubts:
        said = f'<p class="doubts">{escape(say("doubts", language))}</p>{said}'
    return said


def _linked(html: str, links: Mapping[int, str]) -> str:
    """Make links of the citations in running text."""
    parts: list[str] = []
    closed = 0
    for part in _TAG_OR_TEXT.findall(html):
        if part.startswith("<"):
            name = part.strip("</>").partition(" ")[0]
            if name in _UNLINKED:
                closed += -1 if part.startswith("</") else 1
        elif not closed:
            part = _CITATION.sub(lambda cited: links.get(int(cited[1]), cited[0]), part)
        parts.append(part)
    return "".join(parts)
