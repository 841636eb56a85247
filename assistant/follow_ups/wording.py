"""How a question and what it is about are put into one that a person would type."""

import re

from assistant.follow_ups.cues import is_asking, trimmed
from assistant.follow_ups.pronouns import Pronoun
from assistant.follow_ups.topic import content_words
from corpus.language import language_of

_SHORT_NAME = 4
"""A topic of so few telling words can stand where its pronoun stood."""

_NAMES = re.compile(
    r"(?:what(?:'s|\s+is|\s+are|\s+was|\s+were)|who(?:'s|\s+is))\b.*|what\s+do(?:es)?\s+.+\s(?:do|mean)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")


def asked_of(word: str, topic: str) -> str:
    """Ask "why" or "怎么办" of a topic."""
    if word.casefold() in topic.casefold():
        return topic
    return f"{topic} {word}" if language_of(word) == "zh" else f"{word} {topic}"


def joined(topic: str, said: str) -> str:
    """Put the topic before what is said of it."""
    return trimmed(f"{topic}, {said}" if language_of(topic + said) == "en" else f"{topic} {said}")


def put(topic: str, said: str, pronoun: Pronoun) -> str:
    """Put a short topic where its pronoun stands, a longer one before the rest."""
    if pronoun.is_place:
        return joined(topic, said)
    before, after = said[: pronoun.start], said[pronoun.end :]
    if len(content_words(topic)) > _SHORT_NAME:
        return joined(topic, _SPACES.sub(" ", f"{before.rstrip()} {after.lstrip()}").strip())
    owner = f"{topic}'s" if pronoun.owns else topic
    left = " " if owner[:1].isascii() and before[-1:].isalnum() else ""
    right = " " if owner[-1].isascii() and after[:1].isalnum() else ""
    return trimmed(f"{before}{left}{owner}{right}{after}")


def is_named(question: str) -> bool:
    """Whether what a question is about is a thing ("what is X"), not something done ("how do I X")."""
    return bool(_NAMES.fullmatch(question)) or not is_asking(question)
