"""Where the user's indexes and settings lie."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_config_path, user_data_path

APP = "notes-assistant"


def default_index() -> Path:
    """Return the folder of the index that commands use when none is named."""
    return user_data_path(APP, appauthor=False) / "default"


def index_of(roots: Sequence[Path]) -> Path:
    """Return the folder of the index of just these vaults."""
    places = sorted(str(root.expanduser().resolve()) for root in roots)
    digest = hashlib.blake2b(os.fsencode("\0".join(places)), digest_size=6).hexdigest()
    return user_data_path(APP, appauthor=False) / f"{Path(places[0]).stem or 'notes'}-{digest}"


def settings_file() -> Path:
    """Return the file that holds the user's settings."""
    return user_config_path(APP, appauthor=False) / "settings.toml"


def sample_vault() -> Path:
    """Return the folder of the sample notes in the package."""
    import corpus

    return Path(corpus.__file__).parent / "sample"
