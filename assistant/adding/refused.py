"""Why a file was not added."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Reason(StrEnum):
    """What stands against a file; `detail` of the refusal is what the comment says, if anything."""

    TOO_LARGE = "too_large"  # the limit in bytes
    TOO_MANY = "too_many"  # the limit in files
    NOT_SUPPORTED = "not_supported"  # the suffix, or how an archive is packed
    NOT_TEXT = "not_text"  # called text, but its bytes are none
    UNSAFE_NAME = "unsafe_name"
    LONG_NAME = "long_name"
    LINK = "link"  # a symbolic link, a device or the like
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    EMPTY = "empty"  # holds no text: nothing at all, or a scan
    BOMB = "bomb"  # unpacks to far more than it is
    NESTED_ZIP = "nested_zip"
    TOO_SLOW = "too_slow"  # the limit in seconds
    TOO_HEAVY = "too_heavy"  # the limit in bytes of memory
    NO_ROOM = "no_room"
    NOT_WRITABLE = "not_writable"  # the system's name of the error, if it gave one


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not added; `name` is as the user knows it, in an archive `a.zip/b/c.md`."""

    name: str
    reason: Reason
    detail: str = ""


class Refusal(Exception):  # noqa: N818 (a finding about a file, not a failure)
    """The file at hand is not added, for this reason."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@contextmanager
def system_refusals() -> Iterator[None]:
    """Turn what the system says against a file into a Refusal."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Refusal(Reason.NO_ROOM) from error
        if error.errno == errno.ENAMETOOLONG:
            raise Refusal(Reason.LONG_NAME) from error
        name = errno.errorcode.get(error.errno or 0, "")
        raise Refusal(Reason.NOT_WRITABLE, name) from error
