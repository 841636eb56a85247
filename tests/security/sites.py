"""Real servers to try tricks on, each a process of its own on 127.0.0.1."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assistant.sharing.passwords import keep_password
from tests.security.vault import write_vault
from tests.security.wire import Heard, Visitor

NAME, PASSWORD = "mireille", "correct-horse-zorblaxword"
SECOND, SECOND_PASSWORD = "thaddeus", "battery-staple-zorblaxword"
MACHINE = "zorblaxmachine"
"""In every path of this machine that the servers know, and in their environment."""

_ROOT = Path(__file__).parents[2]
_PATIENCE = 150


@dataclass(frozen=True, slots=True)
class Site:
    """A server at `port`, run in `folder`, which holds its log, index and temporary files."""

    port: int
    folder: Path
    pid: int
    heard: list[Heard] = field(default_factory=list, compare=False, repr=False)

    def visitor(self, address: str = "", **headers: str) -> Visitor:
        """Return somebody new who asks this server."""
        named = {name.replace("_", "-"): said for name, said in headers.items()}
        one = Visitor(self.port, headers=named, heard=self.heard)
        if address:
            one.address = address
        return one

    @property
    def log(self) -> Path:
        """What it said on stdout and stderr."""
        return self.folder / "log"


@dataclass(frozen=True, slots=True)
class Sites:
    """`public` anybody may visit, `locked` asks for a password, `own` is the owner's, `plain`
    Gradio without guards. `vault` are the notes of the first three."""

    public: Site
    locked: Site
    own: Site
    plain: Site
    vault: Path

    @property
    def passwords(self) -> Path:
        return self.locked.folder / "passwords"


@contextmanager
def sites(folder: Path) -> Iterator[Sites]:
    """Start the servers side by side; they end with the block."""
    vault = folder / MACHINE / "notes"
    vault.parent.mkdir(parents=True)
    write_vault(vault)
    _index(vault, folder / MACHINE)
    passwords = folder / MACHINE / "locked" / "passwords"
    keep_password(passwords, NAME, PASSWORD)
    keep_password(passwords, SECOND, SECOND_PASSWORD)
    shared = {"public": ["--public"], "locked": ["--auth", str(passwords)], "own": ["--no-watch"]}
    with ExitStack() as ending:
        begun = {
            name: ending.enter_context(
                _process(folder / MACHINE / name, serving(vault, folder / MACHINE / name, options))
            )
            for name, options in shared.items()
        }
        begun["plain"] = ending.enter_context(plain(folder / MACHINE / "plain", vault))
        yield Sites(*(up(site) for site in begun.values()), vault)


def _index(vault: Path, folder: Path) -> None:
    """Index the notes once; each server goes on from a copy."""
    notes = str(Path(sys.executable).with_name("notes"))
    command = [notes, "index", str(vault), "--index", str(folder / "index")]
    subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)
    for name in ("public", "locked", "own"):
        shutil.copytree(folder / "index", folder / name / "index")


def serving(vault: Path, folder: Path, options: Sequence[str]) -> list[str]:
    """Return the command that serves a vault; its port is yet to come."""
    notes = str(Path(sys.executable).with_name("notes"))
    return [notes, "serve", str(vault), "--index", str(folder / "index"), "--mcp", *options, "--port"]  # fmt: skip


@contextmanager
def plain(folder: Path, allowed: Path) -> Iterator[Site]:
    """Start the app without guards; it serves the files of `allowed`."""
    command = [sys.executable, "-m", "tests.security.plain_app"]
    with _process(folder, command, str(allowed)) as site:
        yield site


@contextmanager
def shared(
    vault: Path, folder: Path, options: Sequence[str], more: dict[str, str] | None = None
) -> Iterator[Site]:
    """Serve a vault in a process with `more` in its environment, and wait until it answers."""
    with _process(folder, serving(vault, folder, options), more=more) as site:
        yield up(site)


@contextmanager
def _process(
    folder: Path, command: list[str], *last: str, more: dict[str, str] | None = None
) -> Iterator[Site]:
    folder.mkdir(exist_ok=True, parents=True)
    for name in ("home", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{name: said for name, said in os.environ.items() if not name.startswith(("NOTES_", "GRADIO_"))},
        **{"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")},
        **{"OMP_NUM_THREADS": "1", "NOTES_SECRET_OF_MACHINE": f"{MACHINE}-secret"},
        **{"PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
        **(more or {}),
    }  # fmt: skip
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [*command, str(port), *last], stdout=log, stderr=log, env=environment, cwd=folder
        ) as process,
    ):
        try:
            yield Site(port, folder, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def up(site: Site) -> Site:
    """Wait until a server answers."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            if Visitor(site.port, "127.0.0.1").get("/favicon.ico").status == 200:
                return site
        except OSError:
            pass
        if not Path(f"/proc/{site.pid}").exists():
            break
        time.sleep(0.1)
    raise RuntimeError(f"no answer at {site.port}:\n{site.log.read_text(errors='replace')[-3000:]}")


def kept(found: Sites) -> str:
    """Write down where servers are, for another process."""
    every = {name: asdict(getattr(found, name)) for name in ("public", "locked", "own", "plain")}
    told = {name: (one["port"], str(one["folder"]), one["pid"]) for name, one in every.items()}
    return json.dumps({**told, "vault": str(found.vault)})


def taken_up(text: str) -> Sites:
    """Read what `kept` wrote."""
    told = json.loads(text)
    vault = Path(told.pop("vault"))
    return Sites(*(Site(port, Path(place), pid) for port, place, pid in told.values()), vault)
