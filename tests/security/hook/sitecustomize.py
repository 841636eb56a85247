"""Python imports this by itself where its folder is on PYTHONPATH: it writes down where to a program
would connect, whose name it looks up and what it starts, into the file NOTES_HEARD_BY_HOOK."""

import json
import os
import sys

_LOG = os.environ.get("NOTES_HEARD_BY_HOOK", "")
_EVENTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind", "subprocess.Popen", "os.system", "os.posix_spawn", "webbrowser.open")  # fmt: skip


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    told = arguments[-1] if event in ("socket.connect", "socket.bind", "socket.sendto") else arguments[0]  # fmt: skip
    with open(_LOG, "a", encoding="utf-8") as log:  # noqa: PTH123 - before pathlib is imported
        log.write(json.dumps([event, str(told)]) + "\n")


if _LOG:
    sys.addaudithook(_hear)
