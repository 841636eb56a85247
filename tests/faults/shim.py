"""The library that makes a process fail at a chosen write; see shim.c."""

import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")


class Shim:
    """Built once into `folder`; needs a C compiler and a C library that knows LD_PRELOAD."""

    def __init__(self, folder: Path) -> None:
        self.library, self._folder = folder / "shim.so", folder
        command = ["cc", "-O1", "-shared", "-fPIC", "-o", str(self.library), str(SOURCE), "-ldl"]
        subprocess.run(command, check=True)

    def environment(
        self, folder: Path, kind: str = "", at: int = 0, only: str = ""
    ) -> dict[str, str]:
        """Return the environment in which call `at` on the files under `folder` fails.

        `only` files whose path holds it are counted.
        """
        return {
            **os.environ,
            "LD_PRELOAD": str(self.library),
            "FAULT_FOLDER": str(folder),
            "FAULT_KIND": kind,
            "FAULT_AT": str(at),
            "FAULT_ONLY": only,
            "FAULT_LOG": str(self._folder / "where"),
            "FAULT_COUNT": str(self._folder / "count"),
        }

    @property
    def count(self) -> int:
        """How many calls the last process that ended by itself had made."""
        return int((self._folder / "count").read_text())

    def where(self) -> str:
        """Return the name of the file at which the last fault struck, "" if none did."""
        log = self._folder / "where"
        found = Path(log.read_text()).name if log.exists() else ""
        log.unlink(missing_ok=True)
        return found
