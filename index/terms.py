"""What are a text's terms? The analyzer that BM25 uses, the same for notes and for questions."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add

import Stemmer

LONGEST_TERM = 64

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7ff"
_CJK = _HAN + _KANA + _HANGUL
_LETTER = rf"[^\W{_CJK}]"  # "_" too
_RUN_OR_WORD = re.compile(
    rf"([{_CJK}]+)"
    r"|(\d{1,3}(?:,\d{3})+(?![\w,])"
    r"|(?:(?<![\w./:+-])(?:--?|\.)(?=[A-Za-z]))?"
    rf"{_LETTER}+(?:(?:::|[.'-]){_LETTER}+)*(?:(?:\+\+\d*|\#)(?!\w))?)"
)
_ATOM = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:\+\+\d*|\#)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_NUMBER = re.compile(r"\d+(?:\.\d+|(?:,\d{3})+)")

_STOP_WORDS = frozenset(
    "a an and are as at be been but by can could did do does for from had has have how i if in "
    "into is it its me my of on or our s should so t that the their them there these they this "
    "those to was we were what when where which who whom whose why will with would you your".split()
)
_STOP_CJK_WORD = re.compile(  # question words and particles, unless they are part of a word
    "为什么|怎么样|什么|怎么|怎样|如何|为何|哪些|哪个|哪里|哪儿|哪种|多少|是否|请问|可以"
    "|(?<![目标])的(?!确)|(?<!为)了(?!解|断|结)|(?<![酒网贴])吧(?!台)|几(?![何乎率])|哪(?!吒)|[吗呢啊是谁]"
)
_STOP_CJK_CHARACTER = frozenset("和与在有")


@dataclass(frozen=True, slots=True)
class Token:
    """A term and where it stands: `text[start:end]` is the code points that it was made from."""

    term: str
    start: int
    end: int


def analyze(text: str) -> list[str]:
    """Return the terms of a note, repeats included: CJK as characters and bigrams."""
    terms: list[str] = []
    for run, word in _RUN_OR_WORD.findall(normalized(text)):
        if run:
            terms += run
            terms += map(add, run, run[1:])
        else:
            terms += _word_terms(word)
    return terms


def analyze_query(text: str) -> list[str]:
    """Return the terms of a question, each once: CJK as bigrams, lone characters as they are.

    Chinese is cut at stop words first, so that no bigram is half of one ("什么是锁" asks for 锁).
    Stop words are left out where other terms remain.
    """
    terms: list[str] = []
    telling: list[str] = []
    for run, word in _RUN_OR_WORD.findall(normalized(text)):
        if run:
            pieces = _STOP_CJK_WORD.split(run)
            telling += (term for piece in pieces for term in _bigrams(piece))
            terms += _bigrams(run)
        else:
            if word.casefold() not in _STOP_WORDS:
                telling += _word_terms(word)
            terms += _word_terms(word)
    telling = [term for term in telling if term not in _STOP_CJK_CHARACTER]
    return list(dict.fromkeys(telling or terms))


def _bigrams(run: str) -> list[str]:
    return list(map(add, run, run[1:])) or list(run)


def tokens(text: str) -> list[Token]:
    """Return the terms of `analyze`, in its order, with their places in `text`."""
    folded, starts, ends = _aligned(text)
    found: list[Token] = []

    def keep(term: str, first: int, last: int) -> None:
        found.append(Token(term, starts[first], ends[last]))

    for match in _RUN_OR_WORD.finditer(folded):
        at = match.start()
        if run := match[1]:
            for i, character in enumerate(run):
                keep(character, at + i, at + i)
            for i in range(len(run) - 1):
                keep(run[i : i + 2], at + i, at + i + 1)
        else:
            for term, start, end in _word_pieces(match[2]):
                keep(term, at + start, at + end - 1)
    return found


@lru_cache(maxsize=1 << 16)
def _word_terms(word: str) -> tuple[str, ...]:
    return tuple(term for term, _, _ in _word_pieces(word))


def _word_pieces(word: str) -> list[tuple[str, int, int]]:
    """Take a word apart: the whole of it, then its parts, each with its place in the word."""
    if _NUMBER.fullmatch(word):
        pieces = [(word.replace(",", ""), 0, len(word))]
    else:
        atoms = [(match.start(), match.end()) for match in _ATOM.finditer(word)]
        pieces = []
        if word[0] in "-.":
            pieces.append((_plain(word), 0, len(word)))
        if len(atoms) > 1:
            start, end = atoms[0][0], atoms[-1][1]
            pieces.append((_plain(word[start:end]), start, end))
        for start, end in atoms:
            pieces += _atom_pieces(word[start:end], start)
    return [piece for piece in pieces if 0 < len(piece[0]) <= LONGEST_TERM]


def _atom_pieces(atom: str, offset: int) -> list[tuple[str, int, int]]:
    pieces = [(_stem(atom), offset, offset + len(atom))]
    language, plus, version = atom.partition("++")
    if plus and version:  # C++11 is C++ too
        pieces.append((_stem(language + plus), offset, offset + len(language) + 2))
    parts = _CAMEL.split(atom)
    if len(parts) > 1 and min(map(len, parts)) > 1:
        for part in parts:
            pieces.append((_stem(part), offset, offset + len(part)))
            offset += len(part)
    return pieces


def _plain(word: str) -> str:
    return word.casefold().replace("'", "")


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    word = word.casefold()
    if word.isascii() and word.replace("'", "").isalpha():
        word = str(Stemmer.Stemmer("english", 0).stemWord(word))  # not shared by threads
    return word.replace("'", "")


def normalized(text: str) -> str:
    """Return `text` in NFKC, traditional characters as simplified, Latin without diacritics."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(_folding())


_HALF = {0x3000: 0x20} | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms, one for one: Chinese punctuation is of them."""


def _aligned(text: str) -> tuple[str, range | list[int], range | list[int]]:
    """Normalize, and say for each character at which code points of `text` it starts and ends."""
    folded = normalized(text)
    if text.isascii() or (
        len(folded) == len(text) and unicodedata.is_normalized("NFKC", text.translate(_HALF))
    ):  # folding only replaces and drops: with the same length it dropped nothing
        return folded, range(len(text)), range(1, len(text) + 1)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        piece = normalized(text[start:end])
        characters.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return "".join(characters), starts, ends


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut into pieces that normalize by themselves: a character and what composes with it."""
    cuts: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not _composes(text[start:i], text[i]):
            cuts.append((start, i))
            start = i
    return cuts


def _composes(before: str, character: str) -> bool:
    if character.isascii():
        return False
    alone = unicodedata.normalize("NFKC", character)
    if any(unicodedata.category(c).startswith("M") for c in alone):
        return True
    whole = unicodedata.normalize("NFKC", before + character)
    return whole != unicodedata.normalize("NFKC", before) + alone


class _Folding(dict[int, int | None]):
    """Traditional to simplified characters, Latin letters without diacritics, one for one.

    A character is looked up when it is first met: to learn them all takes as long as a search.
    """

    def __init__(self) -> None:
        from opencc import OpenCC

        super().__init__({0x2019: ord("'"), 0x2010: ord("-")})
        self.update(dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
        self.update(dict.fromkeys(range(0x300, 0x370)))
        self.update(zip(map(ord, "ØøĐđŁłıĦħ"), map(ord, "OoDdLliHh"), strict=True))
        self._simplified = OpenCC("t2s").convert

    def __missing__(self, code: int) -> int:
        folded = self[code] = self._folded(code)
        return folded

    def _folded(self, code: int) -> int:
        if 0xC0 <= code < 0x250 or 0x1E00 <= code < 0x1F00:
            base = unicodedata.normalize("NFD", chr(code))[0]
            return ord(base) if base.isascii() else code
        if any(code in some for some in _IDEOGRAPHS):
            simplified = self._simplified(chr(code))
            return ord(simplified) if len(simplified) == 1 else code
        return code


_IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x32000))


@cache
def _folding() -> _Folding:
    return _Folding()
