"""The key of a language model's API: from the environment or the system's keyring, never shown."""

import os
from contextlib import suppress
from threading import Thread

from corpus.errors import NotesError

VARIABLE = "NOTES_LLM_KEY"
SERVICE = "notes-assistant"
_KEYRING_SECONDS = 3.0


def find_key(host: str) -> str:
    """Return the key for `host` ("name" or "name:port"), "" if there is none.

    Raises NotesError, which does not show it, if it cannot be sent in a header.
    """
    key, place = os.environ.get(VARIABLE, ""), VARIABLE
    if not key:
        key, place = _from_keyring(host), f"the keyring (service {SERVICE}, user {host})"
    if not all("!" <= character <= "~" for character in key):
        raise NotesError(
            f"The key in {place} has a space, a line end or another character that no key has.",
            "Set it again, without quotes and line ends.",
        )
    return key


def _from_keyring(host: str) -> str:
    """Ask the keyring, for a moment: it may be locked and wait for a person."""
    found: list[str] = []

    def ask() -> None:
        # Backends raise what they like, their D-Bus libraries too: no keyring is no key.
        with suppress(Exception):
            import keyring

            key = keyring.get_password(SERVICE, host)
            if isinstance(key, str):
                found.append(key)

    asking = Thread(target=ask, name="keyring", daemon=True)
    asking.start()
    asking.join(_KEYRING_SECONDS)
    return found[0] if found else ""
