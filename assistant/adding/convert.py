"""Convert documents to Markdown, in a process of its own that can be ended at any moment.

    python -m assistant.adding.convert MEMORY SECONDS MOST

Each line of standard input is a JSON list: a file, its suffix, and where to put the outcome, a JSON
object with `text` and `title`, or with `reason`. That file appears whole. A document is code that
was written by others, and its readers are large: the process gets no network, starts no programs,
and is held to MEMORY bytes and, for each document, SECONDS of computing; a text of more than MOST
bytes is refused.
"""

import io
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.adding.charset import as_utf_8
from assistant.adding.pdf_text import with_ideographs, with_lines_joined, with_spaces
from assistant.adding.refused import Reason, Refusal
from assistant.adding.tidy import tidy

if TYPE_CHECKING:
    from markitdown import DocumentConverter, DocumentConverterResult

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "ftplib.",
)
_OUTCOME_BYTES = 100_000_000
# A row of names is seldom marked as one, and the names are what columns are known by here; of
# `snake_case` no escapes are left that a search for it would stumble over.
_MARKDOWN: Mapping[str, Any] = {"table_infer_header": True, "escape_underscores": False}
_PASSWORD_ERRORS = frozenset({"PDFPasswordIncorrect", "PDFEncryptionError"})


def main(memory: int, seconds: float, most: int) -> None:
    """Convert what standard input names until it ends."""
    confine(memory)
    for line in sys.stdin:
        file, suffix, out = json.loads(line)
        _allow_computing(seconds)
        outcome = _outcome(Path(file), suffix, most)
        part = Path(out + ".part")
        part.write_text(json.dumps(outcome), encoding="utf-8")
        part.replace(out)


def _outcome(file: Path, suffix: str, most: int) -> dict[str, str]:
    try:
        text, title = _converted(file, suffix)
        if not text.strip():
            raise Refusal(Reason.EMPTY)
        if len(text.encode()) > most:
            raise Refusal(Reason.TOO_LARGE, str(most))
    except Refusal as refusal:
        return {"reason": refusal.reason, "detail": refusal.detail}
    except MemoryError:
        return {"reason": Reason.TOO_HEAVY}
    except Exception as error:  # noqa: BLE001 - a document may break its reader in any way
        return {"reason": _reason(error)}
    return {"text": text, "title": title}


def _converted(file: Path, suffix: str) -> tuple[str, str]:
    """Return a document's text and title, through the one converter for its kind.

    With the others at hand, a file that is not what it is called would be read as what it is.
    """
    from markitdown import MarkItDown, StreamInfo

    data = file.read_bytes()
    charset = None
    if suffix in (".html", ".htm"):
        data, charset = as_utf_8(data), "utf-8"
    reader = MarkItDown(enable_builtins=False, enable_plugins=False)
    reader.register_converter(_converter(suffix))
    info = StreamInfo(extension=suffix, charset=charset)
    result: DocumentConverterResult = reader.convert_stream(
        io.BytesIO(data), stream_info=info, **_MARKDOWN
    )
    text = result.markdown
    if suffix == ".pdf":
        text = with_lines_joined(with_ideographs(with_spaces(text, data)))
    return tidy(text), tidy(str(result.title or ""))


def _converter(suffix: str) -> "DocumentConverter":
    from markitdown.converters import DocxConverter, HtmlConverter, PdfConverter

    kinds: dict[str, Callable[[], DocumentConverter]] = {
        ".pdf": PdfConverter,
        ".docx": DocxConverter,
    }
    return kinds.get(suffix, HtmlConverter)()


def _reason(error: BaseException) -> Reason:
    causes = list(_causes(error))
    if any(type(cause).__name__ in _PASSWORD_ERRORS for cause in causes):
        return Reason.ENCRYPTED
    if any(isinstance(cause, MemoryError) for cause in causes):
        return Reason.TOO_HEAVY
    return Reason.BROKEN


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, those that markitdown collected in it, and those before each."""
    for attempt in getattr(error, "attempts", None) or ():
        if attempt.exc_info:
            yield from _causes(attempt.exc_info[1])
    seen: BaseException | None = error
    while seen:
        yield seen
        seen = seen.__cause__ or seen.__context__


def confine(memory: int) -> None:
    """Let this process have so much memory, no network and no programs."""
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        _limit(resource.RLIMIT_AS, memory)
        _limit(resource.RLIMIT_FSIZE, _OUTCOME_BYTES)
        _limit(resource.RLIMIT_CORE, 0)
    sys.addaudithook(_refuse)


def _limit(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, hard))
    except (ValueError, OSError):  # macOS takes no limit of memory
        return


def _allow_computing(seconds: float) -> None:
    """Have the system end this process if its parent is gone and cannot."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds) + 1)


def _refuse(event: str, arguments: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a conversion does not need {event}")


if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
