"""What the HTTP library raises, as what the user can act on."""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import openai

from assistant.generation import failures
from assistant.generation.events import BrokenOffError, GarbledError, ServerFailedError
from assistant.generation.failures import GenerationError
from assistant.generation.transport import TooMuchError


def failure_of(error: BaseException, host: str, has_response: bool) -> GenerationError | None:
    """Return what `error` means for the user; None if it is a bug."""
    match error:
        case GenerationError():
            return error
        case openai.APIStatusError():
            headers = error.response.headers
            wait, target = headers.get("retry-after", ""), headers.get("location", "")
            return failures.refused(host, error.status_code, _seconds(wait), _host(target))
        case TooMuchError():
            return failures.overlong(host, "the bytes that an answer may have")
        case GarbledError():
            return failures.garbled(host, str(error))
        case ServerFailedError():
            return failures.failed_within(host)
        case BrokenOffError():
            return failures.cut_off(host)
        case openai.APIConnectionError() | httpx2.RequestError() | ssl.SSLError():
            return failures.cut_off(host) if has_response else _unreached(error, host)
    return None


def _unreached(error: BaseException, host: str) -> GenerationError:
    chain = list(_chain(error))
    for kind, why in (
        (ssl.SSLError, "its certificate or its kind of TLS is not accepted"),
        (socket.gaierror, "there is no such host"),
        (ConnectionRefusedError, "nothing listens there"),
        (httpx2.ProxyError, "the proxy does not let us through"),
        (httpx2.TimeoutException, "it does not answer"),
        (httpx2.ReadError, "it closed the connection"),
    ):
        if any(isinstance(cause, kind) for cause in chain):
            return failures.unreachable(host, why)
    if any(isinstance(cause, httpx2.RemoteProtocolError) for cause in chain):
        if any("disconnected" in str(cause) for cause in chain):
            return failures.unreachable(host, "it closed the connection")
        return failures.garbled(host, "something else than HTTP")
    return failures.unreachable(host, "the connection fails")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all that lie under it."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _chain(one)
        error = error.__cause__ or error.__context__


def _seconds(retry_after: str) -> str:
    """Seconds as they are; the header may say a date too, and anything."""
    return retry_after if retry_after.isascii() and retry_after.isdigit() else ""


def _host(location: str) -> str:
    """The host of a redirect, if it is one that can be shown."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        return ""
    return host if host.isprintable() and len(host) <= 253 else ""
