"""Which encoding is an HTML file in?"""

import re

from assistant.adding.refused import Reason, Refusal
from corpus.decode import NotText, decode

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})"
    rb"|<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{1,40})",
    re.I,
)
_SAMPLE = 4096
_AS_BROWSERS_DO = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "big5": "big5hkscs",
}


def as_utf_8(data: bytes) -> bytes:
    """Return the file's text in UTF-8: what it says of itself is believed where it can be true.

    Valid UTF-8 is UTF-8, as whoever saved the page often left the declaration as it was. Raises
    Refusal.
    """
    if b"\x1b$" in data or not _is_utf_8(data):
        encoding = _declared(data)
        try:
            return data.decode(encoding).encode()
        except (LookupError, UnicodeError):
            pass
    try:
        return decode(data).text.encode()
    except NotText as error:
        raise Refusal(Reason.BROKEN) from error


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data, 0, _SAMPLE)
    name = (match[1] or match[2]).decode().lower() if match else ""
    return _AS_BROWSERS_DO.get(name, name)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
