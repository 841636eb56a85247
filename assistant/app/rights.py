"""What those who use the page may do beyond asking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rights:
    """All of it on one's own machine.

    `edits`: links that open a note in an editor of this machine, with the file's place on it.
    `updates`: bring the index up to date. `adds`: write notes into the folders.
    """

    edits: bool = True
    updates: bool = True
    adds: bool = True


VISITOR = Rights(edits=False, updates=False, adds=False)
"""Where the app is shared: read and ask."""
