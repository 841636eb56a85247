"""Which sources of text are refused by their names: the collections that models are measured on."""

import re

from corpus.errors import NotesError

# Test sets, and the notes that test sets are cut from.
_NAMES = re.compile(
    r"xquad|mlqa|squad|cmrc|drcd|scifact|hello-?algo|java-?guide|"
    r"(^|[/_-])til([/_-]|$)|today-i-learned|chroma|belebele",
    re.IGNORECASE,
)


def refuse_source(source: str, where: str) -> None:
    """Raise NotesError if `source` names a collection that is for testing."""
    if _NAMES.search(source):
        raise NotesError(
            f"{where}: {source} is test data and is never trained on",
            "Take its lines out of the training text.",
        )
