from pathlib import Path

import pytest

from tests.assistant.adding.dropping import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)
