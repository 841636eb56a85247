"""Does a file look as if something in it were marked private? Told without parsing it.

Never no where the answer is yes: what is found here is then read closely.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.private_words import KEYS, folded, key_of
from corpus.roles import TAGS, TYPE, Roles, role_of
from corpus.words import plain_words

_TAGGED = re.compile(r"#([^\W\d_][\w/-]*)")
_FIELD = re.compile(r"([^\s\[\](){}:|]{2,24})\s*::")
_HEADER = re.compile(r"^(.*)(?:\r\n?|\n)[ \t>*+\d.)-]*\|?[ \t]*:?-[-:| \t]*$", re.M)
_QUOTED = re.compile(r"^[\s>*+-]+")


@dataclass(frozen=True, slots=True)
class Signs:
    """What there may be: tags or fields `in_text`, or `in_columns` of tables."""

    in_text: bool
    in_columns: bool


def signs_in(source: str, roles: Roles, tags: Sequence[str]) -> Signs:
    """Look for signs of privacy; `tags` are folded."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    text = folded(source)
    has_tag = any(tag in text for tag in tags)
    in_text = has_tag and any(any(tag in said for tag in tags) for said in _TAGGED.findall(text))
    if not in_text and "::" in text:
        in_text = any(key_of(name) in KEYS for name in _FIELD.findall(text))
    names = [
        name
        for line in _HEADER.findall(source)
        if "|" in line
        for name in _QUOTED.sub("", line).split("|")
    ]
    in_columns = any(
        key_of(plain_words(name)) in KEYS or (has_tag and speaks(name.strip(), roles))
        for name in names
    )
    return Signs(in_text, in_columns)


def speaks(name: str, roles: Roles) -> bool:
    """Whether a column called `name` can say that its rows are private."""
    return key_of(plain_words(name)) in KEYS or role_of(name, roles) in (TAGS, TYPE)
