"""Where tests find shared data, and an embedder that needs no model."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.bag_of_terms import BagOfTerms

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

SHARED = Path(os.environ.get("NOTES_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture
def embedder() -> BagOfTerms:
    return BagOfTerms()


@pytest.fixture(scope="session")
def memo() -> str:
    file = SHARED / "notes" / "memo.zh.md"
    if not file.is_file():
        pytest.skip(f"the reference memo is missing: {file} (set NOTES_SHARED)")
    return file.read_bytes().decode()
