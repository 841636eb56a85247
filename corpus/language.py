"""Chinese or English, by the script that a text is written in."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")


def language_of(text: str) -> str:
    """Return "zh" or "en": a Chinese character weighs as much as a Latin word."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    return "zh" if han and han * 2 >= latin else "en"
