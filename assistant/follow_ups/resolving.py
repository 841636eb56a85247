"""What a question of a talk asks, so that it can be searched by itself.

Closed-class words say how a question leans on those before it (`cues`, `pronouns`, `pointing`); where
they leave it open, searches do (`probing`): what the notes have for the words alone, and for them
together with what was spoken of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.answer import Answer
from assistant.follow_ups.cues import (
    Back,
    added,
    adds,
    bare_asking,
    corrected,
    going_back,
    is_asking,
    is_reply,
    starts_asking,
    trimmed,
    without_elaboration,
    without_lead,
)
from assistant.follow_ups.pointing import (
    Pointer,
    find_pointer,
    find_side,
    named_side,
    pointed_item,
)
from assistant.follow_ups.probing import Probe, Probing, first_source, is_same
from assistant.follow_ups.pronouns import Pronoun, find_pronoun
from assistant.follow_ups.swapping import bare_name, swapped_alike, swapped_given, swaps
from assistant.follow_ups.topic import content_words, sides, subject, whole_topic
from assistant.follow_ups.wording import asked_of, is_named, joined, put
from corpus.language import language_of
from index.finding.filters import parse_query

LONGEST = 200
"""A question of more characters says by itself what it asks."""

_FEW = 2
_SHORT = 3
"""A question of so few telling words may lack what it is about."""

_FULL = 8
"""A question of so many telling words says what it is about even where it has a pronoun."""

_SWAPS = 3
"""Places that a name is tried in."""

_LITTLE, _HALF, _ALL = 0.3, 0.5, 0.9
"""Of a question's weight, what a note has to hold to be about it."""

_PARTICLES = frozenset("呢吗吧啊呀嘛么")
_GIVEN = re.compile(r"\bthe\s+\w+(?!\w|\s+of\b)", re.IGNORECASE)
_ANY = re.compile(r"^an?\s", re.IGNORECASE)
_THE = re.compile(r"^(?:the|its|their)\s+(?!.*\bones?$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier turn: the question as typed, what was searched for, and the answer."""

    question: str
    searched: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Resolved:
    """What to search for. `is_follow_up` is False where that is the question itself."""

    searched: str
    is_follow_up: bool


def resolve(question: str, earlier: Sequence[Exchange], probe: Probe) -> Resolved:
    """Say what `question` asks after the `earlier` exchanges, the oldest first."""
    asked = question.strip()
    if not earlier or len(asked) > LONGEST or "\n" in asked:
        return Resolved(asked, False)
    filters = [word for word in asked.split() if _is_filter(word)]
    words = trimmed(" ".join(word for word in asked.split() if word not in filters))
    searched = _Talk(earlier, Probing(probe)).searched(words)
    if not searched or searched == words:
        return Resolved(asked, False)
    return Resolved(" ".join((searched, *filters)), True)


def _is_filter(word: str) -> bool:
    return (":" in word or "：" in word) and bool(parse_query(word).wanted)


@dataclass(frozen=True, slots=True)
class _Talk:
    """The earlier exchanges, and the searches for the question that follows them."""

    earlier: Sequence[Exchange]
    probing: Probing

    @property
    def last(self) -> Exchange:
        return self.earlier[-1]

    def searched(self, asked: str) -> str:
        """Return the question as it stands by itself."""
        if not set(asked) - _PARTICLES:
            return self.last.searched
        if is_reply(asked) or not any(map(str.isalnum, asked)):
            return asked
        if (meant := corrected(asked)) is not None:
            return self._leaning(meant, is_correction=True)
        if back := going_back(asked):
            return self._returned(*back)
        return self._leaning(asked)

    def _leaning(self, asked: str, is_correction: bool = False) -> str:
        if (pointer := find_side(asked) or find_pointer(asked)) and (
            item := self._pointed(asked, pointer)
        ):
            return item
        if word := bare_asking(asked):
            return asked_of(word, whole_topic(self.last.searched))
        if not without_elaboration(asked):
            return self.last.searched
        said = without_lead(asked)
        if pronoun := find_pronoun(said):
            return self._with_pronoun(said.removesuffix("呢"), pronoun)
        if named := added(asked):
            return self._added(named, is_correction)
        if len(content_words(said)) <= _SHORT and not is_asking(said):
            return self._named(said, is_correction)
        return self._asked(
            said, is_marked=said != asked or adds(asked), is_correction=is_correction
        )

    def _returned(self, back: Back, rest: str) -> str:
        """Ask `rest` of an earlier question, or ask that again."""
        at = {Back.FIRST: 0, Back.BEFORE: max(len(self.earlier) - 2, 0), Back.LAST: -1}[back]
        exchange = self.earlier[at]
        if not rest or not without_elaboration(rest):
            return exchange.searched
        if word := bare_asking(rest):
            return asked_of(word, whole_topic(exchange.searched))
        return self._about(exchange, rest, find_pronoun(rest))

    def _pointed(self, asked: str, pointer: Pointer) -> str:
        """Name the thing that is pointed at; "" if the talk has none there."""
        newest = [text for e in reversed(self.earlier) for text in (e.question, e.searched)]
        item = "" if pointer.is_quote else named_side(newest[:2], pointer.n)
        item = item or pointed_item(self.last.answer, pointer.n, pointer.is_line)
        item = item or named_side(newest, pointer.n)
        left = f"{asked[: pointer.start]} {asked[pointer.end :]}"
        if not item:
            return "" if content_words(left) else self.last.searched
        if not without_elaboration(left) or not content_words(left):
            return item
        return put(item, asked, Pronoun(pointer.start, pointer.end))

    def _with_pronoun(self, said: str, pronoun: Pronoun) -> str:
        if pronoun.is_dual and not sides(self.last.searched) and len(self.earlier) > 1:
            both = dict.fromkeys(subject(exchange.searched) for exchange in self.earlier[-2:])
            return put(" ".join(both), said, pronoun)
        meant = self._about(self.last, said, pronoun)
        if len(content_words(said)) >= _FULL and self.probing.is_known(said):
            return meant if self.probing.fits(self.probing.first(meant), said) else said
        return meant

    def _about(self, exchange: Exchange, said: str, pronoun: Pronoun | None = None) -> str:
        """Ask it of the exchange's subject, or of all that was asked if the notes know only that."""
        is_thing = is_named(exchange.searched)
        short = _told(self._subject(exchange), said, pronoun, is_thing)
        long = _told(whole_topic(exchange.searched), said, pronoun, is_thing)
        if short == long or is_same(self.probing.first(short), self.probing.first(long)):
            return short
        if content_words(said) and len(content_words(said)) <= 1 and starts_asking(said):
            return long
        return (
            short if self.probing.is_known(short) else max(short, long, key=self.probing.likelihood)
        )

    def _subject(self, exchange: Exchange) -> str:
        """Return what the exchange speaks of: what the one before did, if it went on from there."""
        at = next(i for i, other in enumerate(self.earlier) if other is exchange)
        while at and self._goes_on(at):
            at -= 1
        return subject(self.earlier[at].searched)

    def _goes_on(self, at: int) -> bool:
        """Whether the same note answered the exchange before, which this one does not repeat."""
        before, exchange = self.earlier[at - 1], self.earlier[at]
        is_as_typed = exchange.searched.strip() == exchange.question.strip()
        return is_as_typed and is_same(first_source(before.answer), first_source(exchange.answer))

    def _named(self, named: str, is_correction: bool) -> str:
        """Search a few words as they are if the notes know them and not of the last note."""
        last = first_source(self.last.answer)
        is_apart = self.probing.is_known(named) and not self.probing.fits(last, named)
        if is_apart and not is_correction and not swapped_alike(self.last.searched, named):
            return named
        return self._added(named, is_correction)

    def _added(self, named: str, is_correction: bool) -> str:
        """Ask of another thing what was asked, or something else of the same thing.

        What the notes know apart from the talk only is searched by itself.
        """
        name, asked, probing = bare_name(named), self.last.searched, self.probing
        alike = swapped_alike(asked, name)
        if alike and probing.fits(probing.first(alike), name):
            return alike
        about = self._about(self.last, named)
        if _THE.match(named) and not is_correction:
            return probing.best([*swapped_given(asked, name), about])
        all_ways = [] if is_asking(named) else swaps(asked, name)[-_SWAPS:]
        ways = [way for way in all_ways if probing.fits(probing.first(way), name)]
        if is_correction:
            return probing.best(ways) if ways else (all_ways or [named])[-1]
        is_part = probing.fits(first_source(self.last.answer), name) and not _ANY.match(named)
        is_about = probing.fits(probing.first(about), name, _LITTLE)
        if ways:
            best = probing.best(ways)
            is_better = probing.best([about, best]) == best or _is_latin_in_chinese(name, asked)
            return best if is_better or not is_part else about
        if is_part or is_about or not probing.is_known(name):
            return alike or about
        return named

    def _asked(self, said: str, is_marked: bool, is_correction: bool) -> str:
        """Search a whole question as it is unless the notes know it by the talk's topic only."""
        probing, words = self.probing, len(content_words(said))
        lacks = is_marked or starts_asking(said) or (words <= _SHORT and bool(_GIVEN.search(said)))
        is_known = probing.is_known(said) or (
            not lacks and probing.fits(probing.first(said), said, _ALL)
        )
        if is_known and ((words > _SHORT and not is_marked) or is_correction):
            return said
        about = self._about(self.last, said)
        first = probing.first(about)
        is_here = is_same(first, first_source(self.last.answer))
        if not is_known and lacks:
            return about if probing.likelihood(about) > probing.likelihood(said) else said
        if not is_known and words <= _SHORT:
            return about if is_here and (words <= 1 or probing.fits(first, said, _LITTLE)) else said
        if not is_known:
            is_told = is_here and probing.is_known(about) and probing.fits(first, said)
            return about if is_told else said
        if lacks and words <= _FEW and not _names_latin(said):
            return about if is_here or words <= 1 else said
        return about if is_here and probing.fits(first, said, _LITTLE if lacks else _HALF) else said


def _names_latin(said: str) -> bool:
    return language_of(said) == "zh" and bool(re.search("[A-Za-z0-9]", said))


def _is_latin_in_chinese(name: str, asked: str) -> bool:
    return language_of(asked) == "zh" and language_of(name) == "en"


def _told(topic: str, said: str, pronoun: Pronoun | None, is_thing: bool) -> str:
    """Put a thing in its pronoun's place; what is done ("rename a branch") before the question."""
    if pronoun is not None and (is_thing or language_of(said) == "zh"):
        return put(topic, said, pronoun)
    return joined(topic, said)
