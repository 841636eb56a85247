"""A language model's answer as HTML: what no source says is marked, citations lead to sources."""

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape

from assistant.answering.answer import Answer, Written
from assistant.answering.claim import Claim
from assistant.answering.ending import Ending
from assistant.answering.marks import citation_marks, code_spans
from assistant.app.marks import Lit
from assistant.app.note_html import note_html
from assistant.app.texts import say
from corpus.note import Span

_TAG_OR_TEXT = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>|[^<]+")
_SIGNS = 0xE100  # private use; what the model says has none of them
_SIGN = re.compile("([\ue101-\ue163])")
_UNLINKED = ("a", "code", "pre")


def written_html(
    answer: Answer,
    written: Written,
    links: Mapping[int, str],
    terms: Collection[str],
    language: str,
) -> str:
    """Return the answer; `links` are those to its sources, by number."""
    text, doubts = _with_signs(answer.text, written.claims, frozenset(links))
    said = _linked(note_html(text, terms, Lit(text, doubts, (), "doubt")), links)
    return f'<div class="written"><div class="said">{said}</div>{_about(written, language)}</div>'


def _with_signs(
    text: str, claims: Sequence[Claim], known: frozenset[int]
) -> tuple[str, tuple[Span, ...]]:
    """Put a sign for every citation, and for sources that hold a claim without being cited there.

    A sign is one character, so that it survives Markdown, and what seems a link to elsewhere is a
    citation. Return the text with the spans that are in doubt.
    """
    edits = [
        (span.start, span.end, "".join(_sign(n) if n in known else f"[{n}]" for n in numbers))
        for span, numbers in citation_marks(text)
    ]
    for claim in claims:
        if lacking := [n for n in claim.sources if n not in claim.cited]:
            at, gap = _place_for_signs(text, claim.span)
            edits.append((at, at, gap.format("".join(map(_sign, lacking)))))
    edits.sort(key=lambda edit: edit[:2])
    parts, at = [], 0
    for start, end, put in edits:
        parts += [text[at:start], put]
        at = end
    moved = [(start, end, len(put) - (end - start)) for start, end, put in edits]

    def place(position: int) -> int:
        return position + sum(more for _, end, more in moved if end <= position)

    doubts = [
        Span(place(claim.span.start), place(_end(text, claim.span)))
        for claim in claims
        if not claim.is_supported
    ]
    return "".join((*parts, text[at:])), tuple(doubts)


def _place_for_signs(text: str, span: Span) -> tuple[int, str]:
    """Return where a claim is cited, and how: after its code, within its table's row."""
    end = _end(text, span)
    said = text[span.start : end].lstrip("\n")
    if any(code.start < end == code.end and "\n" in code.of(text) for code in code_spans(text)):
        return end, "\n\n{}\n\n"
    if said.startswith(("    ", "\t")):
        return end, "\n\n{}\n\n"
    if said.lstrip().startswith("|") and said.endswith("|"):
        return end - 1, " {} "
    return end, " {}"


def _end(text: str, span: Span) -> int:
    return span.start + len(span.of(text).rstrip())


def _sign(number: int) -> str:
    return chr(_SIGNS + number)


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
    """Make links of the signs; where none can stand, the numbers."""
    parts: list[str] = []
    closed = 0
    for part in _TAG_OR_TEXT.findall(html):
        if part.startswith("<"):
            name = part.strip("</>").partition(" ")[0]
            closed += (-1 if part.startswith("</") else 1) * (name in _UNLINKED)
            parts.append(part)
            continue
        for piece in _SIGN.split(part):
            number = ord(piece) - _SIGNS if _SIGN.fullmatch(piece) else 0
            cited = f"[{number}]" if closed else links.get(number, "")
            parts.append(cited if number else piece)
    return "".join(parts)
