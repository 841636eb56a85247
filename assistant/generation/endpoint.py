"""Where the language model answers, and within which limits."""

import ipaddress
import math
import re
from dataclasses import dataclass, field
from typing import TypedDict, Unpack
from urllib.parse import SplitResult, urlsplit

from assistant.generation.key import find_key
from corpus.errors import NotesError

EXAMPLE = "http://127.0.0.1:11434/v1"
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")
_LOCAL_NAME = "localhost"


class Limits(TypedDict, total=False):
    """What `open_endpoint` takes besides the address and the model; see `Endpoint`."""

    first_seconds: float
    idle_seconds: float
    total_seconds: float
    most_tokens: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible chat endpoint; `url` is the API's root (http://127.0.0.1:11434/v1).

    `first_seconds` is the time until the model says something, `idle_seconds` between two pieces
    of what it says, `total_seconds` for all of it; what it thinks before it answers counts as said.
    `most_tokens` is asked of the server as `max_tokens`.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    first_seconds: float = 30.0
    idle_seconds: float = 15.0
    total_seconds: float = 180.0
    most_tokens: int = 1024

    @property
    def host(self) -> str:
        """Its host, with the port if one is given; what messages name."""
        return urlsplit(self.url).netloc.lower()

    @property
    def is_local(self) -> bool:
        """Whether `url` names this machine: nothing sent to it leaves the machine."""
        return _is_loopback(urlsplit(self.url).hostname or "")


def open_endpoint(url: str, model: str, **limits: Unpack[Limits]) -> Endpoint:
    """Return the endpoint at `url` with the key kept for it, if there is one.

    Raises NotesError for an address that is none, a missing model, a limit that is not above zero,
    and a key that cannot be one.
    """
    url, model = url.strip().rstrip("/"), model.strip()
    parts = _parts(url)
    if not model or not model.isprintable():
        hint = "Name a model that the server has."
        raise NotesError("No language model is named.", hint)
    for name, value in limits.items():
        if not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
            raise NotesError(f"{name} = {value!r} is not above zero.", "Give a number above zero.")
    return Endpoint(url, model, find_key(parts.netloc.lower()), **limits)


def _parts(url: str) -> SplitResult:
    """Take the address apart; one that may hold a secret is not shown in the message."""
    hint = f"Give the root of an OpenAI-compatible API, such as {EXAMPLE}"
    if "@" in url:
        raise NotesError(
            "The language model's URL carries a name or a password.",
            "Take it out; a key belongs in NOTES_LLM_KEY.",
        )
    if "?" in url or "#" in url:
        raise NotesError('The language model\'s URL has a part after "?" or "#".', hint)
    if re.fullmatch(r"https?:", url.partition("/")[0], re.IGNORECASE) is None:
        raise NotesError(f"The language model's URL {url!r} does not begin with http://.", hint)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotesError(f"The language model's URL {url!r} cannot be read.", hint) from error
    host = parts.netloc if port is None else parts.netloc.rpartition(":")[0]
    if not url.isprintable() or " " in url or not _HOST.fullmatch(host) or port == 0:
        raise NotesError(f"The language model's URL {url!r} names no host.", hint)
    return parts


def _is_loopback(host: str) -> bool:
    if host == _LOCAL_NAME:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
