"""Serve an index to others than the notes' owner: to read, within limits."""

from pathlib import Path

from starlette.middleware import Middleware

from assistant.app.quick_import import import_quickly
from assistant.bounds import SHARED
from assistant.crew import Crew, members
from assistant.discreet import be_discreet
from assistant.generation.endpoint import Endpoint
from assistant.port import check_port
from assistant.sharing.limited import Limited
from assistant.sharing.passwords import Passwords
from assistant.sharing.sharing import Sharing
from assistant.sharing.sign_in import SignIn
from corpus.errors import NotesError
from corpus.roles import ROLES, Roles

_AT_WORK = 32
"""Threads: they wait for the processes that work."""


def serve_shared(
    index: Path,
    sharing: Sharing,
    port: int,
    *,
    has_tools: bool,
    model: str | None = None,
    roles: Roles = ROLES,
    endpoint: Endpoint | None = None,
) -> None:
    """Serve until interrupted. Raises NotesError where it cannot be."""
    check_port(port, sharing.host)
    be_discreet()
    assistant = Crew(index, members(), model, roles=roles, endpoint=endpoint, bounds=SHARED)
    import_quickly()
    from assistant.app.guard import guards
    from assistant.app.layout import build_app, openings
    from assistant.app.rights import VISITOR
    from assistant.app.serve import Site, serve
    from assistant.sharing.told import say_open

    assistant.warm_up()
    app = build_app(assistant, VISITOR)
    guarding = [Middleware(Limited, limits=sharing.limits, openings=openings(app))]
    if sharing.passwords:
        guarding.append(Middleware(SignIn, passwords=Passwords(sharing.passwords)))
    tools = assistant if has_tools else None
    site = Site(port, sharing.host, sharing.has_tunnel, tools, at_work=_AT_WORK)

    def opened(address: str | None) -> None:
        if sharing.has_tunnel and not address:
            raise NotesError(
                "Gradio's tunnel could not be opened.",
                "It needs the internet, and a program that Gradio downloads once. Without it: "
                "--host 0.0.0.0 with --auth FILE or --public.",
            )
        say_open(address or f"http://{sharing.host}:{port}", sharing)

    try:
        serve(app, site, guards(VISITOR, is_local=False, more=guarding), on_open=opened)
    finally:
        assistant.close()
