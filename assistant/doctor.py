"""Examine and mend an index, with the model that it was made with."""

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.doctor.diagnosis import Diagnosis
from index.doctor.examine import examine
from index.doctor.mend import mend
from index.embedding.embedder import Embedder
from index.embedding.models import BUNDLED_NAME, load_embedder
from index.embedding.recipe import recipe_of
from index.keeping.salvage import remembered
from index.keeping.store import Store
from index.keeping.update import Update


@dataclass(frozen=True, slots=True)
class Treatment:
    """What was found, and if it was mended what the update did and what is found after it."""

    before: Diagnosis
    update: Update | None = None
    after: Diagnosis | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong now."""
        return not (self.after or self.before).findings


def examine_index(
    folder: Path,
    *,
    model: str | None = None,
    wants_mending: bool = False,
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    on_progress: OnProgress = silent,
) -> Treatment:
    """Examine an index, and mend it where that is wanted and something is wrong."""
    store = Store(folder)
    name = model or remembered(store)[1] or BUNDLED_NAME
    embedder: Embedder | None = None
    try:
        embedder = load_embedder(name)
    except NotesError as error:
        found = examine(store, "", on_progress)
        found.findings.append(f"The model that made it cannot be loaded. {error.message}")
    else:
        found = examine(store, recipe_of(embedder), on_progress)
    if not wants_mending or not found.findings:
        return Treatment(found)
    if embedder is None:
        raise NotesError(found.findings[-1], "Name another model with --model.")
    done = mend(
        store,
        found,
        embedder,
        model=name,
        roles=roles,
        max_bytes=max_bytes,
        on_progress=on_progress,
    )
    return Treatment(found, done, examine(store, recipe_of(embedder), on_progress))
