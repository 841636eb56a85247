"""Every text of the page, in English and in Chinese."""

from collections.abc import Mapping

from assistant.app.texts_en import ENGLISH
from assistant.app.texts_zh import CHINESE

TEXTS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}


def say(key: str, language: str, **values: object) -> str:
    """Return a text in `language` ("zh" or "en"), with `values` in their places."""
    return TEXTS[language][key].format(**values)


def reader_language(accept_language: str | None) -> str:
    """Return the language that a browser prefers (its Accept-Language header), "zh" or "en"."""
    first = (accept_language or "").split(",")[0].strip().lower()
    return "zh" if first.startswith("zh") else "en"
