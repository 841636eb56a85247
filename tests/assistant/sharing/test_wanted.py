"""Options that a shared app cannot follow are refused."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app


@pytest.mark.parametrize("given", [["--model", "m"], ["--reranker", "r"], ["--open"]])
def test_an_option_that_a_shared_app_cannot_follow_is_refused(
    given: list[str], tmp_path: Path
) -> None:
    told = CliRunner().invoke(app, ["serve", "--public", "--index", str(tmp_path), *given])
    assert told.exit_code == 2
    assert given[0] in told.stderr
    assert "leave this out" in " ".join(told.stderr.replace("│", " ").split())
