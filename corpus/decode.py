"""What text do a file's bytes hold? Every encoding that notes are found in, and no binary."""

import codecs
import re
from dataclasses import dataclass

from corpus.plausible import ENCODINGS, plausible

_SAMPLE = 1 << 18  # guesses are made from this many bytes
_MAGICS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
)
_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8", False),
    (codecs.BOM_UTF32_LE, "utf-32-le", True),
    (codecs.BOM_UTF32_BE, "utf-32-be", True),
    (codecs.BOM_UTF16_LE, "utf-16-le", True),
    (codecs.BOM_UTF16_BE, "utf-16-be", True),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ADJACENT = re.compile(rb"[\x80-\xff]{2}")
_CONTROL_SHARE = 0.02
_STRAY_SHARE = 0.1  # in valid UTF-8, where control characters alone make no binary
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜàáâãäåæçèéêëìíîïñòóôõöøùúûüýßŒœŸÿŠšŽž"
    "‘’“”„‚–—…•€£¥§°±·©®™«»‹›¿¡ªº¼½¾²³×÷µ´\u00a0"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text; `replaced` counts the U+FFFD put in place of broken bytes."""

    text: str
    encoding: str
    replaced: int


class NotText(Exception):  # noqa: N818 (a finding about a file, not a failure)
    """The bytes are no text, or text in an encoding that cannot be told; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(data: bytes) -> Decoded:
    """Return the text exactly as it stands in the file, line endings included.

    A UTF-8 byte-order mark stays as the first character, as Python's "utf-8" leaves it; the marks
    of UTF-16 and UTF-32 are no part of the text. Raises NotText.
    """
    for mark, encoding, dropped in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :] if dropped else data, encoding)
    controls = len(_CONTROL.findall(data))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _undeclared(data, controls)
    if controls and (wide := _utf_16(data)):
        return wide
    if controls > _STRAY_SHARE * len(data) or _is_plain_pdf(data):
        raise NotText(_binary(data))
    return Decoded(text, "utf-8", 0)


def _marked(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    kept = data.count("\ufffd".encode(encoding))
    replaced = max(0, text.count("\ufffd") - kept)
    if replaced > _CONTROL_SHARE * len(text) + 1:
        raise NotText(_binary(data))
    return Decoded(text, encoding, replaced)


def _undeclared(data: bytes, controls: int) -> Decoded:
    """Decode what is no valid UTF-8 and has no mark."""
    if wide := _utf_16(data):
        return wide
    if controls > _CONTROL_SHARE * len(data) or _magic(data):
        raise NotText(_binary(data))
    text = data.decode("utf-8", "replace")
    replaced = text.count("\ufffd") - data.count("\ufffd".encode())
    # In other encodings' text bytes that happen to be valid UTF-8 are rarer than broken ones.
    valid = sum(not character.isascii() for character in text) - text.count("\ufffd")
    broken_utf_8 = Decoded(text, "utf-8", replaced)
    if valid > 10 * replaced:
        return broken_utf_8
    if not _ADJACENT.search(data) and (guess := _western(data)):  # "10 °C"
        return guess
    if guess := _east_asian(data) or _western(data):
        return guess
    if valid > replaced:
        return broken_utf_8
    if guess := _guessed(data):
        return guess
    raise NotText("not text in an encoding that is known here")


def _magic(data: bytes) -> str:
    return next((name for magic, name in _MAGICS if data.startswith(magic)), "")


def _binary(data: bytes) -> str:
    name = _magic(data)
    return f"not text: {name}" if name else "not text: binary data"


def _is_plain_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"endobj" in data


def _utf_16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: of its ASCII every second byte is NUL, and there are line ends."""
    if len(data) % 2:
        return None
    nuls = {"utf-16-be": data[::2].count(0), "utf-16-le": data[1::2].count(0)}
    for encoding, count in nuls.items():
        text = _strict(data, encoding)
        if not text or _strange(text) > _CONTROL_SHARE * len(text):
            continue
        western = count > 0.2 * len(text) and sum(nuls.values()) - count <= 0.1 * count
        sample = text[:_SAMPLE]
        if western or any(plausible(sample, chinese) >= 0.5 for chinese in ENCODINGS[:2]):
            return Decoded(text, encoding, 0)
    return None


def _strange(text: str) -> int:
    """Count the characters that no one types: unassigned, private, control."""
    return sum(
        not (character.isprintable() or character in "\t\n\r\f\v\u3000\u00a0")
        for character in text[:_SAMPLE]
    )


def _east_asian(data: bytes) -> Decoded | None:
    """The most plausible of the Chinese, Japanese and Korean encodings, if one is."""
    best: tuple[float, Decoded] | None = None
    for encoding in ENCODINGS:
        text = _strict(data, encoding)
        if text is None:
            continue
        score = plausible(text[:_SAMPLE], encoding)
        if score >= 0.5 and (best is None or score > best[0]):
            best = score, Decoded(text, encoding, 0)
    return best and best[1]


def _western(data: bytes) -> Decoded | None:
    """Windows-1252, if its characters are those of western words and most letters are ASCII."""
    text = _strict(data, "cp1252")
    if text is None or _CONTROL.search(data):
        return None
    foreign = [character for character in text if not character.isascii()]
    letters = sum(character.isalpha() for character in text)
    accented = sum(character.isalpha() for character in foreign)
    if _WESTERN.issuperset(foreign) and accented <= 0.34 * letters:
        return Decoded(text, "cp1252", 0)
    return None


def _guessed(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], threshold=0.1).best()
    if best is None or not best.language or best.language == "Unknown":
        return None
    text = _strict(data, best.encoding)
    if text is None or _strange(text) > 0.001 * len(text):
        return None
    return Decoded(text, best.encoding, 0)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
