"""A server is told to end by a signal, and tidies up."""

import signal
import sys
from types import FrameType


def end_when_told() -> None:
    """Leave by SystemExit (128 and the signal's number) where SIGTERM would end the process.

    As a container's first process it would not even do that.
    """
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough
    sys.exit(128 + number)
