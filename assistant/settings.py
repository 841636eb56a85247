"""Settings: flag > NOTES_* environment variable > TOML file > default.

The command line reads flags and the environment itself; this reads the file. Its keys are the
flags' names (`index`, `model`, `max_file_mb`, `port`, `k`, `mode`, `reranker`, `reranker_seconds`,
`llm_url`, `llm_model`, `host`, `auth`, `per_minute`, `ray`, `store`), and
a table `[roles]` that maps more column names to roles: `出处 = "source"`.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.places import settings_file
from corpus.errors import NotesError
from corpus.roles import ROLES, Roles

KEYS: Mapping[str, Any] = {
    "index": str,
    "model": str,
    "max_file_mb": (int, float),
    "port": int,
    "k": int,
    "mode": str,
    "reranker": str,
    "reranker_seconds": (int, float),
    "llm_url": str,
    "llm_model": str,
    "host": str,
    "auth": str,
    "per_minute": int,
    "ray": str,
    "store": str,
    "roles": dict,
}
_ROLE_NAMES = frozenset(ROLES.values())


@dataclass(frozen=True, slots=True)
class Settings:
    """`defaults` are option values by name; `roles` the column names with the user's own."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    roles: Roles = field(default_factory=lambda: ROLES)


def read_settings() -> Settings:
    """Read the settings file, that of $NOTES_CONFIG if it is set; NotesError if it is wrong."""
    named = os.environ.get("NOTES_CONFIG")
    file = Path(named).expanduser() if named else settings_file()
    if not file.is_file():
        if named:
            raise NotesError(f"There is no settings file {file}.", "Mend or unset NOTES_CONFIG.")
        return Settings()
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise NotesError(f"{file} cannot be read: {error}", "Mend the file.") from error
    for key, value in values.items():
        if key not in KEYS:
            raise NotesError(f"{file}: no setting is called {key!r}.", f"Known: {', '.join(KEYS)}.")
        if not isinstance(value, KEYS[key]) or isinstance(value, bool):
            raise NotesError(f"{file}: {key} = {value!r} is of the wrong type.", "Mend the file.")
    own = {str(name).casefold(): role for name, role in values.pop("roles", {}).items()}
    for name, role in own.items():
        if role not in _ROLE_NAMES:
            hint = f"Roles: {', '.join(sorted(_ROLE_NAMES))}."
            raise NotesError(f"{file}: {name!r} has no role {role!r}.", hint)
    return Settings(values, {**ROLES, **own})
