"""Where the model answers, and its key, which nothing ever shows."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend

from assistant.generation.endpoint import Endpoint, open_endpoint
from corpus.errors import NotesError

KEY = "sk-the-secret-key"
URL = "http://127.0.0.1:11434/v1"


class OneKey(KeyringBackend):
    """A keyring that gives `key` to one user of our service, late or never if it is told so."""

    priority = 1

    def __init__(self, user: str, key: str = KEY, seconds: float = 0, is_broken: bool = False):
        super().__init__()
        self.user, self.key, self.seconds, self.is_broken = user, key, seconds, is_broken

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(self.seconds)
        if self.is_broken:
            raise OSError("no D-Bus")
        return self.key if (service, username) == ("notes-assistant", self.user) else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def no_key_is_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("NOTES_LLM_KEY", raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(OneKey("nobody"))
    yield
    keyring.set_keyring(before)


def test_an_endpoint_is_its_root_and_model_with_limits() -> None:
    endpoint = open_endpoint(f" {URL}/ ", "qwen3:4b", most_tokens=64, idle_seconds=2)
    assert endpoint == Endpoint(URL, "qwen3:4b", most_tokens=64, idle_seconds=2)
    assert endpoint.host == "127.0.0.1:11434"


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://LOCALHOST:8080/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://192.168.1.5/v1", False),
        ("http://0.0.0.0:1/v1", False),
        ("https://api.example.com/v1", False),
        ("http://localhost.example.com/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://[fe80::1]/v1", False),
    ],
)
def test_only_this_machine_is_local(url: str, is_local: bool) -> None:
    assert open_endpoint(url, "m").is_local is is_local


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:11434",
        "localhost:11434/v1",
        "file:///etc/passwd",
        "ftp://example.com/v1",
        "http://",
        "http:///v1",
        "http://:8080/v1",
        "http://host:port/v1",
        "http://host:99999/v1",
        "http://host:0/v1",
        "http://a b/v1",
        "http://a\nb/v1",
        "http://127.0.0.1\\.example.com/v1",
        "http://[::1/v1",
        "http://%31/v1",
        "http://host/v1\u202e",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(NotesError) as refused:
        open_endpoint(url, "m")
    assert refused.value.hint.endswith(URL)


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{KEY}@example.com/v1",
        f"http://{KEY}@127.0.0.1/v1",
        f"{KEY}@example.com",
        f"https://example.com/v1?api-key={KEY}",
        f"https://example.com/v1#{KEY}",
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(NotesError) as refused:
        open_endpoint(url, "m")
    assert KEY not in repr((refused.value, refused.value.hint))


@pytest.mark.parametrize("model", ["", "  ", "a\nb"])
def test_a_model_must_be_named(model: str) -> None:
    with pytest.raises(NotesError, match="No language model is named"):
        open_endpoint(URL, model)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_limits_are_above_zero(seconds: float) -> None:
    with pytest.raises(NotesError, match="idle_seconds"):
        open_endpoint(URL, "m", idle_seconds=seconds)


def test_the_key_of_the_environment_comes_first_and_no_repr_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOTES_LLM_KEY", KEY)
    keyring.set_keyring(OneKey("127.0.0.1:11434", "sk-of-the-keyring"))
    endpoint = open_endpoint(URL, "m")
    assert endpoint.key == KEY
    assert KEY not in repr(endpoint) + str(endpoint)


@pytest.mark.parametrize("url", ["https://api.example.com/v1", "https://API.example.com/v1/"])
def test_the_keyring_keeps_a_key_for_each_host(url: str) -> None:
    keyring.set_keyring(OneKey("api.example.com"))
    assert open_endpoint(url, "m").key == KEY
    assert open_endpoint("https://other.example.com/v1", "m").key == ""
    assert open_endpoint("https://api.example.com:8443/v1", "m").key == ""


@pytest.mark.parametrize(
    "keys", [OneKey("api.example.com", is_broken=True), OneKey("api.example.com", "")]
)
def test_a_keyring_that_fails_is_no_key(keys: OneKey) -> None:
    keyring.set_keyring(keys)
    assert open_endpoint("https://api.example.com/v1", "m").key == ""


def test_a_locked_keyring_is_not_waited_for() -> None:
    keyring.set_keyring(OneKey("api.example.com", seconds=6))
    begun = time.monotonic()
    assert open_endpoint("https://api.example.com/v1", "m").key == ""
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("end", ["\n", "\r\nX-Other: 1", "\0", " ", "\x7f", "é", "”"])
def test_a_key_that_no_header_takes_is_refused_and_not_shown(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(OneKey("127.0.0.1:11434", KEY + end))
    if end != "\0":  # no variable holds it
        monkeypatch.setenv("NOTES_LLM_KEY", KEY + end)
    with pytest.raises(NotesError) as refused:
        open_endpoint(URL, "m")
    assert KEY not in repr((refused.value, refused.value.hint, refused.value.__context__))


def test_importing_the_package_loads_neither_openai_nor_keyring() -> None:
    code = (
        "import sys, assistant.cli, assistant.generation.stream, assistant.generation.prompt\n"
        "import assistant.generation.endpoint, assistant.generation.failures\n"
        "heavy = {'openai', 'httpx2', 'httpx', 'keyring', 'torch', 'pydantic', 'transformers'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert (done.stdout, done.stderr) == ("[]\n", "")
