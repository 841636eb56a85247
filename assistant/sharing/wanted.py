"""Who may come in, by the options of `notes serve`; what would let in too many is refused."""

from collections.abc import Mapping
from pathlib import Path

import typer

from assistant.sharing.limits import Limits
from assistant.sharing.sharing import Sharing, is_loopback


def sharing_wanted(
    host: str, share: bool, auth: Path | None, public: bool, per_minute: int, has_writer: bool
) -> Sharing | None:
    """Return how the app is shared, None if it is the owner's alone. Raises typer.BadParameter."""
    is_open = share or not is_loopback(host)
    if auth and public:
        raise typer.BadParameter("--auth asks for a password, --public does not: choose one")
    if is_open and not share and not auth and not public:
        raise typer.BadParameter(
            f"{host} lets others in: say who with --auth FILE (notes password NAME --auth FILE), "
            "or that everybody may with --public",
            param_hint="--host",
        )
    if not is_open and not auth and not public:
        return None
    if has_writer and not auth:
        raise typer.BadParameter(
            "strangers would use your language model: ask for a password with --auth FILE, "
            "or serve without it",
            param_hint="--llm-url",
        )
    return Sharing(host, share, auth, Limits.of_questions(per_minute))


def refuse_unshared(given: Mapping[str, object]) -> None:
    """Raise typer.BadParameter for an option, by its name, that a shared app cannot follow."""
    for option, value in given.items():
        if value:
            raise typer.BadParameter(
                "a shared app is a copy with the bundled model, opened by its visitors: leave this out",
                param_hint=option,
            )
