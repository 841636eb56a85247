"""Checksums of rows: a flipped bit in a note, a span or a vector must not become an answer.

SQLite notices damage to the structure of its file, not to what stands in the rows.
"""

import zlib

from corpus.errors import NotesError


class DamagedIndexError(NotesError):
    """Something in the index is not what was written there."""


def checksum(*values: str | int) -> int:
    """Return the CRC-32 of a row's values."""
    return zlib.crc32("\x1f".join(map(str, values)).encode(errors="surrogatepass"))


def check(what: str, expected: int, actual: int) -> None:
    """Raise DamagedIndexError, naming `what`, unless the checksums are equal."""
    if expected != actual:
        raise DamagedIndexError(f"{what} is not as it was written")
