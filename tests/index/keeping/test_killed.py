"""`notes index` as a process, killed and with a failing disk; `make bench-keeping` does more of it."""

import random
from pathlib import Path

import pytest

from assistant.places import sample_vault
from index.embedding.onnx_embedder import OnnxEmbedder
from tests.faults.shim import Shim
from tests.faults.victim import Victim, fail_many, kill_many


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder(threads=1)


@pytest.fixture
def victim(tmp_path: Path, embedder: OnnxEmbedder, request: pytest.FixtureRequest) -> Victim:
    seed = random.Random(request.node.name)
    return Victim(tmp_path / "victim", sample_vault(), embedder, Shim(tmp_path), seed)


def test_nothing_committed_is_lost_by_a_kill(victim: Victim) -> None:
    victim.measure()
    with victim.searches_beside():
        assert len(list(kill_many(victim, 6))) == 6
    assert victim.tally["searches"]
    assert victim.tally["searches beside"]
    assert victim.equals_an_undisturbed_build()


@pytest.mark.parametrize("kind", ["enospc", "eio"])
def test_a_failing_disk_is_told_and_costs_nothing(victim: Victim, kind: str) -> None:
    assert len(list(fail_many(victim, kind, 3))) == 3
    assert victim.equals_an_undisturbed_build()
