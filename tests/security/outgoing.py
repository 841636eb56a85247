"""Does the server ask anything of the world, or open up by Gradio's environment variables?"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.security.outcome import MissingError, Outcome, Tries
from tests.security.sites import Sites

_OPENING = {
    **{"GRADIO_ALLOWED_PATHS": "/", "GRADIO_ANALYTICS_ENABLED": "True", "GRADIO_ROOT_PATH": "/x"},
    **{"GRADIO_SHARE": "True", "GRADIO_DEBUG": "1", "GRADIO_WATCH_DIRS": "/", "GRADIO_MCP_SERVER": "True"},
    **{"GRADIO_VIBE_MODE": "1", "GRADIO_RUN_HISTORY": "True", "GRADIO_SSR_MODE": "True", "GRADIO_PROFILING": "1"},
    **{"GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": "1", "GRADIO_NUM_WORKERS": "4", "GRADIO_LOCAL_DEV_MODE": "1"},
    **{"GRADIO_NODE_SERVER_NAME": "0.0.0.0", "GRADIO_HISTORY_BUCKET": "zorblax/bucket", "GRADIO_DEFAULT_CONCURRENCY_LIMIT": "none"},
    **{"GRADIO_HOT_RELOAD": "1", "GRADIO_WATCH_MODULE_NAME": "x", "GRADIO_WATCH_DEMO_NAME": "x", "GRADIO_CACHE": "/tmp"},
}  # fmt: skip
_NAMES = ("127.0.0.1", "localhost", "::1", "None", "0.0.0.0")


def without_network(sites: Sites) -> Outcome:
    """Without any network all works, and nobody but this machine is even tried"""
    tries = Tries()
    for options in (["--public"], ["--no-watch"]):
        told, heard = _inside(sites, options, {})
        tries.expect(f"served, asked and mapped {options}", told["answered"], "all works")
        _only_this_machine(tries, heard, str(options))
    _, heard = _run_hooked(sites, [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 9), 0.1)"])  # fmt: skip
    tries.control("the hook hears of others", any("192.0.2.1" in said for _, said in heard), heard)
    return tries.outcome("connections, look-ups and programs of a server without a network")


def by_environment(sites: Sites) -> Outcome:
    """Gradio's environment variables open nothing, and send nothing"""
    tries = Tries()
    told, heard = _inside(sites, ["--public"], _OPENING)
    for path, status in told["statuses"].items():
        tries.expect(path.replace(str(sites.vault), "…"), status in (404, 405), status)
    for mode, is_on in told["modes"].items():
        if is_on:
            tries.known.append(f"a variable of Gradio changes the page ({mode}), but opens no door")
    tries.expect(f"listens at {told['listening']}", not told["listening"], "127.0.0.1 alone")
    tries.expect("tells a path", not told["tells"], "tells no path")
    tries.expect("works", told["answered"], "works as it did")
    _only_this_machine(tries, heard, "with Gradio's variables")
    return tries.outcome(f"doors, with {len(_OPENING)} of Gradio's variables set")


def _only_this_machine(tries: Tries, heard: list[tuple[str, str]], what: str) -> None:
    for event, said in heard:
        if event.startswith("socket.") and not said.startswith("/"):
            fine = any(name in said for name in _NAMES) or said in ("", "b''")
            tries.expect(f"{what}: {event} {said}", fine, "this machine")
        elif event != "socket.bind" and not event.startswith("socket."):
            fine = any(name in said for name in ("uname", "ldconfig", "notes", "python", "fc-list"))  # fmt: skip
            tries.expect(f"{what}: {event} {said}", fine, "a program of this machine")


def _inside(
    sites: Sites, options: list[str], more: dict[str, str]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Serve and visit in a network of its own; return what came, and what the hook heard."""
    if not shutil.which("unshare"):
        raise MissingError("unshare (Linux)")
    folder = Path(tempfile.mkdtemp(prefix="inside-", dir=sites.vault.parent))
    shutil.copytree(sites.vault.parent / "index", folder / "index")
    log = folder / "heard"
    log.touch()
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    command = [*apart, sys.executable, "-m", "tests.security.inside", str(folder), str(sites.vault), str(log), *options]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=240, env={**os.environ, **more}
    )
    if "unshare: unshare failed" in done.stderr:
        raise MissingError("leave to make a network of its own (unshare --net)")
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told, _read(log)


def _run_hooked(sites: Sites, command: list[str]) -> tuple[int, list[tuple[str, str]]]:
    log = sites.vault.parent / "control"
    log.touch()
    environment = {**os.environ, "NOTES_HEARD_BY_HOOK": str(log), "PYTHONPATH": str(Path(__file__).parent / "hook")}  # fmt: skip
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    done = subprocess.run([*apart, *command], capture_output=True, timeout=60, env=environment)
    return done.returncode, _read(log)


def _read(log: Path) -> list[tuple[str, str]]:
    lines = dict.fromkeys(log.read_text(encoding="utf-8").splitlines())
    return [(event, said) for event, said in map(json.loads, lines)]


SLOW = (without_network, by_environment)
