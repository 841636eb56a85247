import socket
from pathlib import Path

import pytest

from assistant.app.serve import serve
from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.errors import NotesError


def test_a_taken_port_is_told_with_the_option_that_helps(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nnote\n")
    update_index(tmp_path / "index", [tmp_path / "a.md"])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotesError, match=f"Port {port} cannot be used") as error:
            serve(Assistant(tmp_path / "index"), port)
    assert error.value.hint == f"Choose another one: notes serve --port {port + 1}"
