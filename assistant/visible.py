"""What a note says, on a terminal: nothing in it commands the terminal."""

from rich.markup import escape

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they turn the text that follows around
_UNSHOWN = dict.fromkeys((*range(0x80, 0xA0), *_BIDI), "�")
_CONTROLS = _PICTURES | {0x7F: "␡", ord("\r"): ""} | _UNSHOWN


def visible(text: str) -> str:
    """Return `text` with control characters shown (ESC as ␛); line ends and tabs stay."""
    return text.translate(_CONTROLS)


def as_markup(text: str) -> str:
    """Return `text` for Rich's consoles, shown as it is."""
    return escape(visible(text))
