from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.mapping.snapshot import Snapshot, file_of, read_snapshot, write_snapshot

SNAPSHOT = Snapshot(
    token="c0ffee",
    recipe="1 a model",
    made_of=3,
    keys=np.array([b"a" * 16, b"b" * 16], "S16"),
    settled=np.array([True, False]),
    values=np.array([[0.5, -1], [1, 0]], np.float32),
    names=(("kettle", "索引"), ()),
)


def _told(snapshot: Snapshot | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    told = {field.name: getattr(snapshot, field.name) for field in fields(snapshot)}
    return {
        name: (value.dtype, value.tolist()) if isinstance(value, np.ndarray) else value
        for name, value in told.items()
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path, "pca")


def test_what_was_written_is_read(file: Path) -> None:
    write_snapshot(file, SNAPSHOT)
    assert _told(read_snapshot(file)) == _told(SNAPSHOT)
    assert [one.name for one in file.parent.iterdir()] == ["map-pca.npz"]


def test_others_can_read_the_archive(file: Path) -> None:
    write_snapshot(file, SNAPSHOT)
    with np.load(file, allow_pickle=False) as arrays:
        assert arrays["values"].tolist() == SNAPSHOT.values.tolist()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_noticed(file: Path, where: float, change: int) -> None:
    write_snapshot(file, SNAPSHOT)
    raw = bytearray(file.read_bytes())
    raw[int(where * len(raw))] ^= change
    file.write_bytes(raw)
    assert read_snapshot(file) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_noticed(file: Path, part: float) -> None:
    write_snapshot(file, SNAPSHOT)
    raw = file.read_bytes()
    file.write_bytes(raw[: int(part * len(raw))])
    assert read_snapshot(file) is None


def test_no_file_is_no_snapshot(file: Path) -> None:
    assert read_snapshot(file) is None


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "none" / "map-pca.npz", SNAPSHOT)
    assert list(tmp_path.iterdir()) == []
