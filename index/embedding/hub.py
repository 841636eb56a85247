"""Models of sentence-transformers by hub name or folder, and what is said when one cannot be had."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.errors import NotesError


def load_model(make: Callable[..., Any], name: str, mend: str) -> Any:
    """Return `make(name)`, in single precision on a CPU.

    A model in the local cache is not looked up on the hub. Raises NotesError with the hint `mend`
    if there is no such model or it cannot be loaded.
    """
    from safetensors import SafetensorError

    if Path(name).exists() and not Path(name).is_dir():
        raise NotesError(f"The model {name!r} is a file, not a model's folder", mend)
    failures = (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        ImportError,
        RuntimeError,
        SafetensorError,
    )
    try:
        return _widened(make(name, local_files_only=True))
    except failures as error:
        if Path(name).exists() or name.startswith((".", "/", "~")):
            raise NotesError(f"The model in {name} cannot be loaded: {error}", mend) from error
    try:
        return _widened(make(name))
    except failures as error:
        raise NotesError(
            f"The model {name!r} is neither a folder nor in the local cache, "
            f"and could not be fetched: {error}",
            mend,
        ) from error


def _widened(model: Any) -> Any:
    """Half precision is slower than single on a CPU, and coarser."""
    return model.float() if model.device.type == "cpu" else model
