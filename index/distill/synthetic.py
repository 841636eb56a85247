"""Sentences made of the dictionary's words, so that words rare in parallel text meet a context.

Both languages are made at once: the words of a pair go into the same places of a pair of patterns,
or take the place of a word in a real sentence. What comes out is not always good English; the
teacher's vector of it holds the words all the same.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from corpus.errors import NotesError
from index.distill.dictionary import Entry
from index.distill.texts import Translation

SOURCE = "synthetic"
_PLACE = re.compile(r"\{(\w)\}")
# a, b, c: any noun or name; n: a name; v, w: verbs; y: a year; d: a number. A noun that takes the
# place of a noun in a real sentence is drawn as "o".
_PATTERNS = (
    ("{a}是什么？", "What is {a}?"),
    ("什么是{a}？", "What is {a}?"),
    ("{a}是什么意思？", "What does {a} mean?"),
    ("{a}和{b}有什么区别？", "What is the difference between {a} and {b}?"),
    ("{a}在哪里？", "Where is {a}?"),
    ("{a}位于{n}的哪个{b}？", "In which {b} of {n} is {a} located?"),
    ("{n}是谁？", "Who is {n}?"),
    ("谁{v}了{a}？", "Who did {v} {a}?"),
    ("谁是{n}的{a}？", "Who was the {a} of {n}?"),
    ("{a}是什么时候{v}的？", "When did {a} {v}?"),
    ("{n}在哪一年{v}{a}？", "In what year did {n} {v} {a}?"),
    ("{a}持续了多久？", "How long did {a} last?"),
    ("有多少{a}？", "How many {a} are there?"),
    ("{n}有多少{a}？", "How many {a} does {n} have?"),
    ("{n}的{a}占多大比例？", "What percentage of {a} is in {n}?"),
    ("{a}的{b}有多大？", "How large is the {b} of {a}?"),
    ("为什么{a}会{v}{b}？", "Why does {a} {v} {b}?"),
    ("{a}如何{v}{b}？", "How does {a} {v} {b}?"),
    ("怎么{v}{a}？", "How to {v} {a}?"),
    ("怎样用{a}{v}{b}？", "How do you {v} {b} with {a}?"),
    ("哪个{a}{v}{b}？", "Which {a} did {v} {b}?"),
    ("哪些{a}属于{b}？", "Which {a} belong to {b}?"),
    ("{n}的{a}叫什么名字？", "What is the name of the {a} of {n}?"),
    ("{a}的另一个名称是什么？", "What is another name for {a}?"),
    ("{a}对{b}有什么影响？", "What effect does {a} have on {b}?"),
    ("是什么导致了{n}的{a}？", "What caused the {a} in {n}?"),
    ("{a}导致了{b}。", "{a} led to {b}."),
    ("{a}是{b}的一种。", "{a} is a kind of {b}."),
    ("{a}由{b}和{c}组成。", "{a} consists of {b} and {c}."),
    ("{n}以{a}闻名。", "{n} is known for its {a}."),
    ("在{n}，{a}{v}{b}。", "In {n}, the {a} {v} the {b}."),
    ("{a}被用来{v}{b}。", "{a} is used to {v} {b}."),
    ("{y}年，{n}{v}了{a}。", "In {y}, {n} {v} the {a}."),
    ("{n}于{y}年成为{a}。", "{n} became {a} in {y}."),
    ("{a}约有{d}个{b}。", "{a} has about {d} {b}."),
    ("不要{v}{a}，否则{b}会{w}。", "Do not {v} the {a}, or the {b} will {w}."),
    ("如果{a}{v}，就{w}{b}。", "If the {a} {v}, then {w} the {b}."),
    ("{a}、{b}和{c}", "{a}, {b} and {c}"),
    ("{a}的{b}", "the {b} of {a}"),
    ("关于{a}的{b}", "{b} about {a}"),
    ("{n}的{a}{b}", "{a} {b} of {n}"),
    ("{v}{a}", "{v} {a}"),
    ("{a} {b} {c}", "{a} {b} {c}"),
)
_LONGEST_WORD = 6  # characters of a word that is looked for in a sentence


class Words:
    """Entries to draw from, each in proportion to the square root of how often it is used."""

    def __init__(self, entries: Sequence[Entry], frequency: Mapping[str, int]) -> None:
        self._of_kind: dict[str, tuple[list[Entry], list[float]]] = {}
        for kind, kinds in {
            "n": ("name",),
            "v": ("verb",),
            "a": ("noun", "name"),
            "o": ("noun",),
        }.items():
            chosen = [entry for entry in entries if entry.kind in kinds]
            if not chosen:
                raise NotesError(
                    f"The dictionary has no {' or '.join(kinds)} with a short gloss.",
                    "Add text whose source is CC-CEDICT.",
                )
            weights = [(frequency.get(entry.zh, 0) + 5) ** 0.5 for entry in chosen]
            self._of_kind[kind] = (chosen, list(accumulate(weights)))
        self._named = {entry.zh: entry for entry in entries if len(entry.zh) > 1}

    def draw(self, place: str, rng: random.Random) -> tuple[str, str]:
        """A word for a place of a pattern, in Chinese and English."""
        if place in "yd":
            number = str(rng.randint(900, 2030) if place == "y" else rng.randint(2, 900))
            return number, number
        chosen, weights = self._of_kind[{"n": "n", "v": "v", "w": "v", "o": "o"}.get(place, "a")]
        entry = rng.choices(chosen, cum_weights=weights)[0]
        return entry.zh, entry.en

    def find(self, pair: Translation) -> list[Entry]:
        """The words of `pair.zh` whose gloss stands in `pair.en`."""
        found: list[Entry] = []
        start = 0
        while start < len(pair.zh):
            for length in range(_LONGEST_WORD, 1, -1):
                entry = self._named.get(pair.zh[start : start + length])
                if entry and re.search(rf"\b{re.escape(entry.en)}\b", pair.en, re.IGNORECASE):
                    found.append(entry)
                    start += length - 1
                    break
            start += 1
        return found


def phrases(words: Words, rng: random.Random) -> Iterator[Translation]:
    """Yield filled patterns without end: mostly one alone, some of several sentences."""
    while True:
        count = rng.choices((1, 2, 4, 8), (70, 15, 10, 5))[0]
        made = [_filled(*rng.choice(_PATTERNS), words, rng) for _ in range(count)]
        yield Translation("".join(zh for zh, _ in made), " ".join(en for _, en in made), SOURCE)


def _filled(zh: str, en: str, words: Words, rng: random.Random) -> tuple[str, str]:
    for place in dict.fromkeys(_PLACE.findall(zh)):
        chinese, english = words.draw(place, rng)
        zh, en = zh.replace(f"{{{place}}}", chinese), en.replace(f"{{{place}}}", english)
    return zh, en


def substituted(
    pairs: Sequence[Translation], words: Words, rng: random.Random
) -> Iterator[Translation]:
    """Yield sentences with one or two words exchanged for others of their kind, without end."""
    while True:
        pair = rng.choice(pairs)
        found = words.find(pair)
        zh, en = pair.zh, pair.en
        for entry in rng.sample(found, min(len(found), rng.choice((1, 1, 2)))):
            place = {"name": "n", "verb": "v"}.get(entry.kind, "o")
            chinese, english = words.draw(place, rng)
            zh = zh.replace(entry.zh, chinese)
            gloss = re.compile(rf"\b{re.escape(entry.en)}\b", re.IGNORECASE)
            en = gloss.sub(english.replace("\\", ""), en)
        if found:
            yield Translation(zh, en, SOURCE)
