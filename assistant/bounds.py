"""How much one question may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most `characters` of a question, and the most `notes` that one search may return."""

    characters: int = 2000
    notes: int = 1000


OWN = Bounds()
"""Where the notes' owner asks."""

SHARED = Bounds(500, 50)
"""Where others than the notes' owner ask."""
