"""Serve the notes of a folder that `notes publish` has written."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.port import LOOPBACK
from assistant.sharing.ending import end_when_told
from assistant.sharing.limits import Limits
from assistant.sharing.sharing import Sharing
from corpus.errors import NotesError

_PROXIES = "127.0.0.1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
"""Whose word is taken for where a request comes from: a Space's own machines are on such addresses."""


def serve_demo(data: Path) -> None:
    """Serve `data`/index until interrupted, on NOTES_HOST (this machine alone) and NOTES_PORT (7860).

    The end of the process: 1 where the settings cannot be, 130 where it was interrupted.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # see assistant.cli.main
    if "SPACE_ID" in os.environ:
        os.environ.setdefault("FORWARDED_ALLOW_IPS", _PROXIES)
    end_when_told()
    try:
        sharing, port = sharing_of(os.environ)
        from assistant.sharing.serve_shared import serve_shared

        serve_shared(data / "index", sharing, port, has_tools=True)
    except NotesError as error:
        print(f"notes: {error.message}\n  {error.hint}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def sharing_of(environment: Mapping[str, str]) -> tuple[Sharing, int]:
    """Read the settings of a demo: NOTES_HOST, NOTES_PORT, NOTES_AUTH and NOTES_PER_MINUTE.

    Hugging Face gives its Spaces Gradio's names of the first two. Raises NotesError.
    """
    host = environment.get("NOTES_HOST") or environment.get("GRADIO_SERVER_NAME") or LOOPBACK
    port = environment.get("NOTES_PORT") or environment.get("GRADIO_SERVER_PORT") or "7860"
    per_minute = environment.get("NOTES_PER_MINUTE") or str(Limits().questions)
    passwords = environment.get("NOTES_AUTH")
    for name, value in (("NOTES_PORT", port), ("NOTES_PER_MINUTE", per_minute)):
        if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 65_536:
            raise NotesError(f"{name} is {value!r}, which is no such number.", "Mend or unset it.")
    return Sharing(
        host,
        passwords=Path(passwords) if passwords else None,
        limits=Limits.of_questions(int(per_minute)),
    ), int(port)
