"""Drop files on a vault."""

import secrets
from pathlib import Path

from assistant.adding.add import Added, Limits, add_files


class Vault:
    """An empty vault in a folder, and a place for uploads outside of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = (folder / "vault").resolve()
        self.folder.mkdir()
        self._uploads = folder / "uploads"
        self._uploads.mkdir()

    def upload(self, data: bytes) -> Path:
        file = self._uploads / secrets.token_hex(8)
        file.write_bytes(data)
        return file

    def drop(self, *files: tuple[str, bytes], limits: Limits | None = None) -> Added:
        uploaded = [(name, self.upload(data)) for name, data in files]
        return add_files(uploaded, self.folder, limits or Limits())

    def refusals(self, *files: tuple[str, bytes], limits: Limits | None = None) -> list[str]:
        """Drop files of which none is added, and return the reasons."""
        added = self.drop(*files, limits=limits)
        assert added.paths == ()
        return [refused.reason for refused in added.refused]

    def text(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def files(self) -> list[str]:
        """Return every file and link under the vault."""
        return sorted(
            file.relative_to(self.folder).as_posix()
            for file in self.folder.rglob("*")
            if file.is_symlink() or not file.is_dir()
        )
