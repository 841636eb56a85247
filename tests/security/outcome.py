"""What came of a trick."""

from collections import Counter
from dataclasses import dataclass, field

from tests.security.wire import Reply

REFUSED = frozenset((0, 400, 401, 403, 404, 405, 406, 409, 411, 413, 414, 415, 417, 422, 426, 429, 431, 500, 501, 503, 505))  # fmt: skip
"""0: the connection was closed without an answer."""


class MissingError(Exception):
    """Something that a trick needs is not there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`holes` say what is open, one line each: none if all was refused.

    `known` is what is open and stands in SECURITY.md.
    """

    tried: str
    came: str
    holes: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    missing: str = ""

    @property
    def verdict(self) -> str:
        if self.holes:
            return "OPEN"
        return "missing" if self.missing else "known" if self.known else "refused"


@dataclass(slots=True)
class Tries:
    """Counts what was tried, and keeps what should not have come back."""

    came: Counter[str] = field(default_factory=Counter)
    holes: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    def expect(self, what: str, is_right: bool, came: object = "as it should") -> None:
        """Count one try; it is a hole unless it `is_right`. `came` is a status, or what is right."""
        self.came[str(came) if is_right or isinstance(came, int) else "OPEN"] += 1
        if not is_right:
            self.holes.append(f"{what} → {came}"[:300] if isinstance(came, int) else what[:300])

    def refused(self, what: str, reply: Reply) -> None:
        """Count one try that has to be refused."""
        self.expect(what, reply.status in REFUSED, reply.status)

    def control(self, what: str, is_right: bool, came: object = "") -> None:
        """The same where it may succeed; if it does not, the trick proves nothing."""
        if not is_right:
            self.holes.append(f"the control failed: {what} {came}"[:300])

    def outcome(self, tried: str) -> Outcome:
        """Return what came of it."""
        came = ", ".join(f"{name} ×{count}" for name, count in self.came.most_common(6))
        return Outcome(
            f"{self.came.total()} × {tried}", came, tuple(self.holes[:20]), tuple(self.known)
        )
