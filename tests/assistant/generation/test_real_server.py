"""Answers of `transformers serve`: an OpenAI-compatible server that is not ours, on the loopback."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.answering.ending import Ending
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import GenerationError
from assistant.generation.prompt import write_prompt
from assistant.generation.stream import stream_text
from tests.assistant.found_notes import MEMO, hit_of, notes_of

HITS = [hit_of(note, n) for n, note in enumerate(notes_of(), 1)]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `log` is what it has said."""

    url: str
    model: str
    log: Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from tests.assistant.generation import tiny_llama  # torch

    folder = tmp_path_factory.mktemp("model")
    prompt = write_prompt("Which port is taken?", HITS)
    tiny_llama.make(folder, MEMO + "".join(message["content"] for message in prompt.messages))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", folder / "serve.log"
    command = [Path(sys.executable).with_name("transformers"), "serve", folder]
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HF_HOME": str(folder)}
    with (
        log.open("wb") as output,
        subprocess.Popen([*command, *options], stdout=output, stderr=output, env=env) as process,
    ):
        try:
            _wait(f"{url}/health", process, log)
            yield Server(f"{url}/v1", str(folder), log)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server is well; fail with what it said if it does not come."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"transformers serve did not answer at {url}:\n{log.read_text(errors='replace')}")


def read(endpoint: Endpoint, stop: threading.Event, stop_after: int = -1) -> tuple[str, object]:
    pieces: list[str] = []
    prompt = write_prompt("Which port is taken?", HITS)
    stream = stream_text(endpoint, prompt.messages, stop)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return "".join(pieces), end.value
        if len(pieces) == stop_after:
            stop.set()


def test_a_real_server_answers_a_real_prompt_to_its_last_token(server: Server) -> None:
    endpoint = Endpoint(server.url, server.model, most_tokens=40)
    text, ending = read(endpoint, threading.Event())
    assert ending is Ending.LENGTH, server.log.read_text(errors="replace")
    assert text.strip()


def test_a_long_answer_of_a_real_server_stops_when_it_is_told_to(server: Server) -> None:
    endpoint, stop = Endpoint(server.url, server.model, most_tokens=8000), threading.Event()
    begun = time.monotonic()
    text, ending = read(endpoint, stop, stop_after=5)
    assert ending is Ending.STOPPED
    assert text.strip()
    assert time.monotonic() - begun < 10
    # and it answers the next one
    assert read(Endpoint(server.url, server.model, most_tokens=40), threading.Event())[1] is (
        Ending.LENGTH
    )


@pytest.mark.parametrize(
    ("path", "model"), [("/v1", "no-such/model"), ("/v1", "nothing"), ("", "model")]
)
def test_an_unknown_model_or_path_is_an_error_that_can_be_acted_on(
    server: Server, path: str, model: str
) -> None:
    endpoint = Endpoint(server.url.removesuffix("/v1") + path, model)
    with pytest.raises(GenerationError) as failed:
        read(endpoint, threading.Event())
    assert failed.value.hint
