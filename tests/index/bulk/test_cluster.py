import socket
import sys

import pytest

from corpus.errors import NotesError
from index.bulk.cluster import Cluster
from index.bulk.trouble import explained


def test_a_cluster_that_is_not_there_is_named() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    for address in (f"127.0.0.1:{port}", f"ray://127.0.0.1:{port}", f"localhost:{port}"):
        with pytest.raises(NotesError, match=f"{address} cannot be reached") as raised:
            Cluster(address)
        assert "ray start --head" in raised.value.hint


@pytest.mark.parametrize("address", ["", "head", "host:port", "http://127.0.0.1:80", "ray://head"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(NotesError, match="is no address of a Ray cluster") as raised:
        Cluster(address)
    assert "ray://HOST:10001" in raised.value.hint


@pytest.mark.parametrize("package", ["ray", "pyarrow"])
def test_what_is_not_installed_is_told(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(NotesError, match="Ray is not installed") as raised:
        Cluster("local")
    assert "pip install 'ray[data]'" in raised.value.hint


class RayTaskError(Exception):
    """Named as Ray's."""


def test_trouble_of_the_cluster_is_told_and_a_bug_keeps_its_traceback() -> None:
    lacking = explained(RayTaskError("\nModuleNotFoundError: No module named 'x'"), "h:1")
    assert isinstance(lacking, NotesError)
    assert "h:1 lacks" in lacking.message
    assert "on every node" in lacking.hint
    lost = explained(RuntimeError("lost\n  details"), "h:1")
    assert isinstance(lost, NotesError)
    assert lost.message == "The Ray cluster h:1 failed: lost"
    bug = RayTaskError("Traceback ... KeyError")
    assert explained(bug, "h:1") is bug
