"""What went wrong with Milvus, in words that say what to do."""

import re

from corpus.errors import NotesError
from index.keeping.milvus.address import TOKEN_VARIABLE, Address

_AWAY = re.compile(
    r"UNAVAILABLE|fail(?:ed)? +(?:to +)?connect|connection refused|retry (?:timeout|run out)"
    r"|DEADLINE_EXCEEDED|not healthy|not ready|no available|channel not",
    re.IGNORECASE,
)
_UNLOADED = re.compile(r"not (?:fully )?loaded|'released'|call load\(\)", re.IGNORECASE)
_UNLET = re.compile(r"\bauth|credential|permission[ _]den|PrivilegeDenied|UNAUTHENT", re.IGNORECASE)
_LOCKED = re.compile(r"open local milvus failed|has been opened by another", re.IGNORECASE)
_LOST = re.compile(
    r"(?:collection|alias)\b.*\b(?:not found|not exist)|can't find collection", re.IGNORECASE | re.S
)


class AwayError(NotesError):
    """The server cannot be reached, or is not ready."""


class UnloadedError(NotesError):
    """The server has the collection, and has not read it yet, or no more."""


class LostError(NotesError):
    """There is no such collection any more."""


def explained(told: str, address: Address) -> NotesError:
    """Return what to raise for what Milvus, or its client, says went wrong."""
    host = address.host
    if _LOST.search(told):
        return LostError(
            f"Milvus at {host} does not have the index's collection {address.collection}.",
            "Fill it again: notes doctor --mend",
        )
    if _LOCKED.search(told):
        return AwayError(
            f"Another program has the file of Milvus {host} open.",
            "Close it: such a file is for one program at a time; a server of Milvus is for many.",
        )
    if _UNLOADED.search(told):
        return UnloadedError(
            f"Milvus at {host} has not read its collection {address.collection} yet.",
            "Try again in a minute.",
        )
    if _AWAY.search(told):
        return AwayError(
            f"Milvus at {host} cannot be reached.",
            "Start it, or check the address; notes index --store faiss does without it.",
        )
    if _UNLET.search(told):
        return NotesError(
            f"Milvus at {host} does not let us in.",
            f"Set {TOKEN_VARIABLE} to user:password or the API key.",
        )
    return NotesError(
        f"Milvus at {host} failed: {told}.",
        "See the server's log; notes index --store faiss does without it.",
    )
