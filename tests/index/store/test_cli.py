"""The command line with a store that is kept."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.library import library_html
from index.finding.facets import FACETS
from index.keeping.status import Status

NOTHING: dict[str, dict[str, int]] = {name: {} for name in FACETS}


def notes(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NOTES_CONFIG": "", **environment},
    )


def test_a_store_named_once_is_kept(vault: Path, tmp_path: Path, lite_store: str) -> None:
    index = ("--index", str(tmp_path / "index"))
    done = notes("index", str(vault), *index, "--json", NOTES_STORE=lite_store)
    assert done.returncode == 0, done.stderr
    assert "store_problem" not in json.loads(done.stdout)
    assert "Traceback" not in done.stderr
    status = json.loads(notes("status", *index, "--json").stdout)
    assert (status["store"], status["words_in_index"]) == (lite_store, False)
    found = notes("search", "descale kettle", *index, "--json", "-k", "1")
    assert json.loads(found.stdout)[0]["path"] == "home.txt", found.stderr
    (vault / "new.md").write_text("# Fern\n\nWater the fern.\n")
    assert notes("index", *index).returncode == 0
    assert "fern" in notes("ask", "How do I water the fern?", *index).stdout
    assert notes("doctor", *index).returncode == 0
    back = notes("index", *index, "--store", "faiss")
    assert back.returncode == 0, back.stderr
    assert (tmp_path / "index" / "vectors.faiss").exists()


def test_a_store_that_is_none_is_refused(vault: Path, tmp_path: Path) -> None:
    done = notes("index", str(vault), "--index", str(tmp_path / "i"), "--store", "milvus://h")
    assert done.returncode == 1
    assert "milvus://h names no store of vectors." in done.stderr


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Milvus 2.3.5 has no sparse vectors: it searches by meaning, words are searched"),
        ("zh", "Milvus 2.3.5 没有稀疏向量"),
    ],
)
def test_the_library_says_what_an_old_server_lacks(language: str, told: str) -> None:
    counts = (0, 0, 0, {}, {}, (), "bundled", "", 1, 0, {})
    status = Status(
        "/i", {}, *counts, store="milvus://h:1/n", store_version="2.3.5", words_in_index=True
    )
    html = library_html(status, NOTHING, language, shows_places=True)
    assert told in html
    assert "milvus://h:1/n" in html
    assert told not in library_html(Status("/i", {}, *counts), NOTHING, language, True)
