"""What the student is shown, batch by batch.

In each lesson an English text is the teacher's to embed and a Chinese one the student's; only
"anchor" (English through both) and "passages" (Chinese on both sides) differ.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import TypeVar

from tokenizers import Tokenizer

from corpus.errors import NotesError
from index.distill import texts
from index.distill.dictionary import entries
from index.distill.synthetic import Words, phrases, substituted
from index.distill.texts import Question, Translation

Ids = list[int]
Item = TypeVar("Item")

# Share of the steps, which are all of one size. General words, which parallel text is short of, get
# the most; English, which would drift from the teacher, a sixth.
SHARES = {
    "technical": 0.12,
    "everyday": 0.10,
    "words": 0.10,
    "phrases": 0.16,
    "substituted": 0.12,
    "joined": 0.12,
    "passages": 0.10,
    "headings": 0.02,
    "anchor": 0.16,
}
# Of one source at most so many pairs an epoch: four products' documentation are half of the text.
MOST_OF_A_SOURCE = 15_000
_EVERYDAY = "tatoeba"
_POOL = 4096  # texts that are sorted by length together, so that a batch has little padding
_PASSAGE = 500  # characters of a passage that are read
_JOINED = 700  # English characters of a passage made of the sentences of one source


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids of one step. `student` and `other` belong together line by line.

    `distilled`: `other` is for the teacher and is what `student` should become; else `other` is the
    text that `student` should find among the others, for the student, or the teacher if `english`.
    """

    lesson: str
    student: list[Ids]
    other: list[Ids]
    distilled: bool
    english: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Tokenizers, and how many tokens a batch holds: the student's, and a third of the teacher's.

    The teacher only reads, which takes a third of what reading and learning takes.
    """

    student: Tokenizer
    teacher: Tokenizer
    tokens: int


class Lessons:
    """All lessons over some training text; deterministic for a seed."""

    def __init__(
        self, data: Sequence[Path], reader: Reader, frequency: Mapping[str, int], seed: str
    ) -> None:
        self._rng = random.Random(seed)
        self._reader = reader
        by_kind = _by_kind(texts.translations(data))
        words = Words(entries(by_kind["words"]), frequency)
        technical, everyday = by_kind["technical"], by_kind["everyday"]
        zh = list(texts.questions(data, "zh"))
        cross = [q for q in texts.questions(data, "cross") if q.direction == "zh-en"]
        _require(
            {
                "dictionary entries": by_kind["words"],
                "technical pairs": technical,
                "everyday (tatoeba) pairs with a word of the dictionary": [
                    pair for pair in everyday if words.find(pair)
                ],
                "Chinese questions": zh,
                "Chinese questions with English passages": cross,
            }
        )
        sources: dict[str, Iterator[Translation]] = {
            "technical": self._balanced(technical),
            "everyday": self._shuffled(everyday),
            "words": self._by_use(by_kind["words"], frequency),
            "phrases": phrases(words, self._rng),
            "substituted": substituted(everyday, words, self._rng),
            "joined": self._joined(technical),
            "anchor": self._mixed(
                self._balanced(technical),
                self._joined(technical),
                self._shuffled(everyday),
                phrases(words, self._rng),
            ),
        }
        self._batches = {
            lesson: self._translated(lesson, pairs) for lesson, pairs in sources.items()
        }
        self._batches["passages"] = self._asked("passages", self._shuffled(zh), False)
        self._batches["headings"] = self._asked("headings", self._shuffled(cross), True)

    def next(self, lesson: str) -> Batch:
        """The next batch of a lesson; there is always one."""
        return next(self._batches[lesson])

    def _shuffled(self, items: Sequence[Item]) -> Iterator[Item]:
        while True:
            yield from self._once(items)

    def _balanced(self, pairs: Sequence[Translation]) -> Iterator[Translation]:
        """Every source in proportion, but no more of one than MOST_OF_A_SOURCE an epoch."""
        of_source = _of_source(pairs)
        while True:
            epoch = [
                pair
                for own in of_source.values()
                for pair in self._rng.sample(own, min(len(own), MOST_OF_A_SOURCE))
            ]
            yield from self._once(epoch)

    def _mixed(self, *streams: Iterator[Translation]) -> Iterator[Translation]:
        while True:
            yield next(self._rng.choice(streams))

    def _by_use(
        self, pairs: Sequence[Translation], frequency: Mapping[str, int]
    ) -> Iterator[Translation]:
        """Words by the square root of how often they are used, without end."""
        heights = list(accumulate((frequency.get(pair.zh, 0) + 5) ** 0.5 for pair in pairs))
        while True:
            yield from self._rng.choices(pairs, cum_weights=heights, k=_POOL)

    def _once(self, items: Sequence[Item]) -> list[Item]:
        return self._rng.sample(items, len(items))

    def _joined(self, pairs: Sequence[Translation]) -> Iterator[Translation]:
        """Pairs of one source as one passage: long Chinese text has no other translation."""
        of_source = list(_of_source(pairs).values())
        sizes = [min(len(own), MOST_OF_A_SOURCE) for own in of_source]
        while True:
            own = self._rng.choices(of_source, sizes)[0]
            start = self._rng.randrange(len(own))
            zh, en = own[start].zh, own[start].en
            wanted = self._rng.randint(200, _JOINED)
            for pair in own[start + 1 : start + 40]:
                if len(en) > wanted:
                    break
                zh, en = f"{zh}\n{pair.zh}", f"{en}\n{pair.en}"
            yield Translation(zh, en, own[start].source)

    def _translated(self, lesson: str, pairs: Iterator[Translation]) -> Iterator[Batch]:
        """Batches in which the student's text is to become what the teacher makes of the other."""
        while True:
            pool = list(islice(pairs, _POOL))
            other = _ids(self._reader.teacher, [pair.en for pair in pool])
            own = [pair.en if lesson == "anchor" else pair.zh for pair in pool]
            student = _ids(self._reader.student, own)
            for part in self._parts(student, other, english=True):
                yield Batch(
                    lesson, [student[i] for i in part], [other[i] for i in part], True, True
                )

    def _asked(self, lesson: str, asked: Iterator[Question], english: bool) -> Iterator[Batch]:
        """Batches of questions and their passages; the student reads both, or the teacher one."""
        while True:
            pool = list(islice(asked, _POOL))
            queries = _ids(self._reader.student, [question.query for question in pool])
            reader = self._reader.teacher if english else self._reader.student
            passages = _ids(reader, [question.passage[:_PASSAGE] for question in pool])
            for part in self._parts(queries, passages, english):
                yield Batch(
                    lesson, [queries[i] for i in part], [passages[i] for i in part], False, english
                )

    def _parts(
        self, student: Sequence[Ids], other: Sequence[Ids], english: bool
    ) -> list[list[int]]:
        """Places of texts of about one length, as many as a batch holds, in a random order."""
        costs = [
            len(own) + (len(beside) // 3 if english else len(beside))
            for own, beside in zip(student, other, strict=True)
        ]
        parts: list[list[int]] = [[]]
        spent = 0
        for place in sorted(
            range(len(costs)), key=lambda place: (len(student[place]), costs[place])
        ):
            if spent + costs[place] > self._reader.tokens and parts[-1]:
                parts.append([])
                spent = 0
            parts[-1].append(place)
            spent += costs[place]
        if len(parts) > 1 and spent < self._reader.tokens // 2:
            parts.pop()  # what is left over: a small batch would count like a whole one
        self._rng.shuffle(parts)
        return parts


def _of_source(pairs: Iterable[Translation]) -> dict[str, list[Translation]]:
    of_source: dict[str, list[Translation]] = defaultdict(list)
    for pair in pairs:
        of_source[pair.source].append(pair)
    return of_source


def _require(kinds: Mapping[str, Sequence[object]]) -> None:
    """Raise NotesError for a lesson that has nothing to teach."""
    for name, items in kinds.items():
        if not items:
            raise NotesError(f"The training text has no {name}.", "Add some to the folders.")


def _ids(tokenizer: Tokenizer, lines: Sequence[str]) -> list[Ids]:
    return [encoding.ids for encoding in tokenizer.encode_batch(list(lines))]


def _by_kind(pairs: Iterator[Translation]) -> dict[str, list[Translation]]:
    kinds: dict[str, list[Translation]] = {"words": [], "everyday": [], "technical": []}
    for pair in pairs:
        if pair.source == texts.DICTIONARY:
            kinds["words"].append(pair)
        else:
            everyday = pair.source.startswith(_EVERYDAY)
            kinds["everyday" if everyday else "technical"].append(pair)
    return kinds
