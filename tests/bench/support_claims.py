"""Sentences that a paragraph holds, and ones that it does not, made from XQuAD's parallel text."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from corpus.sentences import part_sentences

LANGUAGES = ("zh", "en")
HELD = ("sentence", "clauses dropped", "question and answer")
NOT_HELD = (
    "other article",
    "same article",
    "number changed",
    "name of the article",
    "name of the paragraph",
    "wrong answer",
    "negated",
)
SEED = 7
SHORTEST = 9

_AUXILIARY = "is was are were did do does has had have can could would will"
_ASKED_ZH = re.compile(
    "谁|什么时候|什么|哪一?[年月日天个位支名种座些家所只项部]|哪里|哪儿|多少|何时|何地|为何"
)
_WHO = re.compile(rf"Who\b(?!\s+(?:{'|'.join(_AUXILIARY.split())})\b)\s*(.*)")
_WHO_IS = re.compile(r"(?:Who|What)\s+(is|was|are|were)\s+(.*)")
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:[.,]\d+)*")
_NEGATIVE_EN = re.compile(r"\b(?:not|no|never|without)\b|n't")
_VERB_EN = re.compile(r"\b(?:is|was|are|were|has|have|had|can|could|will|would|may|should|must)\b")
_VERB_ZH = re.compile("可以|能够|能|会|是(?!否)|有(?!关|些|的)|被|在")
_NOT_ZH = {"有": "没有", "被": "没有被", "在": "不在"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its questions, each with its answer."""

    text: str
    asked: tuple[tuple[str, str], ...]

    @property
    def sentences(self) -> list[str]:
        found = (part.span.of(self.text) for part in part_sentences(self.text))
        return [sentence for sentence in found if len(sentence) >= SHORTEST]

    @property
    def answers(self) -> list[str]:
        return [answer for _, answer in self.asked]


@dataclass(frozen=True, slots=True)
class Made:
    """A sentence in `language`, to be looked for in `note`, a paragraph in `note_language`."""

    article: int
    language: str
    note_language: str
    kind: str
    text: str
    note: str


def make_claims(folder: Path, articles: int) -> list[Made]:
    """Make sentences of every kind for every paragraph of the first `articles`."""
    read = {lang: _read(folder / f"xquad.{lang}.json")[:articles] for lang in LANGUAGES}
    rng = random.Random(SEED)
    made = []
    for language in LANGUAGES:
        for article, place in product(range(len(read[language])), range(5)):
            for kind, text in _claims(read[language], article, place, language, rng):
                for said in LANGUAGES:
                    note = read[said][article][place].text
                    made.append(Made(article, language, said, kind, text, note))
    return made


def _read(file: Path) -> list[list[Paragraph]]:
    return [
        [
            Paragraph(
                paragraph["context"],
                tuple((q["question"], q["answers"][0]["text"]) for q in paragraph["qas"]),
            )
            for paragraph in article["paragraphs"]
        ]
        for article in json.loads(file.read_text(encoding="utf-8"))["data"]
    ]


def _claims(
    read: Sequence[Sequence[Paragraph]], article: int, place: int, lang: str, rng: random.Random
) -> Iterator[tuple[str, str]]:
    here = read[article][place]
    other = read[article][(place + 1 + rng.randrange(4)) % 5]
    far = read[(article + 1 + rng.randrange(len(read) - 1)) % len(read)][place]
    sentences = here.sentences
    few = rng.sample(sentences, min(3, len(sentences)))
    elsewhere = [a for p in read[article] if p is not here for a in p.answers]
    changed = {
        "clauses dropped": [_dropped(sentence, lang) for sentence in few],
        "negated": [_negated(sentence, lang) for sentence in few],
        "number changed": [_changed(sentence, rng) for sentence in sentences],
        "name of the paragraph": [
            _swapped(s, here.answers, here.answers, lang, rng) for s in sentences
        ],
        "name of the article": [_swapped(s, here.answers, elsewhere, lang, rng) for s in sentences],
    }
    yield from (("sentence", sentence) for sentence in few)
    yield from ((kind, text) for kind, texts in changed.items() for text in texts if text)
    for question, answer in rng.sample(here.asked, min(2, len(here.asked))):
        yield "question and answer", declared(question, answer, lang)
        wrong = [a for a in here.answers if a != answer and _is_name(a, lang)]
        if _is_name(answer, lang) and wrong:
            yield "wrong answer", declared(question, rng.choice(wrong), lang)
    for kind, paragraph in (("same article", other), ("other article", far)):
        strange = paragraph.sentences
        yield from ((kind, text) for text in rng.sample(strange, min(2, len(strange))))
        yield kind, declared(*rng.choice(paragraph.asked), lang)


def declared(question: str, answer: str, lang: str) -> str:
    """Say a question's answer in a sentence, as well as a rule can."""
    question = question.rstrip("?？ ")
    if lang == "zh":
        if asked := _ASKED_ZH.search(question):
            return f"{question[: asked.start()]}{answer}{question[asked.end() :]}。"
        return f"{question}：{answer}。"
    if who := _WHO.match(question):
        return f"{answer[0].upper()}{answer[1:]} {who[1]}."
    if who := _WHO_IS.match(question):
        return f"{who[2][0].upper()}{who[2][1:]} {who[1]} {answer}."
    return f"{question}: {answer}."


def _dropped(sentence: str, lang: str) -> str | None:
    """Leave the longest clause, and of many the next one too."""
    clauses = re.split(r"(?<=[,，；;])(?!\d)\s*", sentence)
    if len(clauses) < 2:
        return None
    longest = max(range(len(clauses)), key=lambda i: len(clauses[i]))
    kept = {longest} if len(clauses) < 4 else {longest, (longest + 1) % len(clauses)}
    said = (" " if lang == "en" else "").join(clauses[i] for i in sorted(kept)).rstrip(",，;；。. ")
    if len(said) < (12 if lang == "zh" else 30):
        return None
    return said[0].upper() + said[1:] + ("。" if lang == "zh" else ".")


def _changed(sentence: str, rng: random.Random) -> str | None:
    """Change one figure of one number."""
    if not (found := list(_NUMBER.finditer(sentence))):
        return None
    number = rng.choice(found)
    at = rng.choice([i for i in range(*number.span()) if sentence[i].isdigit()])
    figure = rng.choice([figure for figure in "123456789" if figure != sentence[at]])
    return sentence[:at] + figure + sentence[at + 1 :]


def _swapped(
    sentence: str, own: Sequence[str], others: Sequence[str], lang: str, rng: random.Random
) -> str | None:
    """Put another name in place of one that is there."""
    present = [name for name in own if _is_name(name, lang) and name in sentence]
    if not present:
        return None
    name = rng.choice(present)
    strange = [o for o in others if _is_name(o, lang) and o not in sentence and name not in o]
    return sentence.replace(name, rng.choice(strange)) if strange else None


def _is_name(answer: str, lang: str) -> bool:
    """Whether an answer is one that another could stand for."""
    if any(character.isdigit() for character in answer):
        return False
    if lang == "zh":
        return 2 <= len(answer) <= 10 and not re.search("[，。的是了]", answer)
    words = answer.split()
    return len(words) < 6 and all(w[0].isupper() or w in ("of", "the", "and", "de") for w in words)


def _negated(sentence: str, lang: str) -> str | None:
    """Put "not" after the first auxiliary of a sentence that has no negation yet."""
    if lang == "en":
        verb = None if _NEGATIVE_EN.search(sentence) else _VERB_EN.search(sentence)
        return f"{sentence[: verb.end()]} not{sentence[verb.end() :]}" if verb else None
    verb = None if re.search("[不没无未非]", sentence) else _VERB_ZH.search(sentence)
    if not verb:
        return None
    return sentence[: verb.start()] + _NOT_ZH.get(verb[0], f"不{verb[0]}") + sentence[verb.end() :]
