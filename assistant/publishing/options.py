"""The options by which notes are chosen for publishing."""

from typing import Annotated

import typer

OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="WHAT",
        help="Only these: a pattern as in .gitignore (blog/, *.md) or a filter (tag:blog, lang:zh). "
        "May be given several times.",
    ),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="WHAT", help="All but these; beats --only."),
]
PrivateTagOption = Annotated[
    list[str] | None,
    typer.Option("--private-tag", metavar="TAG", help="A further tag that keeps notes private."),
]
