"""`notes ask` with a language model: streamed, checked, and quoted where the model fails."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.indexing import update_index
from assistant.places import sample_vault
from tests.assistant.generation.faulty_server import FaultyServer, Wire, saying, serving

HELD = "Linux waits 7200 seconds of silence before the first keepalive probe [1]."
UNHELD = "The moon has 1,200 craters."
QUESTION = "keepalive default on linux"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    update_index(folder, [sample_vault()])
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    with serving(saying(HELD, " ", UNHELD)) as server:
        yield server


def ask(
    index: Path, *options: str, question: str = QUESTION, **env: str
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "assistant", "ask", question, "--index", str(index), *options]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


def test_what_is_written_is_printed_and_doubts_are_told(index: Path, server: FaultyServer) -> None:
    done = ask(index, "--llm-url", server.url, "--llm-model", "tiny", NOTES_LLM_KEY="sk-mine")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{HELD} {UNHELD}\n")
    assert "[1] net/tcp.md:13-15" in done.stdout
    assert f"No source says this: {UNHELD}" in done.stderr
    assert server.requests[-1].headers["authorization"] == "Bearer sk-mine"
    assert "sk-mine" not in done.stdout + done.stderr


def test_json_has_the_claims_and_their_sources(index: Path, server: FaultyServer) -> None:
    done = ask(index, "--json", NOTES_LLM_URL=server.url, NOTES_LLM_MODEL="tiny")
    told = json.loads(done.stdout)
    assert told["answer"] == f"{HELD} {UNHELD}"
    written = told["written"]
    assert (written["model"], written["ending"]) == ("tiny", "complete")
    assert [(claim["sources"], claim["supported"]) for claim in written["claims"]] == [
        ([1], True),
        ([], False),
    ]
    assert [citation["n"] for citation in told["citations"]] == [1]


def test_a_quoted_answer_has_nothing_written(index: Path) -> None:
    told = json.loads(ask(index, "--json").stdout)
    assert (told["written"], told["problem"], told["searched"]) == (None, "", QUESTION)


def test_a_model_that_fails_leaves_the_quotes(index: Path) -> None:
    def refuse(wire: Wire) -> None:
        wire.head(500, {"Content-Type": "application/json"})

    with serving(refuse) as failing:
        done = ask(index, "--llm-url", failing.url, "--llm-model", "tiny")
    assert done.returncode == 0
    assert "Quoted instead:" in done.stderr
    assert "7200" in done.stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--llm-model", "tiny"), "has no address"),
        (("--llm-url", "http://127.0.0.1:1/v1"), "No language model is named"),
        (("--llm-url", "ftp://x", "--llm-model", "tiny"), "does not begin with http://"),
    ],
)
def test_a_half_named_model_is_refused(index: Path, options: tuple[str, ...], why: str) -> None:
    done = ask(index, *options)
    assert done.returncode == 1
    assert why in done.stderr


def test_that_notes_leave_the_machine_is_said(index: Path) -> None:
    remote = ("--llm-url", "http://llm.invalid/v1", "--llm-model", "tiny")
    done = ask(index, *remote, question="how to fly to the moon by balloon")
    assert "are sent to llm.invalid, and without encryption" in done.stderr


def test_the_settings_file_names_the_model(
    index: Path, server: FaultyServer, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'llm_url = "{server.url}"\nllm_model = "tiny"\n', encoding="utf-8")
    assert ask(index, NOTES_CONFIG=str(settings)).stdout.startswith(HELD)
