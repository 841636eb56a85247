"""Put a folder in the place of an earlier one, whole or not at all.

What is new is written in a folder beside it, which then takes its place. A folder's `.git` is
handed on. What a killed run left beside it is cleared away by the next one.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.publishing.data import TOLD
from assistant.publishing.space import is_marker
from assistant.version import PROGRAM
from corpus.errors import NotesError

_BEGUN, _EARLIER = "publishing", "published"
_GIT = ".git"
_NEW_SPACE = frozenset((_GIT, ".gitattributes", ".gitignore", "README.md"))
"""What is in the clone of a Space that was just made."""


def check_place(out: Path, apart: Sequence[Path]) -> Path:
    """Return where `out` really is. It must be free or published, and lie `apart` from these.

    Raises NotesError.
    """
    place = Path(os.path.realpath(out.expanduser()))
    for other in (Path(os.path.realpath(one)) for one in apart):
        if place == other or place in other.parents or other in place.parents:
            raise NotesError(
                f"{place} and {other} lie one within the other; nothing was published.",
                "Name a folder apart from your notes and their index.",
            )
    if place.exists() and not (place.is_dir() and (is_free(place) or is_published(place))):
        raise NotesError(
            f"{place} holds something else than published notes; nothing was published.",
            "Name a folder that is empty or not there yet.",
        )
    return place


def is_free(place: Path) -> bool:
    """Whether a folder is empty, or the clone of a Space in which nothing is yet."""
    names = {entry.name for entry in place.iterdir()}
    return not names or (_GIT in names and names <= _NEW_SPACE)


def is_published(place: Path) -> bool:
    """Whether a folder was written by this program."""
    try:
        told = (place / "data" / TOLD).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return is_marker(told, PROGRAM)


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Yield a folder to write into; it takes the place when the block ends well.

    Raises NotesError where another process publishes there, or nothing can be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place.parent / f".{place.name}.lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise NotesError(
            f"Another process publishes to {place}.", "Wait until it is done."
        ) from error
    except OSError as error:
        raise _refused(place, error) from error
    try:
        _clear(place)
        aside = Path(tempfile.mkdtemp(prefix=_beside(place, _BEGUN), dir=place.parent))
        try:
            yield aside
            _open_to_all(aside)
            _exchange(place, aside)
        except OSError as error:
            raise _refused(place, error) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    finally:
        lock.release()
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)


def _beside(place: Path, what: str) -> str:
    return f".{place.name}.{what}-"


def _exchange(place: Path, aside: Path) -> None:
    """Let `aside` take the place; what was there is gone, but for its repository."""
    if not place.exists():
        aside.rename(place)
        return
    earlier = Path(tempfile.mkdtemp(prefix=_beside(place, _EARLIER), dir=place.parent))
    place.rename(earlier)  # over an empty folder: one step
    aside.rename(place)
    _end_exchange(place, earlier)


def _end_exchange(place: Path, earlier: Path) -> None:
    if (earlier / _GIT).exists() and not (place / _GIT).exists():
        (earlier / _GIT).rename(place / _GIT)
    shutil.rmtree(earlier, ignore_errors=True)


def _clear(place: Path) -> None:
    """Give back what a killed run had put aside, and drop what it had begun."""
    for earlier in place.parent.glob(_beside(place, _EARLIER) + "*"):
        if not place.exists() and any(earlier.iterdir()):
            earlier.rename(place)
        else:
            _end_exchange(place, earlier)
    for begun in place.parent.glob(_beside(place, _BEGUN) + "*"):
        shutil.rmtree(begun, ignore_errors=True)


def _open_to_all(folder: Path) -> None:
    """Give files and folders the usual modes: others, such as a container's user, read them."""
    folder.chmod(0o755)
    for one in folder.rglob("*"):
        one.chmod(0o755 if one.is_dir() else 0o644)


def _refused(place: Path, error: OSError) -> NotesError:
    return NotesError(
        f"{place} cannot be written: {error}; nothing was published.",
        "Make room or give leave to write there, or name another folder.",
    )
