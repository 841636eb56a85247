"""A published folder runs elsewhere, without this program, and without a network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.publishing.choice import Choice
from assistant.publishing.publish import publish
from tests.assistant.publishing import vault as canary
from tests.assistant.publishing.vault import CANARIES, PUBLIC

VISIT = Path(__file__).with_name("offline_visit.py")


def lacking(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def shut_off() -> list[str]:
    """The command that runs another one without any network but its own."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *as_root, "--net", "--mount"]
    for tool in ("unshare", "ip"):
        if not shutil.which(tool):
            lacking(f"the test without a network needs {tool} (util-linux, iproute2)")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        lacking(f"`{' '.join(command)}` is not allowed here")
    return command


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, index = canary.make(tmp_path_factory.mktemp("made"))
    folder = tmp_path_factory.mktemp("published") / "space"
    publish(index, folder, Choice(exclude=("drafts/", "tag:family")), title="Kettles")
    return folder


@pytest.fixture(scope="module")
def python(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has what requirements.txt names and nothing else."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    made = folder / "bin" / "python"
    install = [str(made), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    done = subprocess.run(
        [*install, "-r", str(out / "requirements.txt")], capture_output=True, text=True, check=False
    )
    if done.returncode and "No matching distribution" not in done.stderr:
        lacking(f"requirements.txt could not be installed: {done.stderr[-500:]}")
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def told(out: Path, python: Path) -> dict[str, Any]:
    """What the app answers, on a disk that may not be written, to questions and to a canary."""
    questions = ["怎么清洗水壶？", "How does TCP close a connection?", *CANARIES]
    readonly = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    visit = [str(python), "-I", str(VISIT), str(out / "app.py"), str(python), "7860", *questions]
    done = subprocess.run(
        [*shut_off(), "sh", "-c", readonly, str(out), *visit],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(out.parent / "home")},
    )
    assert done.returncode == 0, done.stderr
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def test_it_answers_in_both_languages_without_a_network(told: dict[str, Any]) -> None:
    assert told["outside"].startswith("refused")
    chinese, english = told["answers"][:2]
    assert (chinese["answered"], english["answered"]) == (True, True)
    assert [one["file"] for one in chinese["citations"]] == ["home/kettle.md"]
    assert english["citations"][0]["quote"] == "TCP closes with FIN and ACK."
    assert chinese["sources"][0]["freshness"] == "current"


def test_it_knows_nothing_private(told: dict[str, Any]) -> None:
    answers = dict(zip(CANARIES, told["answers"][2:], strict=True))
    for word in CANARIES:
        said = json.dumps(answers[word]["sources"], ensure_ascii=False)
        assert (word in said) == (word in PUBLIC)
    everything = told["page"] + json.dumps(told["answers"][:2], ensure_ascii=False)
    assert not any(word in everything for word in CANARIES if word not in PUBLIC)


def test_what_is_required_fits_what_a_space_adds(out: Path, python: Path) -> None:
    import gradio

    added = [f"gradio[oauth,mcp]=={gradio.__version__}", "uvicorn>=0.14.0", "websockets>=10.4"]
    resolve = [str(python), "-m", "pip", "install", "--dry-run", "-q", "-r"]
    done = subprocess.run(
        [*resolve, str(out / "requirements.txt"), *added],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "conflict" not in done.stderr.lower(), done.stderr
    assert done.returncode == 0, done.stderr
