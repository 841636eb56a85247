"""Which version of the program is this?"""

from importlib.metadata import PackageNotFoundError, version

PROGRAM = "notes-assistant"


def program_version() -> str:
    """Return the version, "" where the program is not installed but run from its source."""
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return ""
