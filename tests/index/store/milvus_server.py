"""A server of Milvus 2.3.5 for tests.

It listens on every address of its machine and knows no setting against that, so it is started in a
network of its own; a relay leads to it from one port of 127.0.0.1.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNPACKED = ROOT / ".milvus" / "unpacked" / "bin"
LAUNCHER = ROOT / ".milvus" / "bin" / "milvus-server"
RELAY = Path(__file__).with_name("relay.py")
PORT = 19530


class MilvusServer:
    """A server with its data in `folder`, which can be stopped, killed and started again."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.groups: list[int] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> "MilvusServer":
        data, sock = self.folder / "data", self.folder / "s"
        data.mkdir(parents=True, exist_ok=True)
        sock.unlink(missing_ok=True)
        if not (data / "bin").exists():
            (data / "bin").symlink_to(UNPACKED)
        inside = 'ip link set lo up; "$1" "$2" in "$3" "$4" & shift 4; exec "$@"'
        as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
        self._run(
            [
                *("unshare", *as_root, "--net", "--", "sh", "-c", inside, "sh"),
                *(sys.executable, str(RELAY), str(sock), str(PORT)),
                *(str(LAUNCHER), "--data", str(data), "--extra-config", "common.session.ttl=3"),
            ]
        )
        self._run([sys.executable, str(RELAY), "out", str(sock), str(self.port)])
        self._wait()
        return self

    def kill(self) -> None:
        """End it without a warning: the launcher, the server under it, and the relays."""
        kill_groups(self.groups)
        self.groups.clear()

    def _run(self, command: list[str]) -> None:
        """Start a group of processes that any worker may end: no child of this one."""
        with (self.folder / "log").open("ab") as log:
            started = ["sh", "-c", 'log=$1; shift; setsid "$@" >>"$log" 2>&1 & echo $!', "sh"]
            told = subprocess.run(
                [*started, str(self.folder / "log"), *command],
                stdout=subprocess.PIPE,
                stderr=log,
                check=True,
            )
        self.groups.append(int(told.stdout))

    def _wait(self) -> None:
        from index.keeping.milvus.address import address_of
        from index.keeping.milvus.client import Milvus

        end = time.monotonic() + 60
        while True:
            address = address_of(f"milvus://{self.host}/waiting")
            assert address is not None
            server = Milvus(address)
            try:
                server.collections()
                server.close()
                return
            except Exception as error:
                server.close()
                if time.monotonic() > end:
                    told = (self.folder / "log").read_text(errors="replace")[-2000:]
                    self.kill()
                    raise RuntimeError(f"Milvus did not start: {error}\n{told}") from error
                time.sleep(0.3)


def kill_groups(groups: Iterable[int]) -> None:
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def want_server() -> None:
    """Skip where the server is not installed, fail in CI."""
    lacking = [str(file) for file in (LAUNCHER, UNPACKED / "milvus") if not file.is_file()]
    lacking += [tool for tool in ("unshare", "ip") if not shutil.which(tool)]
    if not lacking:
        return
    reason = f"Milvus 2.3.5 cannot be started without {', '.join(lacking)} (make test installs it)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
