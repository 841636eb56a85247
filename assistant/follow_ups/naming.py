"""A name that follows a question: does it take another's place there, or add to it, or stand alone?"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.follow_ups.cues import is_asking
from assistant.follow_ups.probing import Probing, is_same
from assistant.follow_ups.swapping import (
    bare_name,
    is_placed,
    is_same_number,
    swapped_alike,
    swapped_given,
    swaps,
)
from assistant.follow_ups.topic import content_words
from corpus.language import language_of
from index.finding.hit import Hit

_SWAPS = 3
"""Places that a name is tried in."""

_LITTLE = 0.3
"""Of the weight of what is added by "and X", what a note has to hold to be about it."""

_ANY = re.compile(r"^an?\s", re.IGNORECASE)
_THE = re.compile(r"^(?:the|its|their)\s+(?!.*\bones?$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Naming:
    """`asked` was searched for before, `last` is the note that answered it.

    `about` puts what was spoken of before some words.
    """

    asked: str
    last: Hit | None
    about: Callable[[str], str]
    probing: Probing

    def bare(self, named: str) -> str:
        """Search a few words as they are unless they change one name, or the last note holds them."""
        probing, last = self.probing, self.last
        alike = swapped_alike(self.asked, named)
        if alike and probing.fits(probing.first(alike), named):
            return alike
        is_apart = probing.is_known(named) and not is_same(probing.first(named), last)
        is_repeated = named.casefold() in self.asked.casefold()
        if is_apart or is_repeated or not probing.fits(last, named):
            return ""
        about = self.about(named)
        return about if is_same(probing.first(about), last) else ""

    def corrected(self, named: str) -> str:
        """Put what was meant in the place of what was said."""
        probing, name, asked = self.probing, bare_name(named), self.asked
        alike = swapped_alike(asked, name)
        if alike and probing.fits(probing.first(alike), name):
            return alike
        all_ways = [] if is_asking(named) else swaps(asked, name)[-_SWAPS:]
        ways = [way for way in all_ways if probing.fits(probing.first(way), name)]
        return probing.best(ways) if ways else (all_ways or [named])[-1]

    def added(self, named: str) -> str:
        """Ask of another thing what was asked, or something else of the same thing.

        What the notes know apart from the talk only is searched by itself.
        """
        name, asked, probing = bare_name(named), self.asked, self.probing
        alike = swapped_alike(asked, name)
        if alike and (is_same_number(asked, name) or probing.fits(probing.first(alike), name)):
            return alike
        about = self.about(named)
        if _THE.match(named):
            return probing.best([*swapped_given(asked, name), about])
        is_whole = is_asking(named) or is_placed(named)
        ways = [] if is_whole else swaps(asked, name)[-_SWAPS:]
        ways = [way for way in ways if probing.fits(probing.first(way), name)]
        is_part = probing.fits(self.last, name) and not _ANY.match(named)
        if ways:
            best = probing.best(ways)
            if self._is_whole(name, best):
                return name
            is_better = probing.best([about, best]) == best or _is_latin_in_chinese(name, asked)
            return best if is_better or not is_part else about
        if is_placed(named) or is_part or probing.fits(probing.first(about), name, _LITTLE):
            return alike or about
        return name

    def _is_whole(self, name: str, swapped: str) -> bool:
        """Whether some words find by themselves what they find in the place of another's name."""
        probing = self.probing
        is_same_found = is_same(probing.first(name), probing.first(swapped))
        return len(content_words(name)) > 1 and probing.is_known(name) and is_same_found


def _is_latin_in_chinese(name: str, asked: str) -> bool:
    return language_of(asked) == "zh" and language_of(name) == "en"
