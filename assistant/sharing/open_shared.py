"""Share the app: what others see is a copy of the notes that may be seen."""

import tempfile
from dataclasses import replace
from pathlib import Path

from assistant.opening import Opening, bring_up_to_date
from assistant.port import check_port
from assistant.publishing.data import write_data
from assistant.publishing.telling import tell_published
from assistant.sharing.ending import end_when_told
from assistant.sharing.serve_shared import serve_shared
from assistant.sharing.sharing import Sharing
from assistant.terminal import progress_bars


def open_shared(opening: Opening, sharing: Sharing) -> None:
    """Serve until interrupted. Raises NotesError.

    What is private is in no part of the copy, which lies in a temporary folder until the end.
    """
    check_port(opening.port, sharing.host)
    end_when_told()
    with tempfile.TemporaryDirectory(prefix="notes-shared-") as folder:
        data = Path(folder) / "data"
        if opening.folders:
            bring_up_to_date(opening)
        with progress_bars() as on_progress:
            published = write_data(
                opening.index,
                data,
                roles=opening.roles,
                max_bytes=opening.max_bytes,
                maps=False,
                on_progress=on_progress,
            )
        tell_published(replace(published, place="a copy that lasts as long as this server"))
        serve_shared(
            data / "index",
            sharing,
            opening.port,
            has_tools=opening.has_tools,
            roles=opening.roles,
            endpoint=opening.endpoint,
        )
