"""Files that a user drops on the page become notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.adding.add import Added, add_files
from assistant.adding.placing import writable
from assistant.app.problem import told
from assistant.assistant import Assistant
from corpus.progress import OnProgress
from index.keeping.update import Update


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was added of what was dropped, and the update that took it in, if anything was."""

    added: Added
    update: Update | None


@told
def places_to_add(assistant: Assistant) -> dict[str, Path]:
    """Return the vaults that files can be added to, by name."""
    vaults = assistant.status().vaults
    return {name: Path(root) for name, root in vaults.items() if writable(Path(root))}


def add_dropped(
    assistant: Assistant, files: Sequence[Path], vault: Path, on_progress: OnProgress
) -> Dropped:
    """Add uploaded files to a vault and bring the index up to date."""
    added = add_files([(file.name, file) for file in files], vault, on_progress=on_progress)
    return Dropped(added, assistant.update(on_progress) if added.paths else None)
