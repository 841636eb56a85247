"""A converter's text as a note: without what is no text, and with its source named."""

import json
import re

from assistant.adding.names import shown_name

_IMAGE_OF_DATA = re.compile(r"!\[([^\]\n]*)\]\(\s*<?data:[^)\s]*(?:\s[^)\n]*)?\)", re.I)
_PAGE_END = re.compile(r"\x0c+")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_NO_CHARACTER = re.compile(r"\(cid:\d+\)")
_ENDS = re.compile(r"[ \t\u00a0]+$", re.M)
_BLANK_LINES = re.compile(r"\n(?:[ \t\u00a0]*\n){2,}")


def tidy(text: str) -> str:
    """Return the text without inlined images, control characters and runs of blank lines.

    What a PDF's font has no characters for, `(cid:12)`, goes too: of a page of it nothing is left.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _IMAGE_OF_DATA.sub(r"\1", text)
    text = _NO_CHARACTER.sub("", text)
    text = _NO_TEXT.sub("", _PAGE_END.sub("\n\n", text))
    text = _BLANK_LINES.sub("\n\n", _ENDS.sub("", text))
    return text.strip("\n")


def note_of(text: str, title: str, source: str) -> bytes:
    """Return the note's bytes: front matter with the title, if there is one, and the source."""
    lines = ["---"]
    if title := " ".join(shown_name(" ".join(title.split())).split()):
        lines.append(f"title: {_quoted(title)}")
    lines += [f"source: {_quoted(shown_name(source))}", "---", "", text, ""]
    return "\n".join(lines).encode()


def _quoted(value: str) -> str:
    """Return a YAML string, of which JSON's are some."""
    return json.dumps(value, ensure_ascii=False)
