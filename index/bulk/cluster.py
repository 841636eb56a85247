"""A Ray cluster for as long as an update takes: found or started, asked, left.

Ray is imported here only, and when there is something to do.
"""

import logging
import os
import socket
import threading
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from index.bulk.trouble import explained
from index.keeping.bulk import BulkError

if TYPE_CHECKING:
    import pyarrow as pa

    from index.bulk.node import Work

LOCAL = "local"
AUTO = "auto"
_CLIENT = "ray://"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PROBE_SECONDS = 5.0
_READER, _READER_SECONDS = "iter_threaded", 5.0  # as Ray Data names the thread that reads ahead

_TRIES = 3
"""The process that a cluster forks for one who comes by ray:// dies at its start now and then."""

_RETRIES = 5
"""Of a block whose node or worker is lost. Ray Data would go on for ever: with a block, too, that
kills each worker that it comes to."""

_WINDOW = 64_000_000
_CLIENT_WINDOW = 2_000_000

Step = Callable[["pa.Table", "Work"], "pa.Table"]


class Cluster:
    """The cluster at `address`: "host:6379", "ray://host:10001", "auto", or "local" for one that is
    started on this machine and stopped afterwards.

    Raises BulkError where it is not there, or Ray is not.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._ray: Any = None
        self._running: Generator[pa.Table, None, None] | None = None
        if find_spec("ray") is None or find_spec("pyarrow") is None:
            raise BulkError(
                "Ray is not installed here, and --ray needs it.",
                "Install it: pip install 'ray[data]'",
            )
        self._is_loopback = address == LOCAL or _answers_on_loopback(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running is not None:  # its threads would go on, and connect anew
            self._running.close()
        if self._ray is not None:
            self._ray.shutdown()

    @property
    def window(self) -> int:
        """About how many bytes to send at once."""
        return _CLIENT_WINDOW if self._is_client else _WINDOW

    @property
    def _is_client(self) -> bool:
        return self.address.startswith(_CLIENT)

    def run(self, step: Step, work: "Work", blocks: Sequence["pa.Table"]) -> Iterator["pa.Table"]:
        """Yield what `step` makes of each block, in any order, on whichever nodes.

        Lost nodes cost no block: Ray gives what was lost to others. Raises BulkError where that does
        not help, or a node refuses.
        """
        self._running = self._run(step, work, blocks)
        return self._running

    def _run(
        self, step: Step, work: "Work", blocks: Sequence["pa.Table"]
    ) -> Generator["pa.Table", None, None]:
        ray = self._open()
        try:
            if self._is_client:  # which has no Ray Data: one of the nodes then uses it for us
                gather = ray.remote(num_cpus=0, max_retries=-1)(_gather)
                yield from ray.get(gather.remote(step, work, list(blocks)))
            else:
                yield from _through(step, work, blocks)
        except ray.exceptions.RayError as error:
            raise explained(error, self.address) from error

    def _open(self) -> Any:
        if self._ray is None:
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
            os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
            if self.address != LOCAL:  # tries, 40 s each, at a port that may not be Ray's
                os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "1")
            if self._is_loopback:  # else its ports are open to others, who may run what they like
                os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they are about Ray's code, not for a user
                self._ray = _connected(self.address)
            if not self._ray.cluster_resources().get("CPU"):
                raise BulkError(
                    f"The Ray cluster {self.address} has no processor to give.",
                    "Add a node: ray start --address HOST:6379",
                )
        return self._ray


def _connected(address: str) -> Any:
    """Return Ray, connected."""
    import ray
    import ray.data

    logging.getLogger("ray").setLevel(logging.CRITICAL)
    own = {"num_cpus": _cores(), "include_dashboard": False} if address == LOCAL else {}
    try:
        for left in reversed(range(_TRIES)):
            try:
                ray.init(address, log_to_driver=False, logging_level=logging.CRITICAL, **own)
                break
            except ConnectionAbortedError:
                if not left:
                    raise
    except (OSError, RuntimeError, ValueError, TimeoutError) as error:
        raise _unreachable(address, str(error).partition("\n")[0].strip(". ")) from error
    return ray


def _through(step: Step, work: "Work", blocks: Sequence["pa.Table"]) -> Iterator["pa.Table"]:
    """Send blocks through Ray Data, a task each; tables come as they are done."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():  # max_retries goes with Ray 2.64, and has no other name yet
        warnings.simplefilter("ignore", DeprecationWarning)
        made = ray.data.from_arrow(list(blocks)).map_batches(
            step,
            fn_args=(work,),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=1,
            max_retries=_RETRIES,
        )
    try:
        yield from made.iter_batches(batch_size=None, batch_format="pyarrow")
    finally:  # it does not wait for its thread, which would go on in a Ray that is shut down
        for thread in threading.enumerate():
            if thread.name == _READER:
                thread.join(_READER_SECONDS)


def _gather(step: Step, work: "Work", blocks: Sequence["pa.Table"]) -> list["pa.Table"]:
    return list(_through(step, work, blocks))


def _answers_on_loopback(address: str) -> bool:
    """Whether a cluster is at this machine's own address only; BulkError if nobody answers.

    Ray takes "localhost" for the address by which others know this machine, which is where a
    cluster listens that was started for others.
    """
    if address == AUTO:
        return False
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.scheme not in ("", "ray"):
        raise BulkError(
            f"{address!r} is no address of a Ray cluster.",
            "Give HOST:6379, ray://HOST:10001, auto, or local for one on this machine.",
        )
    is_loopback = host in _LOOPBACK
    hosts = [host, socket.gethostname()] if is_loopback else [host]
    trouble = ""
    for one in hosts:
        try:
            socket.create_connection((one, port), _PROBE_SECONDS).close()
        except OSError as error:
            trouble = trouble or str(error.strerror or error)
        else:
            return is_loopback and one == host
    raise _unreachable(address, trouble)


def _unreachable(address: str, why: str) -> BulkError:
    return BulkError(
        f"The Ray cluster {address} cannot be reached: {why}.",
        "Start it (ray start --head), mend the address, or use --ray local, or no --ray at all.",
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
