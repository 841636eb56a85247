"""Cut a note's text into the words that could name what it is about.

Latin words are what is written between spaces, and one with all that share its stem. Chinese is
cut by the bundled tokenizer, which takes the longest word that it knows: it has a row for each of
some 17,000 words, and what it does not know it leaves as characters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import Stemmer

from index.embedding.model_files import BUNDLED, TOKENIZER
from index.mapping.function_words import LATIN, is_function_word
from index.terms import normalized

_HAN = "\u3400-\u9fff"
_REST = rf"[^\W{_HAN}]"
_RUN_OR_WORD = re.compile(
    rf"([{_HAN}]{{1,1000}})|((?!\d){_REST}+(?:(?:::|[.'’-]){_REST}+)*(?:\+\+|\#(?!\w))?)"
)
_NOT_PROSE = re.compile(
    r"^ *(```+|~~~+).*?(?:^ *\1|\Z)"  # a block of code
    r"|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)]*\)|<[^<>]{1,200}>|\w+://\S+|&\w+;",
    re.MULTILINE | re.DOTALL,
)
_LONGEST = 30
"""Letters of a Latin word; what is longer is a digest or a path."""

_Cuts = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `term` is the same for all its forms, `surface` is what is written.

    It `follows` where nothing but a space is between it and the word before.
    """

    term: str
    surface: str
    follows: bool

    @property
    def is_chinese(self) -> bool:
        """Whether it is written without spaces around it."""
        return "\u3400" <= self.term[0] <= "\u9fff"


def prose(text: str) -> str:
    """Return `text` without blocks of code, pictures, addresses and tags."""
    return _NOT_PROSE.sub("\n", text)


class Cutter:
    """Cuts texts into words; function words are left out."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(BUNDLED / TOKENIZER))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def cut(self, texts: Sequence[str]) -> list[list[Word]]:
        """Return each text's words, in order."""
        found = [list(_RUN_OR_WORD.finditer(text)) for text in texts]
        runs = [normalized(match[1]) for matches in found for match in matches if match[1]]
        encoded = self._tokenizer.encode_batch(runs, add_special_tokens=False)
        cuts = zip(runs, (one.offsets for one in encoded), strict=True)
        return [_words(text, matches, cuts) for text, matches in zip(texts, found, strict=True)]


def _words(
    text: str, matches: Sequence[re.Match[str]], cuts: Iterator[tuple[str, _Cuts]]
) -> list[Word]:
    """Cut a text; `cuts` has its runs of Chinese, folded, and where to cut them."""
    found: list[Word | None] = []
    end = 0
    for match in matches:
        if text[end : match.start()] not in ("", " "):
            found.append(None)  # what comes does not follow
        if match[1]:
            found += _chinese(match[1], *next(cuts))
        else:
            found.append(_latin(match[2]))
        end = match.end()
    return list(_following(found))


def _following(found: Sequence[Word | None]) -> Iterator[Word]:
    """Yield the words, each with whether it comes right after another.

    A lone character may be a piece of a word that the vocabulary lacks (网络|备|忘): nothing is
    joined to it.
    """
    before: Word | None = None
    for word in found:
        if word:
            is_joined = before is not None and min(len(before.term), len(word.term)) > 1
            yield Word(word.term, word.surface, is_joined)
        before = word


def _chinese(run: str, folded: str, cuts: _Cuts) -> list[Word | None]:
    """Cut a run of Chinese, None for each function word."""
    shown = run if len(run) == len(folded) else folded
    terms = ((folded[start:end], shown[start:end]) for start, end in cuts)
    return [
        None if is_function_word(term) else Word(term, surface, False) for term, surface in terms
    ]


@lru_cache(maxsize=1 << 15)
def _latin(written: str) -> Word | None:
    surface = written.strip("_").replace("’", "'").removesuffix("'s")
    term = _stem(surface)
    if not 2 <= len(term) <= _LONGEST or term in LATIN or surface.casefold() in LATIN:
        return None
    return Word(term, surface, False)


def _stem(word: str) -> str:
    """Return what all forms of a word share; of a name with signs or figures in it, all of it."""
    folded = normalized(word).casefold()
    if folded.isascii() and folded.isalpha():
        return str(Stemmer.Stemmer("english", 0).stemWord(folded))  # not shared by threads
    return folded
