"""Update an index, with the model that it was made with unless another is named."""

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.models import BUNDLED_NAME, full_name, load_embedder
from index.keeping.lock import OnWait
from index.keeping.salvage import remembered
from index.keeping.status import model_of
from index.keeping.store import NoIndexError, Store
from index.keeping.update import Update, update

WAIT = 30.0
"""Seconds for which a command waits for another writer."""


def update_index(
    folder: Path,
    roots: Sequence[Path],
    *,
    model: str | None = None,
    rebuild: bool = False,
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    on_progress: OnProgress = silent,
    on_wait: OnWait | None = None,
) -> Update:
    """Index `roots` into `folder`; without roots, bring all its vaults up to date.

    Another writer is waited for half a minute, and named to `on_wait`.
    """
    store = Store(folder)
    for root in roots:
        if not root.expanduser().exists():
            raise NotesError(
                f"There is no file or folder {root}.",
                "Check the path, or give the folder that holds your notes.",
            )
    name = full_name(model or _model(store, rebuild))
    return update(
        store,
        roots,
        load_embedder(name),
        model=name,
        rebuild=rebuild,
        roles=roles,
        max_bytes=max_bytes,
        on_progress=on_progress,
        wait=WAIT,
        on_wait=on_wait,
    )


def _model(store: Store, rebuild: bool) -> str:
    try:
        return model_of(store)
    except NoIndexError:
        return BUNDLED_NAME
    except NotesError:
        if rebuild:
            return remembered(store)[1] or BUNDLED_NAME
        raise
