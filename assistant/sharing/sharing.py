"""How the app is opened to others than its owner."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from assistant.port import LOOPBACK
from assistant.sharing.limits import Limits


@dataclass(frozen=True, slots=True)
class Sharing:
    """`passwords` is the file of those who may come in, None for anybody.

    `has_tunnel` opens Gradio's tunnel, through which the page has an address in the world.
    """

    host: str = LOOPBACK
    has_tunnel: bool = False
    passwords: Path | None = None
    limits: Limits = field(default_factory=Limits)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what is served at `host`."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
