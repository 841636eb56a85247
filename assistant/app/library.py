"""What the index holds, as HTML."""

from datetime import datetime
from html import escape

from assistant.app.charts_html import charts_html
from assistant.app.notice import notice_html
from assistant.app.problem import Problem
from assistant.app.sentences import in_language
from assistant.app.texts import say
from corpus.note import Skip
from index.embedding.models import BUNDLED_NAME
from index.finding.facets import Facets
from index.keeping.milvus.address import FAISS
from index.keeping.status import Status


def masthead_html(status: Status | Problem, language: str) -> str:
    """Return the page's head: its name, and one line on the index."""
    title, tagline = escape(say("app", language)), escape(say("tagline", language))
    gone = escape(say("server_gone", language))
    return (
        f'<div class="name"><h1>{title}</h1><p>{tagline}</p></div>{_state(status, language)}'
        f'<p class="gone warning" role="alert" hidden>{gone}</p>'
    )


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


def library_html(
    status: Status | Problem, counts: Facets | Problem, language: str, shows_places: bool
) -> str:
    """Return the counts of the index, its folders and the files that were not read."""
    if isinstance(status, Problem):
        return notice_html(status, language)
    if isinstance(counts, Problem):
        return notice_html(counts, language)
    places = _places(status, language) if shows_places else ""
    return (
        f'<div class="library">{_figures(status, language)}{charts_html(counts, language)}'
        f"{_store(status, language)}{places}{_skipped(status.skipped, language)}</div>"
    )


def _amount(status: Status, language: str) -> str:
    notes = f"{status.notes:,}"
    if status.files == 1:
        return say("state_one", language, notes=notes)
    return say("state", language, notes=notes, files=f"{status.files:,}")


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


def _places(status: Status, language: str) -> str:
    rows = [(name, root) for name, root in status.vaults.items()]
    rows.append((say("index_folder", language), status.index))
    rows.append((say("model", language), _model(status, language)))
    if status.store != FAISS:
        rows.append((say("vector_store", language), status.store))
    told = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(place)}</code></dd>" for name, place in rows
    )
    heading = escape(say("folders", language))
    return f'<section><h2>{heading}</h2><dl class="pairs">{told}</dl></section>'


def _store(status: Status, language: str) -> str:
    """Say what of a search the store of vectors does not do."""
    told = []
    if not status.is_filled:
        told.append(say("store_unfilled", language))
    elif status.store != FAISS and status.words_in_index:
        told.append(say("store_by_meaning", language, version=status.store_version))
    if status.waiting:
        told.append(say("store_waiting", language, count=f"{status.waiting:,}"))
    return "".join(f'<p class="muted">{escape(one)}</p>' for one in told)


def _skipped(skips: tuple[Skip, ...], language: str) -> str:
    if not skips:
        return f'<p class="muted">{escape(say("skipped_none", language))}</p>'
    rows = "".join(
        f"<li><code>{escape(skip.path)}</code> "
        f"<span>{escape(in_language(skip.reason, language))}</span></li>"
        for skip in skips
    )
    heading = escape(say("skipped", language))
    return f'<section><h2>{heading} ({len(skips)})</h2><ul class="skipped">{rows}</ul></section>'
