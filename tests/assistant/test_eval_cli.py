"""`notes eval` as outside programs use it: a real process, the bundled model."""

import json
import subprocess
from pathlib import Path

import pytest

from assistant.places import sample_vault
from tests.assistant.test_cli import json_of, notes
from tests.index.measuring.test_evaluate import write_collection


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collection")
    write_collection(folder)
    return folder


def modes(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return [run["mode"] for run in told.get("runs", [told])]


def test_one_mode_and_model_print_one_object(collection: Path) -> None:
    told = json_of("eval", collection)
    assert {key: told[key] for key in ("queries", "documents", "model", "mode")} == {
        "queries": 2,
        "documents": 3,
        "model": "bundled",
        "mode": "hybrid",
    }
    assert all(0 < told[measure] <= 1 for measure in ("ndcg@10", "recall@10", "mrr@10"))
    assert set(told["seconds"]) == {"index", "search"}
    assert told["interval"][0] <= told["ndcg@10"] <= told["interval"][1]


def test_a_flag_beats_the_environment_and_that_the_file(collection: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('mode = "terms"\nmodel = "bundled"\n', encoding="utf-8")
    command = ("eval", collection, "--json")
    environment = {"NOTES_CONFIG": str(config)}
    assert modes(notes(*command, environment=environment)) == ["terms"]
    environment["NOTES_MODE"] = "dense"
    assert modes(notes(*command, environment=environment)) == ["dense"]
    named = (*command, "--mode", "terms", "--mode", "hybrid")
    assert modes(notes(*named, environment=environment)) == ["terms", "hybrid"]
    assert modes(notes(*command, "--mode", "all")) == ["hybrid", "dense", "terms"]


def test_a_model_in_the_environment_may_have_spaces_in_its_name(collection: Path) -> None:
    environment = {"NOTES_MODEL": "/no/such model", "HF_HUB_OFFLINE": "1"}
    done = notes("eval", collection, environment=environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert "/no/such model" in done.stderr


def test_the_sample_notes_test_themselves(tmp_path: Path) -> None:
    chart = tmp_path / "chart.png"
    command = ("eval", "--self", sample_vault(), "--mode", "all", "--queries", 30, "--plot", chart)
    told = json_of(*map(str, command), "--per-query")
    assert {name: part["queries"] for name, part in told["runs"][0]["groups"].items()} == {
        "heading": 10,
        "remark": 10,
        "title": 10,
    }
    assert [run["mode"] for run in told["runs"]] == ["hybrid", "dense", "terms"]
    assert all(run["queries"] == 30 for run in told["runs"])
    assert len(told["per_query"]) == 30
    assert chart.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["eval"], 2, "DIR"),
        (["eval", ".", "--mode", "magic"], 2, "magic"),
        (["eval", "--self", "--index", "/no/such/index"], 1, "There is no index in /no/such/index"),
        (["eval", "--self", "/no/such/notes"], 1, "There is no file or folder /no/such/notes"),
        (["eval", ".", ".."], 1, "2 folders are named"),
        (["eval", ".", "--plot", "chart.pdf"], 1, "chart.pdf is no name for a PNG file"),
    ],
)
def test_mistakes_are_told_and_exit(arguments: list[str], code: int, message: str) -> None:
    done = notes(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
