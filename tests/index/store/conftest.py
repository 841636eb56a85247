"""The stores of vectors: FAISS's file, Milvus in a file, a server of Milvus without sparse vectors."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from index.keeping.milvus.address import Address, address_of
from index.keeping.milvus.client import Milvus
from tests.index.store.milvus_server import MilvusServer, kill_groups, want_server

FAISS, LITE, SERVER = "faiss", "milvus-lite", "milvus-2.3.5"
MILVUS = (LITE, SERVER)


@pytest.fixture(scope="session")
def server_host(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """One server for all workers: the first starts it, the last ends it."""
    want_server()
    own = tmp_path_factory.getbasetemp()
    folder = own if worker_id == "master" else own.parent
    told = folder / "milvus.json"
    with FileLock(folder / "milvus.lock"):
        known = json.loads(told.read_text()) if told.exists() else {"users": 0}
        if not known["users"]:
            server = MilvusServer(folder / f"milvus-{uuid.uuid4().hex[:6]}").start()
            known = {"users": 0, "host": server.host, "groups": server.groups}
        known["users"] += 1
        told.write_text(json.dumps(known))
    yield known["host"]
    with FileLock(folder / "milvus.lock"):
        known = json.loads(told.read_text())
        known["users"] -= 1
        told.write_text(json.dumps(known))
        if not known["users"]:
            kill_groups(known["groups"])


@pytest.fixture(params=[FAISS, *MILVUS])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """What --store names, a place of its own for each test."""
    yield from _place(request, tmp_path)


@pytest.fixture(params=MILVUS)
def milvus_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from _place(request, tmp_path)


@pytest.fixture
def lite_store(tmp_path: Path) -> Iterator[str]:
    yield lite(tmp_path)
    release(tmp_path)


@pytest.fixture(scope="module")
def make_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], str]]:
    """For what a whole module searches."""
    folder = tmp_path_factory.mktemp("stores")

    def make(kind: str, host: str) -> str:
        return {FAISS: FAISS, LITE: lite(folder), SERVER: on_server(host)}[kind]

    yield make
    release(folder)


def _place(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == FAISS:
        yield FAISS
    elif request.param == LITE:
        yield lite(folder)
        release(folder)
    else:
        store = on_server(request.getfixturevalue("server_host"))
        yield store
        server = opened(store)
        for name in server.collections():
            if name.startswith(server.address.collection):
                server.drop(name)
        server.close()


def lite(folder: Path) -> str:
    pytest.importorskip("milvus_lite", reason="milvus-lite is not installed (the extra dev has it)")
    return f"milvus-lite://{folder}/milvus.db/notes"


def on_server(host: str) -> str:
    return f"milvus://{host}/notes_{uuid.uuid4().hex[:10]}"


def release(folder: Path) -> None:
    """End the threads that serve a file of Milvus."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(str(folder / "milvus.db"))


def opened(store: str) -> Milvus:
    return Milvus(place(store))


def place(store: str) -> Address:
    address = address_of(store)
    assert address is not None
    return address


def chunks_there(store: str) -> list[int]:
    """The chunks in the collection that the address stands for, as the server itself tells."""
    server = opened(store)
    try:
        collection = server.behind_alias()
        found = [chunk for part in server.chunks(collection, 10_000) for chunk in part.tolist()]
        assert server.count(collection) == len(found)
        return found
    finally:
        server.close()
