import socket

import pytest

from assistant.port import check_port
from corpus.errors import NotesError


def test_a_taken_port_is_told_with_the_option_that_helps() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotesError, match=f"Port {port} cannot be used") as error:
            check_port(port)
    assert error.value.hint == f"Choose another one: notes serve --port {port + 1}"
    check_port(port)
