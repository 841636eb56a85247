"""The questions: short ones of the test sets, long ones, and ones full of frequent terms."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from index.measuring.collection import read_collection
from index.terms import analyze_query
from tests.bench.term_engines.chunks import Corpus

SHORT = {
    "short en": ("xquad-en-en", "til-en-title", "scifact"),
    "short zh": ("xquad-zh-zh", "cmrc2018-dev"),
}
PARAGRAPHS = ("xquad-en-en", "xquad-zh-zh", "cmrc2018-dev", "scifact", "drcd-test-s2t")
FEWEST, MOST = 20, 60


@dataclass(frozen=True, slots=True)
class Question:
    """The terms asked for and, where the test set says so, the chunks that answer (id → grade)."""

    kind: str
    terms: tuple[str, ...]
    grades: dict[str, float]


def make_questions(bench: Path, corpus: Corpus, short: int, long: int) -> list[Question]:
    """Return `short` questions of each short kind and `long` of each long kind."""
    chance = random.Random(1)
    places = _places(bench)
    questions = []
    for kind, names in SHORT.items():
        for name in names:
            asked = _asked(bench / name, kind, places)
            questions += chance.sample(asked, -(-short // len(names)))
    texts = [t for name in PARAGRAPHS for t in _sample(bench / name, long // len(PARAGRAPHS))]
    for text in texts:
        terms = analyze_query(text)[: chance.randint(FEWEST, MOST)]
        questions.append(Question("paragraph", tuple(terms), {}))
    frequent = _frequent(corpus, chance, long)
    return questions + [Question("frequent", drawn, {}) for drawn in frequent]


def _asked(folder: Path, kind: str, places: dict[str, int]) -> list[Question]:
    collection = read_collection(folder)
    at = {key: str(places[text]) for key, (_, text) in collection.documents.items()}
    return [
        Question(kind, tuple(analyze_query(text)), {at[d]: g for d, g in judged.items() if d in at})
        for key, text in collection.queries.items()
        if (judged := collection.qrels.get(key))
    ]


def _places(bench: Path) -> dict[str, int]:
    """Say which chunk each text of the test sets is: they are the first, each text once."""
    places: dict[str, int] = {}
    for file in sorted(bench.glob("*/corpus.jsonl")):
        for line in file.open(encoding="utf-8"):
            places.setdefault(json.loads(line)["text"], len(places) + 1)
    return places


def _sample(folder: Path, number: int) -> list[str]:
    documents = read_collection(folder).documents.values()
    long = [text for _, text in documents if len(analyze_query(text)) >= FEWEST]
    return random.Random(2).sample(long, number)


def _frequent(corpus: Corpus, chance: random.Random, number: int) -> Iterator[tuple[str, ...]]:
    """Draw terms from the 300 that most chunks have, of those that a question can have."""
    held: Counter[str] = Counter()
    for parts in islice(corpus, 0, None, max(1, int(corpus.made["chunks"]) // 20_000)):
        held.update(set(" ".join(parts).split()))
    askable = (term for term, _ in held.most_common() if len(term) > 1 or term.isascii())
    most = [term for term in islice(askable, 400) if analyze_query(term) == [term]][:300]
    for _ in range(number):
        yield tuple(chance.sample(most, chance.randint(FEWEST, MOST)))
