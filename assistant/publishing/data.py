"""Write the notes that may be seen, and an index of them, into a folder."""

import getpass
import json
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assistant.publishing.choice import Choice
from assistant.publishing.mentions import mentions
from assistant.publishing.published import Published
from assistant.publishing.selecting import PublicFile, Selection, select
from assistant.version import PROGRAM, program_version
from corpus.errors import NotesError
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.embedding.models import BUNDLED_NAME, load_embedder
from index.keeping.portable import make_portable
from index.keeping.status import model_of
from index.keeping.store import Store
from index.keeping.update import Update, update
from index.keeping.vaults import Vault, all_vaults

NOTES, INDEX, TOLD = "notes", "index", "published.json"


def write_data(
    source_index: Path,
    data: Path,
    choice: Choice = Choice(),  # noqa: B008 - a frozen value
    *,
    title: str = "",
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    maps: bool = True,
    on_progress: OnProgress = silent,
) -> Published:
    """Write what may be seen of an index's vaults to `data`, a folder that is empty or not there.

    Its `index` is made of its `notes` alone, with the bundled model; vectors of the same texts are
    taken from the source. With `maps` the map is made ahead. Raises NotesError.
    """
    began = time.perf_counter()
    vaults, selected = choose(source_index, choice, roles, max_bytes, on_progress)
    if not selected.files:
        raise NotesError(
            "No note may be published: all are private or not chosen.",
            "See which and why with --dry-run, and mend what keeps them back.",
        )
    if data.exists() and any(data.iterdir()):
        raise NotesError(f"{data} is not empty; nothing was published.", "Name an empty folder.")
    _write_notes(selected.files, data / NOTES)
    done = _index(source_index, data, roles, max_bytes, on_progress)
    if maps:
        _draw(Store(data / INDEX), on_progress)
    make_portable(Store(data / INDEX))
    told = {"program": PROGRAM, "version": program_version(), "title": title}
    (data / TOLD).write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    return replace(
        report(selected, vaults, data),
        is_written=True,
        files=done.files,
        notes=done.notes,
        embedded=done.embedded,
        warnings=(*selected.warnings, *_warnings(source_index, vaults)),
        bytes=sum(file.stat().st_size for file in data.rglob("*") if file.is_file()),
        seconds=round(time.perf_counter() - began, 3),
    )


def choose(
    source_index: Path, choice: Choice, roles: Roles, max_bytes: int, on_progress: OnProgress
) -> tuple[list[Vault], Selection]:
    """Read from the vaults of an index what may be seen; nothing is written. Raises NotesError."""
    with Store(source_index).reading() as db:
        vaults = all_vaults(db)
    return vaults, select(vaults, choice, roles, max_bytes, on_progress)


def report(selected: Selection, vaults: list[Vault], place: Path) -> Published:
    """Say what would go out to `place` and what would not."""
    return Published(
        place=str(place),
        is_written=False,
        vaults=tuple(vault.name for vault in vaults),
        files=len(selected.files),
        notes=sum(file.notes for file in selected.files),
        private=tuple(selected.kept),
        hidden=selected.hidden,
        unread=tuple(selected.unread),
        others=dict(selected.others),
        mentions=mentions(selected.files, selected.kept, selected.titles),
        warnings=tuple(selected.warnings),
        bytes=sum(len(file.text.encode()) for file in selected.files),
    )


def _write_notes(files: list[PublicFile], folder: Path) -> None:
    for one in files:
        file = folder / one.vault / one.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(one.text.encode())


def _index(
    source: Path, data: Path, roles: Roles, max_bytes: int, on_progress: OnProgress
) -> Update:
    """Index the notes that were written, and nothing else."""
    return update(
        Store(data / INDEX),
        sorted((data / NOTES).iterdir()),
        load_embedder(BUNDLED_NAME),
        model=BUNDLED_NAME,
        roles=roles,
        max_bytes=2 * max_bytes,  # a file may have been in an encoding of fewer bytes
        on_progress=on_progress,
        lender=Store(source),
    )


def _draw(store: Store, on_progress: OnProgress) -> None:
    from index.mapping.layout import Layout
    from index.mapping.map import read_map

    for layout in Layout:
        read_map(store, layout, on_progress)


def _warnings(source: Path, vaults: list[Vault]) -> tuple[str, ...]:
    told = []
    model = model_of(Store(source))
    if model != BUNDLED_NAME:
        told.append(
            f"The index was made with {model}; what is published was embedded with the bundled model."
        )
    people = {Path.home().name}
    with suppress(OSError, KeyError, ImportError):
        people.add(getpass.getuser())
    told += [
        f"The vault's name goes out, and is a user's: {vault.name}."
        for vault in vaults
        if vault.name in people
    ]
    return tuple(told)
