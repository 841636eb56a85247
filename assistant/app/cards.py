"""A found note as a card."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape

from assistant.app.marks import UNLIT, Lit, mark_text
from assistant.app.note_html import line_html, note_html
from assistant.app.texts import say
from corpus.note import Kind, Lines, Note, Span
from corpus.roles import CONTENT, DATE, NUMBER, REMARK, SOURCE, TITLE, TYPE
from index.finding.fusion import DENSE, TERMS
from index.finding.hit import Freshness, Hit
from index.finding.near_words import telling_terms
from index.finding.reranker import RERANKER

_ROLES = (NUMBER, CONTENT, SOURCE, REMARK, TYPE, TITLE, DATE)
_CHIPS = (SOURCE, TYPE, REMARK)


@dataclass(frozen=True, slots=True)
class Look:
    """How cards look: the terms to mark, the language of labels, whether "why?" is offered."""

    terms: frozenset[str]
    language: str
    has_trace: bool = False
    has_fields: bool = True

    @classmethod
    def plain(cls, language: str, has_trace: bool = False) -> "Look":
        """Show what is needed to know a note."""
        return cls(frozenset(), language, has_trace, has_fields=False)

    @classmethod
    def for_question(cls, question: str, language: str, has_trace: bool = False) -> "Look":
        """Mark what the question asks for."""
        return cls(telling_terms(question), language, has_trace)


def card_html(hit: Hit, n: int, anchor: str, look: Look) -> str:
    """Return the card of source `n`; `anchor` is its id in the page."""
    parts = (
        _head(hit, n, look),
        _trail(hit, look),
        f'<div class="said passage">{_passage(hit, look)}</div>',
        _chips(hit.note, look),
        f'<div class="more">{_open(hit, look)}{_fields(hit, look)}'
        f"{_why(hit, look) if look.has_trace else ''}</div>",
    )
    label = escape(say("from_note", look.language, n=n, title=hit.note.title))
    return (
        f'<article class="card" id="{anchor}" tabindex="-1" aria-label="{label}">'
        f"{''.join(parts)}</article>"
    )


def place(note: Note) -> str:
    """Return where a note stands, as editors take it: `net/tcp.md:13-15`."""
    return place_of(note.path, note.lines.first, note.lines.last)


def place_of(path: str, first: int, last: int) -> str:
    """Return `path:line` or `path:first-last`."""
    return f"{path}:{first}" if first == last else f"{path}:{first}-{last}"


def opens(vault: str, path: str, lines: Lines) -> str:
    """Return the attributes of an element that opens these lines at a click."""
    return (
        f'data-vault="{escape(vault)}" data-path="{escape(path)}"'
        f' data-first="{lines.first}" data-last="{lines.last}"'
    )


def place_button(vault: str, path: str, lines: Lines, language: str) -> str:
    """Return a place that opens at a click."""
    shown = escape(place_of(path, lines.first, lines.last))
    told = escape(say("read_in_file", language))
    return (
        f'<button type="button" class="place" title="{told}" {opens(vault, path, lines)}>'
        f"{shown}</button>"
    )


def _open(hit: Hit, look: Look) -> str:
    told = escape(say("read_in_file", look.language))
    where = opens(hit.vault, hit.note.path, hit.note.lines)
    return f'<button type="button" class="read" {where}>{told}</button>'


def _head(hit: Hit, n: int, look: Look) -> str:
    kind = say(f"kind_{hit.note.kind.value}", look.language)
    return (
        f'<header><span class="number">{n}</span>'
        f'<span class="kind kind-{hit.note.kind.value}">{escape(kind)}</span>'
        f"{place_button(hit.vault, hit.note.path, hit.note.lines, look.language)}{_stale(hit, look)}"
        f"{_score(hit, look)}</header>"
    )


def _score(hit: Hit, look: Look) -> str:
    """Show how well the note fits, where anything was asked that it can fit."""
    if not any(part.contribution for part in hit.trace.values()):
        return ""
    score = escape(say("score", look.language))
    share = round(100 * min(max(hit.score, 0.0), 1.0))
    return (
        f'<span class="score" title="{score}"><span class="bar" aria-hidden="true">'
        f'<span style="width:{share}%"></span></span>'
        f'<span class="unseen">{score} </span>{hit.score:.2f}</span>'
    )


def _stale(hit: Hit, look: Look) -> str:
    if hit.freshness is Freshness.CURRENT:
        return ""
    told = escape(say(f"hit_{hit.freshness.value}", look.language))
    return f'<span class="stale" role="status">{told}</span>'


def _trail(hit: Hit, look: Look) -> str:
    """The breadcrumb: vault and headings; the last heading stands out where it is the title."""
    note = hit.note
    headings = list(note.headings)
    title = headings.pop() if headings and headings[-1] == note.title else ""
    told = (escape(hit.vault), *(mark_text(heading, look.terms) for heading in headings))
    steps = "".join(f"<li>{step}</li>" for step in told)
    shown = f"<h3>{mark_text(title, look.terms)}</h3>" if title else ""
    return f'<ol class="trail">{steps}</ol>{shown}'


def _passage(hit: Hit, look: Look) -> str:
    if hit.note.kind is Kind.ROW:
        if hit.note.body == hit.note.span:
            lit = lit_in(hit, hit.note.span)
            return _pairs([(key, hit.note.meta[key]) for key in hit.note.columns], look, lit)
        return f"<p>{line_html(hit.note.body_text, look.terms, lit_in(hit, hit.note.body))}</p>"
    return note_html(hit.passage_text, look.terms, lit_in(hit, hit.passage))


def lit_in(hit: Hit, part: Span) -> Lit:
    """Return what answers in a part of the note that holds the passage; offsets from its start."""

    def inside(span: Span) -> Span:
        return Span(span.start - part.start, span.end - part.start)

    found, start = hit.highlights, hit.note.span.start
    return Lit(
        hit.note.text[part.start - start : part.end - start],
        tuple(inside(lit.span) for lit in found.sentences),
        tuple(map(inside, found.near)),
    )


def _chips(note: Note, look: Look) -> str:
    """What is said of the note: source, type, remark, and its tags."""
    chips = [
        f'<li><span class="label">{escape(say(role, look.language))}</span> '
        f"<span>{line_html(note.meta[role], look.terms)}</span></li>"
        for role in _CHIPS
        if note.meta.get(role)
    ]
    chips += [f'<li class="tag">#{mark_text(tag, look.terms)}</li>' for tag in note.tags]
    return f'<ul class="chips">{"".join(chips)}</ul>' if chips else ""


def _why(hit: Hit, look: Look) -> str:
    rows = []
    for name in (name for name in (DENSE, TERMS, RERANKER) if name in hit.trace):
        part = hit.trace[name]
        rank = "–" if part.rank is None else str(part.rank)
        label = escape(say(f"list_{name}", look.language))
        rows.append(
            f'<tr><th scope="row">{label}</th><td>{rank}</td>'
            f"<td>{part.score:.3f}</td><td>{part.contribution:.3f}</td></tr>"
        )
    heads = ("list", "rank", "raw_score", "contribution")
    head = "".join(f'<th scope="col">{escape(say(key, look.language))}</th>' for key in heads)
    total = escape(say("total", look.language))
    return (
        f'<details class="why"><summary>{escape(say("why", look.language))}</summary>'
        f'<table><caption class="unseen">{escape(say("why_about", look.language))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
        f'<tfoot><tr><th scope="row">{total}</th><td></td><td></td>'
        f"<td>{hit.score:.3f}</td></tr></tfoot></table></details>"
    )


def _fields(hit: Hit, look: Look) -> str:
    """What a row's cells or the file's front matter say, where the card does not show it all."""
    note = hit.note
    is_shown = note.kind is Kind.ROW and note.body == note.span
    facts = [] if is_shown or not look.has_fields else list(_facts(note))
    if not facts:
        return ""
    told = escape(say("fields", look.language))
    return f'<details class="fields"><summary>{told}</summary>{_pairs(facts, look)}</details>'


def _facts(note: Note) -> Iterator[tuple[str, str]]:
    """Yield what a row's cells or a file's front matter say, the content of a row first."""
    if note.kind is Kind.ROW and note.body != note.span:
        yield CONTENT, note.body_text
    yield from note.meta.items()


def _pairs(pairs: Collection[tuple[str, str]], look: Look, lit: Lit = UNLIT) -> str:
    if not pairs:
        return ""
    told = "".join(
        f"<dt>{mark_text(say(key, look.language) if key in _ROLES else key, ())}</dt>"
        f"<dd>{line_html(value, look.terms, lit)}</dd>"
        for key, value in pairs
        if value
    )
    return f'<dl class="pairs">{told}</dl>'
