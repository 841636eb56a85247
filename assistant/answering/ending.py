"""Why a generated text ends where it does."""

from enum import StrEnum


class Ending(StrEnum):
    """How a generated text came to its end."""

    COMPLETE = "complete"
    LENGTH = "length"
    """The tokens were used up; the text may stop within a sentence."""
    STOPPED = "stopped"
    """The user stopped it."""
