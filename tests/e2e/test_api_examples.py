"""What docs/api.md shows is so: each example is run as it stands, and prints what is shown.

Only the addresses are other ones. `…` in what is shown stands for anything.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.places import default_index
from assistant.sharing.passwords import keep_password
from tests.e2e.conftest import SAMPLE, serving

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "api.md"
PACKAGES = ROOT / ".npm-client" / "node_modules"

FENCE = re.compile(r"(?P<mark><!--.*?-->\n)?```(?P<language>\w+)\n(?P<text>.*?)```\n", re.DOTALL)
OWN, SHARED = "http://127.0.0.1:7860", "https://notes.example.org"
MARK = "<!-- configuration, not run -->\n"


@dataclass(frozen=True, slots=True)
class Example:
    """A fence that is run, the line where it stands, and the fence with what it prints."""

    line: int
    language: str
    text: str
    shown: str


def fences() -> list[re.Match[str]]:
    return list(FENCE.finditer(DOCUMENT.read_text(encoding="utf-8")))


def examples() -> list[Example]:
    found = [fence for fence in fences() if fence["mark"] != MARK]
    return [
        Example(
            fence.string.count("\n", 0, fence.start()) + 1,
            fence["language"],
            fence["text"],
            after["text"] if after["language"] == "text" else "",
        )
        for fence, after in zip(found, [*found[1:], found[-1]], strict=True)
        if fence["language"] != "text"
    ]


EXAMPLES = examples()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(SAMPLE, folder / "notes")
    (folder / "shared").mkdir()
    return folder


@pytest.fixture(scope="module")
def own(folder: Path) -> Iterator[str]:
    """The app on one's own machine, with tools."""
    with serving(folder / "notes", folder, "--mcp", "--no-watch") as url:
        yield url.rstrip("/")


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[str]:
    """The app for those who have a password."""
    names = folder / "names"
    keep_password(names, "me", "my-password")
    options = ("--auth", str(names), "--no-watch")
    with serving(folder / "notes", folder / "shared", *options, is_closed=True) as url:
        yield url.rstrip("/")


@pytest.fixture
def reader(own: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with the default index in it: what a client starts inherits nothing else."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "NOTES_INDEX", "NOTES_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    default_index().parent.mkdir(parents=True)
    default_index().symlink_to(folder / "index")


def runs(language: str, text: str, folder: Path) -> str:
    """Run a program as a reader would, with `notes` on his path; return what it prints."""
    if language == "js":
        _need_packages()
        (folder / "node_modules").symlink_to(PACKAGES)
    suffix, program = {
        "python": ("py", sys.executable),
        "bash": ("sh", "bash"),
        "js": ("mjs", "node"),
    }[language]
    file = folder / f"example.{suffix}"
    file.write_text(text, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [program, str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PATH": path},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _need_packages() -> None:
    if shutil.which("node") and (PACKAGES / "@gradio" / "client").is_dir():
        return
    missing = "the JavaScript examples need node and @gradio/client: make .npm-client"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def fits(printed: str, shown: str) -> bool:
    parts = [re.escape(part) for part in shown.strip().split("…")]
    return bool(re.fullmatch(".*".join(parts), printed.strip(), re.DOTALL))


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.language}-{one.line}")
def test_an_example_prints_what_is_shown(
    example: Example, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    text = example.text
    for address, name in ((OWN, "own"), (SHARED, "shared")):
        if address in text:
            text = text.replace(address, request.getfixturevalue(name))
    printed = runs(example.language, text, tmp_path)
    assert fits(printed, example.shown), printed


def test_each_fence_is_run_or_configuration() -> None:
    left_out = [fence for fence in fences() if fence["mark"] == MARK]
    for fence in left_out:
        if fence["language"] == "json":
            json.loads(fence["text"])
        else:
            assert fence["text"].startswith("claude mcp add ")
    texts = [fence for fence in fences() if fence["language"] == "text"]
    assert len(EXAMPLES) + len(texts) + len(left_out) == len(fences())
    assert DOCUMENT.read_text(encoding="utf-8").count("```") == 2 * len(fences())
    assert {one.language for one in EXAMPLES} == {"python", "bash", "js"}
    assert [one.line for one in EXAMPLES if not one.shown] == []
    assert len(texts) == len(EXAMPLES)


def test_what_is_printed_is_compared_with_what_is_shown() -> None:
    assert fits("a\nb c\n", "a\n…c\n")
    assert not fits("a\nb c d\n", "a\n…c\n")
    assert not fits("", "a\n")


def test_the_example_header_is_the_examples_password() -> None:
    (header,) = re.findall(r'"Basic (\S+)"', DOCUMENT.read_text(encoding="utf-8"))
    assert base64.b64decode(header) == b"me:my-password"
