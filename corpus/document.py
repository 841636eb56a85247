"""One file: bytes → text → notes."""

import logging
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.decode import NotText, decode
from corpus.front_matter import read_front_matter
from corpus.markdown import read_markdown
from corpus.note import Note
from corpus.plain import read_plain
from corpus.roles import ROLES, Roles

_log = logging.getLogger(__name__)

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})


@dataclass(frozen=True, slots=True)
class Document:
    """A file's notes. `problem` says why there are none, or what of the file is not as written."""

    path: str
    text: str
    notes: tuple[Note, ...]
    problem: str = ""


def read_document(path: str, data: bytes, roles: Roles = ROLES) -> Document:
    """Read the notes out of a file's bytes; a file that cannot be read has a `problem`."""
    try:
        decoded = decode(data)
    except NotText as error:
        return Document(path, "", (), str(error))
    text = decoded.text
    problem = ""
    is_markdown = PurePosixPath(path).suffix.lower() in MARKDOWN_SUFFIXES
    try:
        notes = read_markdown(path, text, roles) if is_markdown else read_plain(path, text)
        problem = read_front_matter(text, roles).problem if is_markdown else ""
    except Exception as error:  # noqa: BLE001 - one bad file never stops a build; it is named
        _log.exception("a file could not be parsed")
        return Document(path, text, (), f"could not be parsed: {type(error).__name__}")
    if decoded.replaced:
        problem = f"{decoded.replaced} broken {decoded.encoding} bytes are shown as \ufffd"
    elif not notes:
        problem = "no text"
    return Document(path, text, notes, problem)
