"""Follow the vaults while the app runs: an edit is searchable soon after it is saved."""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles import BaseFilter, Change, watch

from corpus.errors import NotesError
from corpus.ignore import IGNORE_FILES
from corpus.scan import HEAVY_FOLDERS, NOTE_SUFFIXES

_SETTLE_MS = 300
"""An editor writes a file in several steps; so long a pause ends them."""

_LOOK_EVERY = 300.0
"""Seconds after which the vaults are looked at though nothing was told: a network disk tells nothing."""

_RETRY = 5.0

_log = logging.getLogger(__name__)


class NoteFilter(BaseFilter):
    """Passes what may change the notes: note files, ignore files, folders; not the index itself."""

    def __init__(self, roots: Sequence[Path], index: Path) -> None:
        super().__init__()
        self._roots, self._index = [str(root) for root in roots], str(index.resolve()) + os.sep

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change at `path` may matter."""
        if path.startswith(self._index):
            return False
        root = next((root for root in self._roots if path.startswith(root + os.sep)), None)
        if root is None:
            return path in self._roots
        *folders, name = Path(path).relative_to(root).parts
        if any(folder[0] == "." or folder in HEAVY_FOLDERS for folder in folders):
            return False
        if name in IGNORE_FILES or name.lower().endswith(NOTE_SUFFIXES):
            return True
        if name[0] == "." or name in HEAVY_FOLDERS:
            return False
        # A folder, come or gone; of what is gone nobody can say any more what it was.
        return change is Change.deleted or Path(path).is_dir()


class Watcher:
    """Calls `update` once at the start, and whenever notes may have changed, in its own thread.

    `roots` are asked for before each watch, since an update may add some. What goes wrong is told to
    `on_problem` ("" when it goes well again) and tried again at the next change.
    """

    def __init__(
        self,
        roots: Callable[[], Sequence[Path]],
        index: Path,
        update: Callable[[], object],
        on_problem: Callable[[str], None],
    ) -> None:
        self._roots, self._index = roots, index
        self._update, self._on_problem = update, on_problem
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; an update that is under way is finished."""
        self._stop.set()
        self._thread.join(timeout=60)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._bring_up()
                self._watch()
            except Exception as error:  # noqa: BLE001 - a thread that dies would not be missed
                _log.exception("watching failed")
                self._on_problem(f"The notes' folders cannot be watched: {error}")
                self._stop.wait(_RETRY)

    def _watch(self) -> None:
        """Watch the vaults that are there until those are others."""
        there = self._there()
        roots = [root for root, *_ in there]
        files = [root for root in roots if root.is_file()]
        looked, stamps = 0.0, _stamps(files)  # what was saved before the watch began is looked for
        for is_told in self._changes([root for root in roots if root.is_dir()], roots):
            now = _stamps(files)  # a file alone is asked: an editor may put another in its place
            overdue = time.monotonic() - looked > _LOOK_EVERY
            if is_told or overdue or now != stamps:
                looked, stamps = time.monotonic(), now
                self._bring_up()
            if self._stop.is_set() or self._there() != there:
                return

    def _changes(self, folders: Sequence[Path], roots: Sequence[Path]) -> Iterator[bool]:
        """Yield whether anything may have changed in the folders, every second at the least."""
        if not folders:
            while not self._stop.wait(1.0):
                yield False
            return
        for changes in watch(
            *folders,
            watch_filter=NoteFilter(roots, self._index),
            debounce=_SETTLE_MS,
            step=50,
            stop_event=self._stop,
            rust_timeout=1_000,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            yield bool(changes)

    def _there(self) -> list[tuple[Path, int, int]]:
        """Return the vaults that are there, each with what tells it from another of its name."""
        there = []
        for root in self._roots():
            with suppress(OSError):
                status = root.stat()
                is_folder = stat.S_ISDIR(status.st_mode)  # a file may be replaced at every save
                inode = status.st_ino if is_folder else 0
                there.append((root, status.st_dev if is_folder else 0, inode))
        return there

    def _bring_up(self) -> None:
        try:
            self._update()
        except NotesError as error:
            self._on_problem(f"{error.message} {error.hint}".strip())
        else:
            self._on_problem("")


def _stamps(files: Sequence[Path]) -> list[tuple[int, int, int] | None]:
    stamps: list[tuple[int, int, int] | None] = []
    for file in files:
        try:
            status = file.stat()
            stamps.append((status.st_size, status.st_mtime_ns, status.st_ino))
        except OSError:
            stamps.append(None)
    return stamps
