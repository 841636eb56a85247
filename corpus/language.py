"""Chinese or English, by the script that a text is written in."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")


def language_of(text: str) -> str:
    """Return "zh" or "en": a Chinese character weighs as much as a Latin word."""
    han = sum(1 for _ in _HAN.finditer(text))
    latin = sum(1 for _ in _LATIN.finditer(text))
    return "zh" if han and han * 2 >= latin else "en"
