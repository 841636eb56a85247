"""Serve notes where there is no network but this machine, visit them, and tell what was tried.

python -m tests.security.inside FOLDER VAULT LOG OPTIONS... (run by `unshare --net`)
"""

import fcntl
import json
import os
import socket
import struct
import sys
from pathlib import Path

from tests.security.page import API, ask, call, config_of, part_of, server_call, session
from tests.security.sites import MACHINE, Site, shared
from tests.security.tools import tool

_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1


def main(folder: Path, vault: Path, log: str, options: list[str]) -> None:
    """Print what came back as JSON."""
    _bring_up()
    root = Path(__file__).parents[2]
    more = {name: said for name, said in os.environ.items() if name.startswith("GRADIO_")}
    more |= {"NOTES_HEARD_BY_HOOK": log, "PYTHONPATH": f"{Path(__file__).parent / 'hook'}:{root}"}
    with shared(vault, folder, options, more) as site:
        print(json.dumps(_visited(site, vault)))


def _bring_up() -> None:
    """Bring up the loopback interface: a new network has it down."""
    with socket.socket() as line:
        fcntl.ioctl(line, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))


def _visited(site: Site, vault: Path) -> dict[str, object]:
    visitor = site.visitor()
    secret = vault / "rows.md"
    closed = (
        *(f"{API}/file={secret}", f"/file={secret}", "/monitoring/summary", f"{API}/vibe-code", f"{API}/dev/reload"),
        *(f"{API}/upload", f"{API}/runs", f"{API}/profiling/summary", f"{API}/run-history/records", "/notes", f"/x{API}/file={secret}"),
    )  # fmt: skip
    statuses = {path: visitor.get(path).status for path in closed}
    config = config_of(visitor)
    found = server_call(visitor, part_of(visitor, "search-page"), "search", {"query": "harbour"})
    drawn = server_call(visitor, part_of(visitor, "map-page"), "draw_map", "pca")
    return {
        "statuses": statuses,
        "answered": "cranes" in ask(visitor, "How many cranes has the harbour?", session())
        and "complete" in call(visitor, "search", query="harbour").text
        and (found.status, drawn.status, visitor.get("/").status) == (200, 200, 200),
        "tool": tool(visitor, "search_notes", query="harbour").status,
        "modes": {name: config.get(name) for name in ("dev_mode", "vibe_mode", "analytics_enabled", "run_history", "show_error")},
        "tells": any(MACHINE.encode() in one.told for one in site.heard),
        "listening": _listening(site.pid, site.port),
    }  # fmt: skip


def _listening(pid: int, port: int) -> list[str]:
    """Return the addresses that a process listens at, but for 127.0.0.1 at its port."""
    own = {file.readlink().name for file in Path(f"/proc/{pid}/fd").iterdir()}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and f"socket:[{rest[5]}]" in own:
                found.append(local)
    return [one for one in found if one != f"0100007F:{port:04X}"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
