"""What a claim states to the letter: numbers, versions, identifiers, code, addresses, quotations."""

import re
from dataclasses import dataclass

from assistant.generation.numerals import numbers, values
from corpus.language import language_of
from index.terms import analyze, normalized

_CODE = re.compile(r"(?<!`)`+([^`\n]+)`+")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'“”，。；（）()\[\]【】]+", re.IGNORECASE)
_QUOTED = re.compile(r"“([^“”\n]{2,})”|「([^「」\n]{2,})」|『([^『』\n]{2,})』|\"([^\"\n]{2,})\"")
_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+){2,})(?![\w])", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"(?<![\w/.-])(?:"
    r"--?[A-Za-z][\w-]*"  # an option
    r"|(?=[A-Za-z\d]*_)(?=\w*[A-Za-z])\w+"  # snake_case
    r"|[A-Za-z]\w+(?:(?:::|\.)[A-Za-z_]\w+)+"  # a dotted name, a file
    r"|[a-z]+[A-Z]\w*"  # camelCase
    r"|~?(?:/[\w.-]+){2,}/?"  # a path
    r"|(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"  # utf8mb4
    r"|[A-Z][A-Za-z]*-\d[\w.]*"  # GPT-4
    r")(?![\w])",
    re.ASCII,
)
_NAME = re.compile(
    r"(?:(?<=[a-z,;] )|(?<=[\u3400-\u9fff])|(?<=[\u3400-\u9fff] ))"
    r"[A-Z][A-Za-z]{2,}(?![\w'’])"
)
_NOT_WORDS = re.compile(r"\W+")
_LEAST_NUMBER_WORD = 10
_LEAST_CODE = 0.8


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What a note says, made ready to be looked up in."""

    squeezed: str
    text: str
    language: str
    terms: frozenset[str]
    values: frozenset[float]

    @staticmethod
    def of(text: str) -> "NoteFacts":
        """Read a note."""
        even = _even(text)
        return NoteFacts(
            _NOT_WORDS.sub("", even),
            even,
            language_of(text),
            frozenset(analyze(text)),
            values(text),
        )

    def __or__(self, other: "NoteFacts") -> "NoteFacts":
        """Return what two notes say together."""
        return NoteFacts(
            f"{self.squeezed}\n{other.squeezed}",
            f"{self.text}\n{other.text}",
            self.language,
            self.terms | other.terms,
            self.values | other.values,
        )


def missing(claim: str, note: NoteFacts) -> list[str]:
    """Return the facts of a claim that a note does not have, as they are written or read."""
    lacking = []
    rest = claim
    for pattern in (_CODE, _ADDRESS, _QUOTED, _VERSION, _IDENTIFIER):
        for match in pattern.finditer(rest):
            fact = next((group for group in match.groups() if group), match[0])
            if not _has(note, fact, is_quoted=pattern is _QUOTED, is_code=pattern is _CODE):
                lacking.append(fact)
        if pattern is not _QUOTED:  # numbers within quotations are looked up too
            rest = pattern.sub(" ", rest)
    if language_of(claim) == note.language:  # a translation may translate names
        names = (match[0] for match in _NAME.finditer(rest))
        lacking += [name for name in names if not set(analyze(name)) & note.terms]
    for number in numbers(rest):
        if number.is_word and number.value <= _LEAST_NUMBER_WORD:
            continue
        if not number.is_in(note.values):
            lacking.append(f"{number.value:g}")
    return lacking


def missing_code(code: str, note: NoteFacts) -> bool:
    """Whether too little of a block of code is the note's."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("```", "~~~"))]
    terms = set(analyze("\n".join(lines)))
    return len(terms & note.terms) < _LEAST_CODE * len(terms)


def _has(note: NoteFacts, fact: str, is_quoted: bool, is_code: bool) -> bool:
    if is_quoted and language_of(fact) != note.language:
        return True  # a translation has other words
    even = _even(fact).strip("/.,;:")
    squeezed = _NOT_WORDS.sub("", even)
    if is_quoted:
        pieces = re.split(r"\.{3}|…+", even)
        return all(_NOT_WORDS.sub("", piece) in note.squeezed for piece in pieces)
    if _stands_in(even, note.text) or (is_code and squeezed and squeezed in note.squeezed):
        return True
    return is_code and not set(analyze(fact)) - note.terms


def _stands_in(fact: str, text: str) -> bool:
    """Whether it stands there, and not as a part of a longer word or number."""
    fact = re.escape(fact)
    return re.search(rf"(?<![a-z0-9_]){fact}(?![a-z0-9_]|\.\d)", text) is not None


def _even(text: str) -> str:
    return normalized(text).casefold()
