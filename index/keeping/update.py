"""Bring an index up to date with its vaults: the difference is read, embedded and stored.

Vectors are committed as they are made; files, notes, chunks and terms change in one transaction
at the end. Killed anywhere, the index still answers as of its last update, and the next run goes
on without embedding again what was committed.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import NotesError
from corpus.note import Skip
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.embedder import Embedder
from index.embedding.models import BUNDLED_NAME
from index.keeping.bulk import Bulk
from index.keeping.cosine_scale import keep_scale
from index.keeping.lock import OnWait, write_lock
from index.keeping.milvus.follower import Follower
from index.keeping.plan import Reader
from index.keeping.salvage import start_anew
from index.keeping.store import Store
from index.keeping.updater import Updater


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did, and what the index holds after it (`files`, `notes`, `chunks`).

    `others` counts, by suffix, the files in the vaults that are not notes. `store_problem` says what
    Milvus could not be told: the index has it, and the next update goes on.
    """

    files: int
    notes: int
    chunks: int
    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: tuple[Skip, ...]
    embedded: int
    seconds: float
    others: Mapping[str, int] = field(default_factory=dict)
    store_problem: str = ""


def update(
    store: Store,
    roots: Sequence[Path],
    embedder: Embedder,
    *,
    model: str = BUNDLED_NAME,
    rebuild: bool = False,
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    on_progress: OnProgress = silent,
    wait: float = 0.0,
    on_wait: OnWait | None = None,
    prepare: Callable[[], None] | None = None,
    lender: Store | None = None,
    bulk: Bulk | None = None,
    vector_store: str | None = None,
) -> Update:
    """Index `roots` (folders or files), or every vault known so far if there are none.

    `model` is the name that `embedder` was loaded by; searches load it by that name again.
    `rebuild` makes everything anew, all vaults and vectors. Another writer is waited for `wait`
    seconds. `prepare` is called before all else, with the write lock held. What the store `lender`
    has embedded by the same recipe is not embedded again. `bulk` reads and embeds, with `embedder`'s
    recipe; None for this process. `vector_store` is where vectors are searched from now on
    (index/keeping/milvus/address.py), None for where they are. Raises NotesError where nothing could
    be done.
    """
    began = time.perf_counter()
    store.make_folder()
    try:
        with write_lock(store.folder, wait, on_wait):
            follower = Follower(store, vector_store, rebuild, on_progress)
            follower.check_copy()
            if prepare:
                prepare()
            if rebuild:
                start_anew(store)
            store.create()
            follower.check()
            updater = Updater(store, embedder, model, rebuild, on_progress, lender, bulk, follower)
            reader = Reader(embedder, roles, max_bytes, bulk)
            chosen, missing = updater.vaults(roots)
            plans, missing = updater.plans(reader, chosen, missing)
            embedded = updater.embed(plans)
            if model != BUNDLED_NAME:  # which is the measure itself
                keep_scale(store, embedder)
            counts = updater.apply(plans)
    except OSError as error:  # files of the vault are read elsewhere, each with its own skip
        raise NotesError(
            f"The index folder {store.folder} cannot be written: {error}.",
            "Make room or give leave to write there, or use another folder with --index.",
        ) from error
    others: Counter[str] = Counter()
    for plan in plans:
        others.update(plan.others)
    return Update(
        files=counts["files"],
        notes=counts["notes"],
        chunks=counts["chunks"],
        added=sum(plan.added for plan in plans),
        changed=sum(plan.changed for plan in plans),
        removed=sum(plan.removed for plan in plans),
        unchanged=sum(plan.unchanged for plan in plans),
        skipped=(*missing, *(skip for plan in plans for skip in plan.skipped)),
        embedded=embedded,
        seconds=round(time.perf_counter() - began, 3),
        others=dict(others),
        store_problem=_told(follower.problem),
    )


def _told(problem: NotesError | None) -> str:
    return f"{problem.message} {problem.hint}" if problem else ""
