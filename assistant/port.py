"""Is a port of this machine free?"""

import socket

from corpus.errors import NotesError

LOOPBACK = "127.0.0.1"


def check_port(port: int, host: str = LOOPBACK) -> None:
    """Raise NotesError if the page cannot be served at `port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise NotesError(
                f"{host} is no address of this machine: {error.strerror}.",
                "Name one of its addresses, or all: --host 0.0.0.0",
            ) from error
        except OSError as error:
            raise NotesError(
                f"Port {port} cannot be used: {error.strerror}.",
                f"Choose another one: notes serve --port {port + 1}",
            ) from error
