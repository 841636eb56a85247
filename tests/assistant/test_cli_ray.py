"""`notes index --ray`, as outside programs use it: a real process, the bundled model."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.places import sample_vault


def notes(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *map(str, arguments)]
    env = {**os.environ, "NOTES_CONFIG": "", **variables}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout)
    assert counts.pop("seconds") > 0
    return counts


def test_a_cluster_on_this_machine_makes_the_same_index(tmp_path: Path) -> None:
    ray, alone = tmp_path / "ray", tmp_path / "alone"
    done = notes("index", sample_vault(), "--index", ray, "--ray", "local", "--json")
    assert told(done) == told(notes("index", sample_vault(), "--index", alone, "--json"))
    assert "ray" not in done.stderr.casefold(), done.stderr
    found = [
        json.loads(notes("search", "并行 rayon", "--index", index, "--json").stdout)
        for index in (ray, alone)
    ]
    assert found[0] == found[1] != []


def test_a_cluster_that_is_not_there_is_named_wherever_it_was_set(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    settings = tmp_path / "settings.toml"
    settings.write_text(f'ray = "{address}"\n')
    index = ("index", sample_vault(), "--index", tmp_path / "index")
    for done in (
        notes(*index, "--ray", address),
        notes(*index, NOTES_RAY=address),
        notes(*index, NOTES_CONFIG=str(settings)),
    ):
        assert (done.returncode, done.stdout) == (1, "")
        assert f"The Ray cluster {address} cannot be reached" in done.stderr
        assert "--ray local" in done.stderr
