"""Why a language model gave no answer, or not all of it, and what helps."""

from corpus.errors import NotesError


class GenerationError(NotesError):
    """The model gave no answer, or not all of it.

    Neither text has a word of what the server said: servers repeat keys and prompts in errors.
    """


_URL = "Check the URL: most end in /v1."
_SERVER = "Is the server running? Ask again, or look at its log."


def unreachable(host: str, why: str) -> GenerationError:
    """`why` is a reason without a stop, as "nothing listens there"."""
    return GenerationError(
        f"The language model at {host} cannot be reached: {why}.",
        "Start the server, or check the URL and the network.",
    )


def refused(host: str, status: int, retry_after: str, elsewhere: str) -> GenerationError:
    """`status` is not 200; `retry_after` are its seconds or "", `elsewhere` a redirect's host."""
    if status in (401, 403):
        what, hint = "refuses the key", "Set NOTES_LLM_KEY to a key that is valid there."
    elif status == 404:
        what = "does not know this model, or its API is elsewhere"
        hint = f"Check the model's name. {_URL}"
    elif status == 429:
        wait = f" for {retry_after} seconds" if retry_after else " for a while"
        what, hint = "takes no more requests", f"Wait{wait}, then ask again; or check your quota."
    elif 300 <= status < 400:
        what = f"sends us on to {elsewhere or 'another address'}, and we do not follow"
        hint = "If you trust that address, give it as the URL."
    elif status in (400, 413, 422):
        what = "did not take the request"
        hint = "Check the model's name. Or it may not hold so much text: its log says."
    elif status >= 500:
        what, hint = "failed", _SERVER
    else:
        what, hint = "gave no answer", _URL
    return GenerationError(f"The language model at {host} {what} (HTTP {status}).", hint)


def failed_within(host: str) -> GenerationError:
    """The server said in the stream that it failed."""
    return GenerationError(f"The language model at {host} failed while it answered.", _SERVER)


def garbled(host: str, what: str) -> GenerationError:
    """`what` came instead of a stream of events, as "a web page"."""
    return GenerationError(
        f"What answers at {host} sent {what} and no answer of a language model.",
        f"Is that an OpenAI-compatible API? {_URL}",
    )


def cut_off(host: str) -> GenerationError:
    """The stream ended before the answer did."""
    return GenerationError(
        f"The connection to the language model at {host} broke off within the answer.", _SERVER
    )


def silent(host: str, seconds: float, has_begun: bool) -> GenerationError:
    """Nothing was said for `seconds`, at the beginning or within the answer."""
    when = "went silent within the answer" if has_begun else "did not begin to answer"
    return GenerationError(
        f"The language model at {host} {when} for {seconds:g} seconds.",
        "A large model may be loading: ask again, or allow it more time.",
    )


def overlong(host: str, what: str) -> GenerationError:
    """`what` was passed, as "180 seconds"."""
    return GenerationError(
        f"The language model at {host} did not come to an end within {what}.",
        "Ask again, or take another model.",
    )


def withheld(host: str) -> GenerationError:
    """The service's filter ended the answer."""
    return GenerationError(
        f"The service at {host} withheld the rest of the answer by its content filter.",
        "Ask in other words, or take another model.",
    )


def empty(host: str, is_cut: bool) -> GenerationError:
    """There was no text; `is_cut` says that the tokens went on something else."""
    if is_cut:
        return GenerationError(
            f"The language model at {host} spent all its tokens before it answered.",
            "Allow it more tokens, or take a model that does not think aloud.",
        )
    return GenerationError(
        f"The language model at {host} gave an empty answer.", "Ask again, or take another model."
    )
