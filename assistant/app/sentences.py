"""Sentences from below the page (messages, hints, reasons), in the reader's language.

Below the page everything is said in English: the command line, programs and logs have no other
language. A sentence that is known comes back in Chinese, with its values; another one as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from assistant.app.chinese_reasons import REASONS
from assistant.app.chinese_sentences import SENTENCES

_FIELD = re.compile(r"\{(\w+)\}")
_WORDED = frozenset({"reason", "what", "where", "who", "limit", "size"})
"""The fields whose values are words, to be put into Chinese themselves."""

_DEEPEST = 3
"""A message, the system's words within it, the reason within those."""


@dataclass(frozen=True, slots=True)
class _Template:
    """`readings` match the English, a field as short or as long as it can be."""

    readings: tuple[re.Pattern[str], re.Pattern[str]]
    chinese: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence in Chinese; `is_whole` if that includes the words within it."""

    text: str
    is_whole: bool


def in_language(sentence: str, language: str) -> str:
    """Return an English sentence in `language` ("zh" or "en") if it is known, else unchanged.

    A message with its hint behind it counts as a sentence too.
    """
    if language != "zh":
        return sentence
    told = _told(sentence)
    if told and told.is_whole:
        return told.text
    return _in_two(sentence) or (told.text if told else sentence)


def _told(sentence: str, depth: int = _DEEPEST) -> _Told | None:
    """Put a sentence into Chinese by the template with the most words of its own."""
    fixed, templates = _templates()
    if sentence in fixed:
        return _Told(fixed[sentence], True)
    for template in templates if depth else ():
        if template.readings[0].fullmatch(sentence):
            return _filled(template, sentence, depth)
    return None


def _filled(template: _Template, sentence: str, depth: int) -> _Told:
    """Fill in the values, as read so that the words among them are known, if they can be."""
    matches = [match for one in template.readings if (match := one.fullmatch(sentence))]
    read = [_worded(match.groupdict(), depth - 1) for match in matches]
    values, is_whole = next((one for one in read if one[1]), read[0])
    return _Told(_FIELD.sub(lambda field: values[field[1]], template.chinese), is_whole)


def _worded(values: Mapping[str, str], depth: int) -> tuple[dict[str, str], bool]:
    """Return a sentence's values, words in Chinese, and whether all words were known."""
    told = {name: _told(values[name], depth) for name in _WORDED & values.keys()}
    known = {name: one for name, one in told.items() if one}
    is_whole = all(one.is_whole for one in known.values()) and not any(
        _has_words(values[name]) for name in told.keys() - known.keys()
    )
    return {**values, **{name: one.text for name, one in known.items()}}, is_whole


def _has_words(value: str) -> bool:
    """Whether a value is more than one name, or a number with its unit."""
    return len(re.findall(r"[A-Za-z]+", value)) > 1


def _in_two(sentence: str) -> str:
    """Return a message and a hint behind it in Chinese, "" if it is not that."""
    for stop in re.finditer(r"\. ", sentence):
        parts = _told(sentence[: stop.start() + 1]), _told(sentence[stop.end() :])
        if all(part and part.is_whole for part in parts):
            return "".join(part.text for part in parts if part)
    return ""


@cache
def _templates() -> tuple[Mapping[str, str], tuple[_Template, ...]]:
    """Return the sentences without fields, and those with fields, the most words first."""
    known = {**REASONS, **SENTENCES}
    fixed = {english: chinese for english, chinese in known.items() if not _FIELD.search(english)}
    open_ones = sorted(
        known.keys() - fixed.keys(), key=lambda one: (-len(_FIELD.sub("", one)), one)
    )
    return fixed, tuple(_template(english, known[english]) for english in open_ones)


def _template(english: str, chinese: str) -> _Template:
    short, long = (
        re.compile("".join(_patterns(english, any_text)), re.DOTALL) for any_text in (".*?", ".*")
    )
    return _Template((short, long), chinese)


def _patterns(english: str, any_text: str) -> Iterator[str]:
    """Yield the pieces of the pattern that matches a template."""
    for n, part in enumerate(_FIELD.split(english)):
        if n % 2 == 0:
            yield re.escape(part)
        else:
            yield f"(?P<{part}>{r'[0-9.,]+' if part == 'number' else any_text})"
