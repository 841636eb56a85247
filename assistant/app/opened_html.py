"""A note opened in its file, as HTML."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assistant.app.cards import opens, place_of
from assistant.app.file_html import file_html, lines_html
from assistant.app.note_html import note_html
from assistant.app.notice import notice_html
from assistant.app.opened import Opened, open_asked
from assistant.app.problem import Problem
from assistant.app.texts import say
from assistant.assistant import Assistant
from index.finding.file_now import NotePlace
from index.finding.hit import Freshness, Hit

_SNIPPET = 160
"""Characters of a note that is like this one."""


def asked_html(assistant: Assistant, asked: Mapping[str, Any], language: str, edits: bool) -> str:
    """Open what the page's script asks for, and return what is shown of it."""
    return opened_html(open_asked(assistant, asked), language, edits)


def opened_html(opened: Opened | Problem, language: str, edits: bool) -> str:
    """Return what the reader of a note shows; with links to editors only where `edits`."""
    if isinstance(opened, Problem):
        title = escape(say("note_closed", language))
        return (
            f'<header><h2 id="opened-title">{title}</h2>{_close(language)}</header>'
            f'<div class="file">{notice_html(opened, language)}</div>'
        )
    file = opened.file
    place = place_of(file.path, opened.cited.first, opened.cited.last)
    actions = _copy(opened, language) + (_editors(opened, language) if edits else "")
    return (
        f'<header><h2 id="opened-title"><span class="vault">{escape(file.vault)}</span> '
        f'<code class="place">{escape(place)}</code></h2>'
        f'<div class="actions">{actions}{_close(language)}</div></header>'
        f'<div class="file" tabindex="0" aria-label="{escape(file.path)}">'
        f"{_warning(file.freshness, language)}{_left_out(opened, language)}"
        f'<div class="said">{_body(opened)}</div></div>'
        f'<aside aria-label="{escape(say("around", language))}">{_neighbours(opened, language)}'
        f"{_alike(opened, language)}</aside>"
    )


def _body(opened: Opened) -> str:
    if opened.is_markdown:
        return file_html(opened.text, opened.begin, opened.cited)
    return lines_html(opened.text, opened.begin, opened.cited)


def _close(language: str) -> str:
    told = escape(say("close", language))
    return (
        f'<button type="button" class="close" aria-label="{told}" title="{told} (Esc)">×</button>'
    )


def _copy(opened: Opened, language: str) -> str:
    copy, copied = escape(say("copy_link", language)), escape(say("copied", language))
    return f'<button type="button" class="copy" data-copied="{copied}">{copy}</button>'


def _editors(opened: Opened, language: str) -> str:
    """Links that open the file where it lies on this machine."""
    file = opened.file.file
    links = [("VS Code", f"vscode://file{_as_url(file)}:{opened.cited.first}")]
    if any((folder / ".obsidian").is_dir() for folder in file.parents):
        links.insert(0, ("Obsidian", f"obsidian://open?path={quote(str(file), safe='')}"))
    return "".join(
        f'<a class="editor" href="{escape(url)}">{escape(say("open_in", language, editor=name))}</a>'
        for name, url in links
    )


def _as_url(file: Path) -> str:
    path = quote(file.as_posix())
    return path if path.startswith("/") else f"/{path}"


def _warning(freshness: Freshness, language: str) -> str:
    if freshness is Freshness.CURRENT:
        return ""
    told = escape(say(f"file_{freshness.value}", language))
    return f'<p class="warning" role="status">{told}</p>'


def _left_out(opened: Opened, language: str) -> str:
    if opened.is_whole:
        return ""
    return f'<p class="muted part">{escape(say("file_part", language, first=opened.begin))}</p>'


def _neighbours(opened: Opened, language: str) -> str:
    shown = [
        ("previous_note", "ArrowLeft", "←", opened.before),
        ("next_note", "ArrowRight", "→", opened.after),
    ]
    buttons = "".join(
        _neighbour(opened, note, say(key, language), press, arrow)
        for key, press, arrow, note in shown
        if note
    )
    heading = escape(say("in_this_file", language))
    count = say("notes_count", language, count=f"{len(opened.file.notes):,}")
    return (
        f'<section class="neighbours"><h3>{heading} <span class="muted">{escape(count)}</span></h3>'
        f"{buttons}</section>"
    )


def _neighbour(opened: Opened, note: NotePlace, label: str, key: str, arrow: str) -> str:
    file = opened.file
    return (
        f'<button type="button" class="open" data-key="{key}" aria-keyshortcuts="{key}"'
        f" {opens(file.vault, file.path, note.lines)}>"
        f'<span class="muted"><span aria-hidden="true">{arrow}</span> {escape(label)}</span>'
        f"<span>{escape(note.title)}</span></button>"
    )


def _alike(opened: Opened, language: str) -> str:
    if not opened.alike:
        return ""
    heading = escape(say("alike", language))
    return f'<section class="alike"><h3>{heading}</h3>{"".join(map(_like, opened.alike))}</section>'


def _like(hit: Hit) -> str:
    note = hit.note
    text = note.body_text if len(note.body_text) <= _SNIPPET else f"{note.body_text[:_SNIPPET]}…"
    return (
        f'<article><button type="button" class="open" {opens(hit.vault, note.path, note.lines)}>'
        f"<span>{escape(note.title)}</span>"
        f'<code class="place">{escape(place_of(note.path, note.lines.first, note.lines.last))}</code>'
        f'</button><div class="said snippet" aria-hidden="true">{note_html(text)}</div></article>'
    )
