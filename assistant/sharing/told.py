"""What is said in the terminal of sharing: who may come in, and where."""

import getpass
import os
import sys
from pathlib import Path

from assistant.sharing.sharing import Sharing, is_loopback
from assistant.terminal import err
from assistant.visible import as_markup
from corpus.errors import NotesError


def ask_password() -> str:
    """Return a password, typed twice alike, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise NotesError("The two passwords are not alike; nothing was changed.", "Try again.")
    return password


def say_kept(name: str, file: Path, is_new: bool) -> None:
    """Say that a password was kept."""
    said = "may come in" if is_new else "has a new password"
    err.print(as_markup(f"{name} {said}: notes serve --auth {file}"))


def say_open(address: str, sharing: Sharing) -> None:
    """Say where the app is, and who can read the notes there."""
    who = (
        f"those whom {sharing.passwords} names"
        if sharing.passwords
        else "everybody who can reach it"
    )
    err.print(as_markup(f"Shared at {address} with {who}, to read only (Ctrl-C stops it)"))
    is_plain = sharing.passwords and not sharing.has_tunnel and not is_loopback(sharing.host)
    if is_plain and "SPACE_ID" not in os.environ:
        err.print(
            "Passwords and notes cross the network without encryption: beyond a network that you "
            "trust, put a proxy with TLS before it (SECURITY.md says how)."
        )
