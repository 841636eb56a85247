"""Publish the notes of an index: a folder that is a Space and a Docker image's source."""

import time
from dataclasses import replace
from pathlib import Path

from assistant.publishing.choice import Choice
from assistant.publishing.data import choose, report, write_data
from assistant.publishing.exchange import check_place, replacing
from assistant.publishing.program import copy_program, license_text
from assistant.publishing.published import Published
from assistant.publishing.space import space_files
from corpus.progress import OnProgress, silent
from corpus.roles import ROLES, Roles
from corpus.scan import MAX_BYTES
from index.keeping.store import Store
from index.keeping.vaults import all_vaults


def publish(
    source_index: Path,
    out: Path,
    choice: Choice = Choice(),  # noqa: B008 - a frozen value
    *,
    title: str = "",
    roles: Roles = ROLES,
    max_bytes: int = MAX_BYTES,
    dry_run: bool = False,
    on_progress: OnProgress = silent,
) -> Published:
    """Write what may be seen of an index's vaults to `out`, with all that serves it.

    An earlier published folder there is replaced. With `dry_run` nothing is written. Raises
    NotesError.
    """
    began = time.perf_counter()
    with Store(source_index).reading() as db:
        roots = [vault.root for vault in all_vaults(db)]
    place = check_place(out, [*roots, source_index])
    if dry_run:
        vaults, selected = choose(source_index, choice, roles, max_bytes, on_progress)
        return report(selected, vaults, place)
    title = title or ", ".join(root.stem for root in roots)
    with replacing(place) as aside:
        done = write_data(
            source_index,
            aside / "data",
            choice,
            title=title,
            roles=roles,
            max_bytes=max_bytes,
            on_progress=on_progress,
        )
        copy_program(aside / "package")
        for name, text in space_files(title, done.files, done.notes, license_text()).items():
            (aside / name).write_text(text, encoding="utf-8")
        size = sum(file.stat().st_size for file in aside.rglob("*") if file.is_file())
    seconds = round(time.perf_counter() - began, 3)
    return replace(done, place=str(place), bytes=size, seconds=seconds)
