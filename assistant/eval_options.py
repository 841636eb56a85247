"""The options of `notes eval` that differ from those of other commands."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from index.finding.hit import Mode

EvalFolders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="DIR", help="Folder with corpus.jsonl, queries.jsonl and qrels.tsv; or your notes."
    ),
]


class EvalMode(StrEnum):
    """A mode of search, or all of them."""

    ALL = "all"
    HYBRID = Mode.HYBRID
    DENSE = Mode.DENSE
    TERMS = Mode.TERMS


EvalModes = Annotated[
    list[EvalMode] | None,
    typer.Option(
        "--mode",
        envvar="NOTES_MODE",
        help="Lists to use; repeat it to compare. [default: hybrid]",
        show_default=False,
    ),
]
EvalModels = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="Model, as elsewhere; repeat it to compare. [env var: NOTES_MODEL]",
        show_default=False,
    ),
]


def as_lists(defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with those that `eval` may repeat as lists.

    The environment's model is read here: Typer would cut a name that holds spaces.
    """
    named = {**defaults, "model": os.environ.get("NOTES_MODEL") or defaults.get("model")}
    return {**defaults, **{key: [named[key]] for key in ("mode", "model") if named.get(key)}}
