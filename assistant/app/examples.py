"""Questions to begin with."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

import corpus
from corpus.language import language_of

COUNT = 6

SAMPLE: Sequence[str] = (
    "握手为什么不能只有两次？",
    "先写日志再改数据有什么好处？",
    "溏心蛋要煮多久？",
    "What does exit code 137 mean?",
    "When should I replace my bike chain?",
    "How do I undo the last commit but keep my changes?",
)
"""Questions that the notes in corpus/sample answer."""

_LONGEST = 48


def holds_sample(vaults: Iterable[str]) -> bool:
    """Say whether the index covers the notes that come with the program."""
    sample = str(Path(corpus.__file__).resolve().parent / "sample")
    return sample in vaults


def example_questions(titles: Iterable[str], language: str) -> tuple[str, ...]:
    """Choose questions from notes' titles, far apart in the index; `language` comes first."""
    fit = [title for title in dict.fromkeys(titles) if 2 <= len(title) <= _LONGEST]
    chosen = fit[:: max(1, len(fit) // COUNT)]
    return in_language_order(chosen, language)[:COUNT]


def in_language_order(questions: Iterable[str], language: str) -> tuple[str, ...]:
    """Put questions in `language` first, alternating, so that both languages show."""
    asked = list(questions)
    own = [question for question in asked if language_of(question) == language]
    other = [question for question in asked if language_of(question) != language]
    pairs = zip_longest(own, other)
    return tuple(question for pair in pairs for question in pair if question is not None)
