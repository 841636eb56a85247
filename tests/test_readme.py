"""What the README shows is there: commands, targets, variables, links."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def help_of(*arguments: str) -> str:
    command = [sys.executable, "-m", "assistant", *arguments, "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_exists(name: str) -> None:
    shown = re.findall(r"^notes (\w+)(.*)$", text_of(name), re.M)
    assert {command for command, _ in shown} == set(
        re.findall(r"^  (\w+) ", help_of().split("Commands:")[1], re.M)
    )
    for command, rest in shown:
        known = help_of(command)
        for option in re.findall(r"(?<=\s)--?[a-z][\w-]*", rest.split("#")[0].split("'")[-1]):
            assert option in known, f"{command} {option}"


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_exists(name: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", text_of("Makefile"), re.M))
    shown = set(re.findall(r"(?:^|`)make ([\w-]+)", text_of(name), re.M))
    assert {"run", "test"} <= shown <= targets


@pytest.mark.parametrize("name", READMES)
def test_every_variable_is_read(name: str) -> None:
    known = {"NOTES_CONFIG"}
    for command in ("index", "search", "serve", "password"):
        known |= set(re.findall(r"NOTES_\w+", help_of(command).replace("\n", "")))
    assert set(re.findall(r"NOTES_[A-Z_]+", text_of(name))) <= known


@pytest.mark.parametrize("name", [*READMES, "ARCHITECTURE.md", "index/model/README.md"])
def test_every_local_link_leads_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", text_of(name))
    assert [link for link in links if not (folder / link).exists()] == []


def test_architecture_is_short_and_names_files_that_exist() -> None:
    text = text_of("ARCHITECTURE.md")
    assert len(text.split()) <= 1500
    named = set(re.findall(r"`(\w+\.py)`", text))
    there = {
        file.name
        for part in ("corpus", "index", "assistant")
        for file in (ROOT / part).rglob("*.py")
    }
    assert named <= there
