"""The running app follows its notes, as a person sees it over the app's own API."""

import shutil
import time
from pathlib import Path

from gradio_client import Client

from tests.e2e.conftest import SAMPLE, serving


def test_a_saved_note_is_found_while_the_app_runs(tmp_path: Path) -> None:
    vault = tmp_path / "notes"
    shutil.copytree(SAMPLE, vault)
    with serving(vault, tmp_path) as address:
        client = Client(address, verbose=False)

        def first() -> dict[str, object]:
            hits = client.predict("how much holds a pelican's bill", k=1, api_name="/search")
            return dict(hits[0])

        assert "pelican" not in str(first()["text"])
        (vault / "pelican.md").write_text("# Pelicans\n\nA pelican's bill holds 11 litres.\n")
        began = time.monotonic()
        while "11 litres" not in str(first()["text"]):
            assert time.monotonic() - began < 10
        taken = time.monotonic() - began
        note = first()
        assert (note["file"], note["freshness"]) == ("pelican.md", "current")
        (vault / "pelican.md").write_text("# Pelicans\n\nNobody knows what their bills hold.\n")
        assert first()["freshness"] == "changed" or "Nobody" in str(first()["text"])
        while "Nobody" not in str(first()["text"]):
            assert time.monotonic() - began < 20
        client.close()
        assert taken < 5  # under 2 s on a quiet machine: make bench-keeping
