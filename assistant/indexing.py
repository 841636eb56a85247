"""Update an index, with the model that it was made with unless another is named."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.embedder import Embedder
from index.embedding.models import BUNDLED_NAME, full_name, load_embedder
from index.embedding.recipe import recipe_of
from index.keeping.bulk import Bulk
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
    ray: str | None = None,
    vector_store: str | None = None,
    on_progress: OnProgress = silent,
    on_wait: OnWait | None = None,
) -> Update:
    """Index `roots` into `folder`; without roots, bring all its vaults up to date.

    Another writer is waited for half a minute, and named to `on_wait`. The Ray cluster at `ray`, if
    one is named, reads and embeds. `vector_store` is where vectors are searched from now on (see
    index.keeping.milvus.address), None for where they are.
    """
    store = Store(folder)
    for root in roots:
        if not root.expanduser().exists():
            raise NotesError(
                f"There is no file or folder {root}.",
                "Check the path, or give the folder that holds your notes.",
            )
    name = full_name(model or _model(store, rebuild))
    with _bulk(ray, name, roles) as (embedder, bulk):
        return update(
            store,
            roots,
            embedder,
            model=name,
            rebuild=rebuild,
            roles=roles,
            max_bytes=max_bytes,
            on_progress=on_progress,
            wait=WAIT,
            on_wait=on_wait,
            vector_store=vector_store,
            bulk=bulk,
        )


@contextmanager
def _bulk(ray: str | None, model: str, roles: Roles) -> Iterator[tuple[Embedder, Bulk | None]]:
    """Yield the embedder, and the cluster that does the work if one is named."""
    if not ray:
        yield load_embedder(model), None
        return
    from index.bulk.cluster import Cluster

    with Cluster(ray) as cluster:
        from index.bulk.node import Model, Work
        from index.bulk.on_ray import OnRay

        embedder = load_embedder(model)
        yield embedder, OnRay(cluster, Work(Model(model), recipe_of(embedder), roles))


def _model(store: Store, rebuild: bool) -> str:
    try:
        return model_of(store)
    except NoIndexError:
        return BUNDLED_NAME
    except NotesError:
        if rebuild:
            return remembered(store)[1] or BUNDLED_NAME
        raise
