"""What the index holds, as HTML."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from assistant.app.notice import notice_html, remark_html
from assistant.app.problem import Problem
from assistant.app.texts import TEXTS, say
from corpus.note import Skip
from index.embedding.models import BUNDLED_NAME
from index.keeping.status import Status
from index.keeping.update import Update


def masthead_html(status: Status | Problem, language: str) -> str:
    """Return the page's head: its name, and one line on the index."""
    title, tagline = escape(say("app", language)), escape(say("tagline", language))
    return f'<div class="name"><h1>{title}</h1><p>{tagline}</p></div>{_state(status, language)}'


def _state(status: Status | Problem, language: str) -> str:
    """Say how much the index holds, with which model, and how fresh it is."""
    if isinstance(status, Problem):
        return notice_html(status, language)
    parts = (
        _amount(status, language),
        say("model_named", language, name=_model(status, language)),
        _updated(status, language),
    )
    return f'<p class="state">{"".join(f"<span>{escape(part)}</span>" for part in parts)}</p>'


def library_html(status: Status | Problem, language: str) -> str:
    """Return the counts of the index, its folders and the files that were not read."""
    if isinstance(status, Problem):
        return notice_html(status, language)
    kinds = {_named(f"kind_{kind}", language): n for kind, n in status.by_kind.items()}
    languages = {_named(f"lang_{lang}", language): n for lang, n in status.by_language.items()}
    return (
        f'<div class="library">{_figures(status, language)}'
        f'<div class="shares">{_shares(say("by_kind", language), kinds)}'
        f"{_shares(say('by_language', language), languages)}</div>"
        f"{_places(status, language)}{_skipped(status.skipped, language)}</div>"
    )


def update_html(update: Update | Problem, language: str) -> str:
    """Say what an update changed."""
    if isinstance(update, Problem):
        return notice_html(update, language)
    counts = say(
        "update_counts",
        language,
        added=update.added,
        changed=update.changed,
        removed=update.removed,
        unchanged=update.unchanged,
    )
    if update.added or update.changed or update.removed:
        return remark_html(say("update_done", language, seconds=f"{update.seconds:.1f}"), counts)
    return remark_html(say("update_same", language), counts)


def _amount(status: Status, language: str) -> str:
    notes = f"{status.notes:,}"
    if status.files == 1:
        return say("state_one", language, notes=notes)
    return say("state", language, notes=notes, files=f"{status.files:,}")


def _named(key: str, language: str) -> str:
    """The name of a kind or language; one without a name stands for itself."""
    return TEXTS[language].get(key, key.partition("_")[2])


def _model(status: Status, language: str) -> str:
    return say("model_bundled", language) if status.model == BUNDLED_NAME else status.model


def _updated(status: Status, language: str) -> str:
    if not status.updated:
        return say("updated_never", language)
    when = datetime.fromtimestamp(status.updated).astimezone()
    return say("updated", language, when=f"{when:%Y-%m-%d %H:%M}")


def _figures(status: Status, language: str) -> str:
    figures = {
        "notes": f"{status.notes:,}",
        "files": f"{status.files:,}",
        "passages": f"{status.chunks:,}",
        "size": f"{sum(status.bytes_on_disk.values()) / 1e6:.1f} MB",
    }
    told = "".join(
        f"<div><dt>{escape(say(key, language))}</dt><dd>{figure}</dd></div>"
        for key, figure in figures.items()
    )
    return f'<dl class="figures">{told}</dl>'


def _shares(heading: str, counts: Mapping[str, int]) -> str:
    most = max(counts.values(), default=1)
    rows = "".join(
        f'<li><span class="name">{escape(name)}</span>'
        f'<span class="bar" aria-hidden="true"><span style="width:{100 * n / most:.0f}%"></span>'
        f'</span><span class="n">{n:,}</span></li>'
        for name, n in counts.items()
    )
    return f"<section><h2>{escape(heading)}</h2><ul>{rows}</ul></section>"


def _places(status: Status, language: str) -> str:
    rows = [(name, root) for name, root in status.vaults.items()]
    rows.append((say("index_folder", language), status.index))
    rows.append((say("model", language), _model(status, language)))
    told = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(place)}</code></dd>" for name, place in rows
    )
    heading = escape(say("folders", language))
    return f'<section><h2>{heading}</h2><dl class="pairs">{told}</dl></section>'


def _skipped(skips: tuple[Skip, ...], language: str) -> str:
    if not skips:
        return f'<p class="muted">{escape(say("skipped_none", language))}</p>'
    rows = "".join(
        f"<li><code>{escape(skip.path)}</code> <span>{escape(skip.reason)}</span></li>"
        for skip in skips
    )
    heading = escape(say("skipped", language))
    return f'<section><h2>{heading} ({len(skips)})</h2><ul class="skipped">{rows}</ul></section>'
