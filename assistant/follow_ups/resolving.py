"""What a question of a talk asks, so that it can be searched by itself.

Closed-class words say how a question leans on those before it (`cues`, `pronouns`, `pointing`); where
they leave it open, searches do (`probing`). In doubt it is searched as it is: what was spoken of is
put before it only where the note that is then found holds what the question itself says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from assistant.answering.answer import Answer
from assistant.follow_ups.cues import (
    Back,
    added,
    adds,
    bare_asking,
    corrected,
    going_back,
    is_asking,
    starts_asking,
    trimmed,
    without_elaboration,
    without_lead,
)
from assistant.follow_ups.naming import Naming
from assistant.follow_ups.pointing import (
    Pointer,
    find_pointer,
    find_side,
    named_side,
    pointed_item,
)
from assistant.follow_ups.probing import Probe, Probing, first_source, is_same
from assistant.follow_ups.pronouns import Pronoun, find_pronoun
from assistant.follow_ups.replies import is_reply, without_reply
from assistant.follow_ups.swapping import is_placed
from assistant.follow_ups.topic import (
    content_words,
    defines,
    is_attribute,
    sides,
    subject,
    whole_topic,
)
from assistant.follow_ups.wording import asked_of, is_named, joined, put
from corpus.language import language_of
from index.finding.filters import parse_query

LONGEST = 200
"""A question of more characters says by itself what it asks."""

_SHORT = 3
"""A question of so few telling words may lack what it is about."""

_FULL = 8
"""A question of so many telling words says what it is about even where it has a pronoun."""

_LITTLE, _HALF, _ALL = 0.3, 0.5, 0.9
"""Of a question's weight, what a note has to hold: of one that leans on the talk by its words, of
another, of one that it answers by itself."""

_PARTICLES = frozenset("呢吗吧啊呀嘛么")
_COMPLEMENT = re.compile("(?:出来|出去|起来|下来|下去|上去|回来|过来|进去|一下)$")
_GIVEN = re.compile(r"\bthe\s+\w+(?!\w|\s+of\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier turn: the question as typed, what was searched for, and the answer."""

    question: str
    searched: str
    answer: Answer

    @property
    def is_typed(self) -> bool:
        """Whether the question was searched for as it is."""
        return self.searched.strip() == self.question.strip()


@dataclass(frozen=True, slots=True)
class Resolved:
    """What to search for. `is_follow_up` is False where that is the question itself.

    `is_reply` where it only takes note of an answer, so that there is nothing to search for.
    """

    searched: str
    is_follow_up: bool
    is_reply: bool = False


def resolve(question: str, earlier: Sequence[Exchange], probe: Probe) -> Resolved:
    """Say what `question` asks after the `earlier` exchanges, the oldest first."""
    asked = question.strip()
    if earlier and is_reply(asked):
        return Resolved(asked, False, is_reply=True)
    shown = [exchange for exchange in earlier if not is_reply(exchange.question)]
    if not shown or len(asked) > LONGEST or "\n" in asked:
        return Resolved(asked, False)
    filters = [word for word in asked.split() if _is_filter(word)]
    words = trimmed(" ".join(word for word in asked.split() if word not in filters))
    searched = _Talk(_topics(shown), shown[-1].answer, Probing(probe)).searched(words)
    if not searched or searched == words:
        return Resolved(asked, False)
    return Resolved(" ".join((searched, *filters)), True)


def _is_filter(word: str) -> bool:
    return (":" in word or "：" in word) and bool(parse_query(word).wanted)


def _topics(shown: Sequence[Exchange]) -> Sequence[Exchange]:
    """Leave out what the notes do not answer, except a question of its own."""
    topics = [e for e in shown if e.answer.is_answered or (e.is_typed and is_asking(e.question))]
    return topics or [e for e in shown if e.is_typed][-1:] or shown[:1]


@dataclass(frozen=True, slots=True)
class _Talk:
    """The exchanges that say what is spoken of, the last answer, and the searches for a question."""

    earlier: Sequence[Exchange]
    shown: Answer
    probing: Probing

    @property
    def last(self) -> Exchange:
        return self.earlier[-1]

    @property
    def _naming(self) -> Naming:
        last = self.last
        about = partial(self._about, last)
        return Naming(last.searched, first_source(last.answer), about, self.probing)

    def searched(self, asked: str) -> str:
        """Return the question as it stands by itself; "" for as it is."""
        if not set(asked) - _PARTICLES:
            return self.last.searched
        if not any(map(str.isalnum, asked)):
            return ""
        if (meant := corrected(asked)) is not None:
            return self._leaning(meant, is_correction=True) or meant
        said = without_reply(asked)
        if back := going_back(said):
            return self._returned(*back)
        return self._leaning(said) or said

    def _leaning(self, asked: str, is_correction: bool = False) -> str:
        if pointer := find_side(asked) or find_pointer(asked):
            return self._pointed(asked, pointer)
        if word := bare_asking(asked):
            return asked_of(word, whole_topic(self.last.searched))
        if not without_elaboration(asked):
            return self.last.searched
        said = without_lead(asked)
        if pronoun := find_pronoun(said):
            return self._with_pronoun(said.removesuffix("呢"), pronoun)
        if is_attribute(said):
            return self._about(self.last, said)
        is_few = len(content_words(said)) <= _SHORT and not is_asking(said)
        if is_correction:
            return (
                self._naming.corrected(said) if is_few or added(asked) else self._asked(said, False)
            )
        if named := added(asked) or (said if is_few and is_placed(said) else ""):
            return self._naming.added(named)
        if is_few:
            return self._naming.bare(said)
        return self._asked(said, said != asked or adds(asked))

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
        item = item or pointed_item(self.shown, pointer.n, pointer.is_line)
        item = item or named_side(newest, pointer.n)
        left = f"{asked[: pointer.start]} {asked[pointer.end :]}"
        if not item or not without_elaboration(left) or not content_words(left):
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
        whole = whole_topic(exchange.searched)
        if len(content_words(whole)) > _FULL:
            return short
        long = _told(whole, said, pronoun, is_thing)
        if short == long or is_same(self.probing.first(short), self.probing.first(long)):
            return short
        if len(content_words(said)) == 1 and starts_asking(said):
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
        """Whether this exchange asks more of what the one before it spoke of."""
        before, exchange = self.earlier[at - 1], self.earlier[at]
        if exchange.is_typed:
            return is_same(first_source(before.answer), first_source(exchange.answer))
        return exchange.searched.startswith(subject(before.searched))

    def _asked(self, said: str, is_marked: bool) -> str:
        """Search a whole question as it is unless it lacks what the last note is about."""
        probing, words = self.probing, len(content_words(said))
        lacks = is_marked or starts_asking(said) or (words <= _SHORT and bool(_GIVEN.search(said)))
        is_known = probing.is_known(said) or probing.fits(probing.first(said), said, _ALL)
        is_whole = not lacks or (words > _SHORT and not is_marked)
        if (is_known and is_whole) or defines(said):
            return ""
        about = self._about(self.last, said)
        if starts_asking(said) and len(content_words(_COMPLEMENT.sub("", said))) <= 1:
            return "" if _names_latin(said) else about
        first, least = probing.first(about), _LITTLE if is_marked or starts_asking(said) else _HALF
        is_here = is_same(first, first_source(self.last.answer))
        return about if is_here and probing.fits(first, said, least) else ""


def _names_latin(said: str) -> bool:
    return language_of(said) == "zh" and bool(re.search("[A-Za-z0-9]", said))


def _told(topic: str, said: str, pronoun: Pronoun | None, is_thing: bool) -> str:
    """Put a thing in its pronoun's place; what is done ("rename a branch") before the question."""
    if pronoun is not None and (is_thing or language_of(said) == "zh"):
        return put(topic, said, pronoun)
    return joined(topic, said)
