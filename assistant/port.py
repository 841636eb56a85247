"""Is a port of this machine free?"""

import socket

from corpus.errors import NotesError

LOOPBACK = "127.0.0.1"


def check_port(port: int) -> None:
    """Raise NotesError if the page cannot be served at `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise NotesError(
                f"Port {port} cannot be used: {error.strerror}.",
                f"Choose another one: notes serve --port {port + 1}",
            ) from error
