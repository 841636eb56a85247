"""The border of this folder's commands: an error that the user can mend is two lines, not a trace."""

import sys
from collections.abc import Callable

from corpus.errors import NotesError


def run(work: Callable[[], None]) -> int:
    """Do `work`; return the exit status."""
    try:
        work()
    except NotesError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 1
    return 0
