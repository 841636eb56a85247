"""An assistant over a few files."""

from collections.abc import Mapping
from pathlib import Path

from assistant.app.opened import Opened, Place, open_note
from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.note import Lines

NET = """\
# DNS

A name is resolved.

# Cache

Names are kept in a cache.

| tool | use |
|--|--|
| dig | asks a name server |
| kdig | asks a name server too |
"""
DIG, KDIG = "dig | asks a name server", "kdig | asks a name server too"
FILES = {
    "net/dns.md": NET,
    "copy.md": "# Caches\n\nNames are kept in a cache, for a while.\n",
    "plain.txt": "Descale the kettle.\n",
    "twins.md": "# Twin\n\nThe first one.\n\n# Other\n\nSo.\n\n# Twin\n\nThe second one.\n",
}


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, byte by byte."""
    for path, said in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(said.encode() if isinstance(said, str) else said)


def assistant_over(
    folder: Path, files: Mapping[str, str | bytes], name: str = "vault"
) -> Assistant:
    """Index the files, as a vault of this name in the folder."""
    write(folder / name, files)
    update_index(folder / "index", [folder / name])
    return Assistant(folder / "index")


def opened(assistant: Assistant, path: str, first: int, last: int) -> Opened:
    """Open lines of a file that can be opened."""
    outcome = open_note(assistant, Place("vault", path, Lines(first, last)))
    assert isinstance(outcome, Opened)
    return outcome


def titles(outcome: Opened) -> list[str]:
    """The titles of the note before, the note itself and the one after; "" where there is none."""
    here = None if outcome.here is None else outcome.file.notes[outcome.here]
    return [place.title if place else "" for place in (outcome.before, here, outcome.after)]
