import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[3]
HEAD = {
    "num_cpus": 0,
    "include_dashboard": False,
    "node_ip_address": "127.0.0.1",
    "object_store_memory": 100_000_000,
    "_system_config": {
        "health_check_initial_delay_ms": 0,
        "health_check_period_ms": 500,
        "health_check_timeout_ms": 1000,
        "health_check_failure_threshold": 3,
    },
}


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster on this machine's own address: a head that does no work, three nodes that do.

    One at a time: those who come to a cluster from outside are given the same ports in each.
    """
    alone = FileLock(tmp_path_factory.getbasetemp().parent / "ray.lock")
    with alone, pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # read when Ray is imported
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_ENABLE_AUTO_CONNECT", "0")
        environment.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        cluster = _started()
        try:
            yield cluster
        finally:
            cluster.shutdown()


def _started() -> Any:
    """Start a cluster; Ray gives each node 30 seconds, which a busy machine may not have."""
    from ray.cluster_utils import Cluster

    for left in reversed(range(3)):
        cluster = Cluster()
        try:
            cluster.add_node(**HEAD, ray_client_server_port=_free_port())
            for _ in range(3):
                cluster.add_node(num_cpus=1, object_store_memory=100_000_000)
        except Exception as error:
            cluster.shutdown()
            if not left or "timed out during startup" not in str(error):
                raise
        else:
            return cluster
    raise AssertionError("the last try returns or raises")


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
