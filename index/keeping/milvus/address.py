"""Where vectors are searched: in the index's own file, or in a collection of Milvus."""

import os
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from corpus.errors import NotesError

FAISS = "faiss"
"""The index's own vector file."""

TOKEN_VARIABLE = "NOTES_STORE_TOKEN"
FORMS = (
    "milvus://HOST:PORT/COLLECTION, milvus+https://HOST:PORT/COLLECTION, "
    "milvus-lite:///FOLDER/FILE.db/COLLECTION"
)

_SERVER = re.compile(
    r"milvus(?P<tls>\+https)?://(?P<host>[\w.-]+|\[[\da-fA-F:.]+\])(?::(?P<port>\d{1,5}))?"
    r"/(?P<collection>[^/]*)"
)
_LITE = re.compile(r"milvus-lite://(?P<file>/.+\.db)/(?P<collection>[^/]*)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_PORT = 19530


@dataclass(frozen=True, slots=True)
class Address:
    """A collection's place: `uri` as pymilvus takes it, `host` as people call it.

    Two are equal that mean the same place, however they are written. A token or password is no part
    of it: it is kept in the index, which may be copied.
    """

    text: str = field(compare=False)
    uri: str
    host: str = field(compare=False)
    collection: str

    @property
    def token(self) -> str:
        """What the server is told to let us in: `user:password` or an API key; mostly nothing."""
        return os.environ.get(TOKEN_VARIABLE, "") if self.uri.startswith("http") else ""


def address_of(text: str) -> Address | None:
    """Read an address; None for the index's own file. Raises NotesError where it is none."""
    if text in ("", FAISS):
        return None
    lite, server = _LITE.fullmatch(text), _SERVER.fullmatch(text)
    if lite:
        file = str(PurePosixPath(lite["file"]))
        return Address(text, file, file, _collection(lite["collection"]))
    if not server:
        raise NotesError(
            f"{_unsigned(text)} names no store of vectors.",
            f"Give {FAISS}, {FORMS}; a user and password belong into {TOKEN_VARIABLE}.",
        )
    host = f"{server['host'].lower()}:{server['port'] or _PORT}"
    uri = f"{'https' if server['tls'] else 'http'}://{host}"
    return Address(text, uri, host, _collection(server["collection"]))


def _unsigned(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", text)


def _collection(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotesError(
            f"{name!r} is no name for a collection of Milvus.",
            "It has letters of a to z, digits and _, and does not begin with a digit.",
        )
    return name
