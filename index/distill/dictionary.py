"""Words and their glosses, cleaned to what can stand in a sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.distill.texts import DICTIONARY, Translation

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SPACES = re.compile(r"\s+")
_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]+")
# Glosses that talk about the word instead of translating it.
_ABOUT = re.compile(
    r"^see |^particle|\b(?:variant of|abbr\. for|used in|surname|classifier|idiom|Kangxi|prefix|suffix)\b"
)
_LONGEST = 4  # words of a gloss that a sentence still takes in


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, its first sense as it stands in a sentence, and "name", "verb" or "noun"."""

    zh: str
    en: str
    kind: str


def entries(translations: Iterable[Translation]) -> list[Entry]:
    """Take the dictionary's words whose first sense is short and clear."""
    found: list[Entry] = []
    for pair in translations:
        if pair.source == DICTIONARY and _HAN.fullmatch(pair.zh):
            sense = _sense(pair.en)
            if sense:
                found.append(Entry(pair.zh, _bare(sense), _kind(sense)))
    return found


def _sense(gloss: str) -> str:
    """The first sense without asides; empty if it is long, or about the word."""
    first = _SPACES.sub(" ", _ASIDE.sub("", gloss.split(";")[0])).split(",")[0].strip(" .")
    if _ABOUT.search(gloss.split(";")[0]) or not first.isascii():
        return ""
    return first if 0 < len(first.split()) <= _LONGEST + first.startswith("to ") else ""


def _kind(sense: str) -> str:
    if sense.startswith("to "):
        return "verb"
    return "name" if sense[:1].isupper() else "noun"


def _bare(sense: str) -> str:
    return _ARTICLE.sub("", sense.removeprefix("to "))
