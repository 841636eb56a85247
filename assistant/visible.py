"""What a note says, on a terminal: nothing in it commands the terminal."""

from rich.markup import escape

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_CONTROLS = _PICTURES | {0x7F: "␡", ord("\r"): ""} | dict.fromkeys(range(0x80, 0xA0), "�")


def visible(text: str) -> str:
    """Return `text` with control characters shown (ESC as ␛); line ends and tabs stay."""
    return text.translate(_CONTROLS)


def as_markup(text: str) -> str:
    """Return `text` for Rich's consoles, shown as it is."""
    return escape(visible(text))
