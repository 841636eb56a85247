"""The folders and files that an index covers."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import NotesError


@dataclass(frozen=True, slots=True)
class Vault:
    """`root` is an absolute folder, or a file if the vault is that file; `name` is unique.

    An index that was published holds its roots relative to its own folder.
    """

    id: int
    root: Path
    name: str

    @property
    def folder(self) -> Path:
        """The folder that the vault's paths are relative to."""
        is_file = os.path.isfile(self.root)  # noqa: PTH113 - Path's raises where a mount is dead
        return self.root.parent if is_file else self.root


def all_vaults(db: sqlite3.Connection) -> list[Vault]:
    """Return the index's vaults in the order they came."""
    rows = db.execute("SELECT id, root, name FROM vaults ORDER BY id")
    return [Vault(row["id"], _absolute(db, Path(row["root"])), row["name"]) for row in rows]


def _absolute(db: sqlite3.Connection, root: Path) -> Path:
    if root.is_absolute():
        return root
    files = {row["name"]: row["file"] for row in db.execute("PRAGMA database_list")}
    return Path(os.path.realpath(Path(files["main"]).parent / root))


def place_of(vault: Vault) -> tuple[int, int] | None:
    """Return the device and inode of a vault's root; None if it is not there."""
    try:
        status = vault.root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_away(root: Path) -> bool:
    """Whether a vault is not there, or empty as the place of a disk that is not mounted."""
    try:
        if os.path.isfile(root):  # noqa: PTH113 - Path's raises where a mount is dead
            return False
        return not any(root.iterdir())
    except OSError:
        return True


def add_vault(db: sqlite3.Connection, root: Path) -> Vault:
    """Return the vault at `root`, made if it is new; NotesError if it overlaps another one."""
    root = root.expanduser().absolute().resolve()
    if not root.exists():
        raise NotesError(
            f"There is no file or folder {root}.",
            "Check the path, or give the folder that holds your notes.",
        )
    known = all_vaults(db)
    for vault in known:
        if vault.root == root:
            return vault
        if vault.root in root.parents or root in vault.root.parents:
            raise NotesError(
                f"{root} and {vault.root}, which this index holds, lie one within the other.",
                "Use an index of its own for it: --index FOLDER",
            )
    try:
        str(root).encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(root).decode("utf-8", "backslashreplace")
        raise NotesError(
            f"The name of {shown} is not valid UTF-8.", "Rename the folder."
        ) from error
    name = root.name or "notes"
    taken = {vault.name for vault in known}
    unique = next(n for n in (name, *(f"{name}-{i}" for i in range(2, 9999))) if n not in taken)
    db.execute("INSERT INTO vaults (root, name) VALUES (?, ?)", (str(root), unique))
    return next(vault for vault in all_vaults(db) if vault.root == root)
