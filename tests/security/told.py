"""What no answer may say: private notes, places of this machine, passwords, its versions."""

import platform
import re
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.security.sites import MACHINE, PASSWORD, SECOND_PASSWORD
from tests.security.vault import MARK, OUTSIDE, SAID
from tests.security.wire import Heard, read_reply

_HOST = socket.gethostname()
FORBIDDEN: dict[bytes, str] = {
    **{MARK.encode(): "a private note", SAID.encode(): "a private note's words"},
    **{OUTSIDE.encode(): "a file beside the notes", MACHINE.encode(): "a path or the environment"},
    **{PASSWORD.encode(): "a password", SECOND_PASSWORD.encode(): "a password"},
    **{b"$argon2": "a password's hash", b"site-packages": "a path of the program"},
    **{b"Traceback (most": "a traceback", b"/proc/self": "a path", b"daemon:x:1": "/etc/passwd"},
    **{str(Path.home()).encode() + b"/": "the user's folder"},
    **{str(Path(sys.prefix)).encode(): "a path of the program"},
    **{f"Python/{platform.python_version()}".encode(): "Python's version"},
    **{platform.release().encode(): "the system's version"},
    **({_HOST.encode(): "the machine's name"} if len(_HOST) > 5 else {}),
}  # fmt: skip
_ADDRESS = re.compile(rb"(?:at|&lt;|<)[^>\n]{0,80} 0x[0-9a-f]{8,}")


def leaks(heard: Iterable[Heard]) -> Iterator[str]:
    """Yield what was told to others than the owner; what they said themselves is no secret."""
    said: set[tuple[str, bytes]] = set()
    for one in heard:
        said |= {(one.who, secret) for secret in FORBIDDEN if secret in one.asked}
        for secret, what in FORBIDDEN.items():
            if secret in one.told and (one.who, secret) not in said:
                reply = read_reply(one.told)
                at = one.told.index(secret)
                around = one.told[max(0, at - 60) : at + 60].decode(errors="replace")
                asked = one.asked[:80].decode(errors="replace").split("\r\n")[0]
                yield f"{asked!r} ({reply.status}) tells {what}: …{around!r}…"


def addresses(heard: Iterable[Heard]) -> bool:
    """Whether an answer holds the address of an object in the server's memory."""
    return any(_ADDRESS.search(one.told) for one in heard)
