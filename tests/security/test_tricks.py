"""Every quick trick in the suite; `make check-security` plays the slow ones too.

The servers are started by whichever of pytest's processes is first, and end with it when all are done.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.security.outcome import Tries
from tests.security.play import Trick, every_trick, play
from tests.security.sites import Sites, kept, sites, taken_up
from tests.security.told import leaks
from tests.security.wire import Heard, read_reply

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="needs Linux: strangers come from addresses of 127.0.0.0/8"
)
_PATIENCE = 300


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    made = tmp_path_factory.getbasetemp()
    folder = (made.parent if "PYTEST_XDIST_WORKER" in os.environ else made) / "security"
    folder.mkdir(exist_ok=True)
    place, users = folder / "served", folder / "users"
    users.mkdir(exist_ok=True)
    own = users / str(os.getpid())
    lock = FileLock(f"{folder}.lock")
    lock.acquire()
    if place.exists():
        own.touch()
        lock.release()
        try:
            yield taken_up(place.read_text(encoding="utf-8"))
        finally:
            own.unlink()
        return
    with sites(folder / f"of-{os.getpid()}") as found:
        place.write_text(kept(found), encoding="utf-8")
        lock.release()
        yield found
        _wait_for(users, lock, place)


def _wait_for(users: Path, lock: FileLock, place: Path) -> None:
    """Wait until the other processes are done with the servers."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with lock:
            if not any(users.iterdir()):
                place.unlink()
                return
        time.sleep(0.2)


@pytest.mark.parametrize("trick", [*every_trick(slow=False)], ids=lambda trick: trick.__name__)
def test_it_is_refused(served: Sites, trick: Trick) -> None:
    played = play(trick, served)
    print(played.line())
    assert played.outcome.holes == ()


def test_what_must_not_be_told_is_found_unless_the_visitor_said_it_first() -> None:
    heard = [Heard("127.1.1.1", b"GET / HTTP/1.1", b"HTTP/1.1 200 OK\r\n\r\nzorblaxprivate")]
    assert len(list(leaks(heard))) == 1
    said = Heard("127.1.1.1", b"GET /zorblaxprivate HTTP/1.1", b"")
    assert list(leaks([said, *heard])) == []


def test_a_failed_control_is_a_hole() -> None:
    tries = Tries()
    tries.control("the owner can", False, 404)
    assert tries.outcome("x").verdict == "OPEN"


def test_answers_are_read_as_they_came() -> None:
    told = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 400 B\r\n"
    reply = read_reply(told)
    assert (reply.status, reply.body, reply.rest) == (200, b"abc", b"HTTP/1.1 400 B\r\n")
    assert read_reply(b"").status == 0
