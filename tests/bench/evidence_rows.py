"""What searches saw of questions that the notes answer, and of questions that they do not.

Classes of questions: "answerable", a set's own; "hard", the same with the answering documents taken
out of the hits; "easy", questions in the set's language from sets about other things; "keywords",
short titles of programming notes asked of English text about other things; "own", of people who
know the notes, that these do not answer.
"""

import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from assistant.places import sample_vault
from corpus.language import language_of
from corpus.sentences import part_sentences
from index.embedding.embedder import Embedder
from index.finding.evidence import LOOKED_AT, Evidence, weigh_evidence
from index.finding.filters import Query
from index.finding.hit import Hit
from index.finding.search import Found, Searcher
from index.keeping.cosine_scale import BUNDLED, keep_scale, kept_scale
from index.keeping.store import Store
from index.keeping.update import update
from index.measuring.collection import Collection, read_collection
from tests.bench.kept_indexes import open_index
from tests.bench.questions import MEMO_QUESTIONS, QUESTIONS, read_questions

PARAGRAPHS = (
    "xquad-zh-zh",
    "xquad-en-en",
    "xquad-en-zh",
    "xquad-zh-en",
    "cmrc2018-dev",
    "drcd-test-s2t",
    "chroma-chunks",
    "til-en-title",
)
SENTENCES = ("sentences-zh-zh", "sentences-en-en", "sentences-en-zh", "sentences-zh-en")
NOTES = ("sample", "memo")
SETS = (*PARAGRAPHS, *SENTENCES, *NOTES)
TITLES = "til-en-title"
PER_SET, EASY, KEYWORDS = 240, 160, 40
FOUND = 3
SHARED = Path(os.environ.get("NOTES_SHARED", "../shared"))


@dataclass(frozen=True, slots=True)
class Row:
    """What was asked of which set, and what was seen.

    `is_fitted` tells the half that is fitted on, `is_found` whether an answering note is among the
    first FOUND; `unscaled` takes the model's cosines as they are.
    """

    name: str
    label: str
    is_fitted: bool
    is_found: bool
    question: str
    evidence: Evidence
    unscaled: Evidence


def family(name: str) -> str:
    """Return what a set's documents are from."""
    return name.split("-")[0].replace("sentences", "xquad")


def read_sets(bench: Path) -> dict[str, Collection]:
    """Read all sets but the notes."""
    sets = {name: read_collection(bench / name) for name in PARAGRAPHS}
    for name in SENTENCES:
        _, asked_in, said_in = name.split("-")
        sets[name] = _by_sentence(bench / "xquad-answers", asked_in, said_in)
    return sets


def rows_of(name: str, sets: dict[str, Collection], kept: Path, embedder: Embedder) -> list[Row]:
    """Return a set's rows, from a file in `kept` where they have been collected before."""
    file = kept / f"{name}.evidence.jsonl"
    if not file.exists():
        random = np.random.default_rng(zlib.crc32(name.encode()))
        collect = _of_notes if name in NOTES else _of_set
        rows = list(collect(name, sets, kept, embedder, random))
        file.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows), encoding="utf-8")
    read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        Row(
            **row
            | {"evidence": Evidence(**row["evidence"]), "unscaled": Evidence(**row["unscaled"])}
        )
        for row in read
    ]


@dataclass(frozen=True, slots=True)
class _Asker:
    """Asks one index; makes rows."""

    name: str
    searcher: Searcher

    def ask(self, label: str, is_fitted: bool, question: str) -> Row:
        return self._row(label, is_fitted, self._search(question))

    def ask_twice(
        self, is_fitted: bool, question: str, answers: Callable[[Hit], bool]
    ) -> Iterator[Row]:
        """Ask a question that is answered, then judge what is left without its answers."""
        found = self._search(question)
        left = [hit for hit in found.hits if not answers(hit)]
        is_found = any(answers(hit) for hit in found.hits[:FOUND])
        yield replace(self._row("answerable", is_fitted, found), is_found=is_found)
        yield self._row("hard", is_fitted, replace(found, hits=tuple(left)))

    def _search(self, question: str) -> Found:
        return self.searcher.search(Query(question), 2 * LOOKED_AT)

    def _row(self, label: str, is_fitted: bool, found: Found) -> Row:
        with self.searcher.store.reading() as db:
            scale = kept_scale(db)
        question, hits = found.query.words, found.hits[:LOOKED_AT]
        scaled = weigh_evidence(question, hits, found.weights, scale)
        unscaled = weigh_evidence(question, hits, found.weights, BUNDLED)
        return Row(self.name, label, is_fitted, False, question, scaled, unscaled)


def _of_set(
    name: str,
    sets: dict[str, Collection],
    kept: Path,
    embedder: Embedder,
    random: np.random.Generator,
) -> Iterator[Row]:
    collection = sets[name]
    folder = "sentences-" + name.split("-")[2] if name in SENTENCES else name
    searcher, documents = open_index(kept / folder, collection, embedder)
    keep_scale(searcher.store, embedder)
    asker = _Asker(name, searcher)
    judged = sorted(query for query in collection.queries if query in collection.qrels)
    for number, query in enumerate(random.permutation(judged)[:PER_SET]):
        right = collection.qrels[str(query)].keys()

        def answers(hit: Hit, right: object = right) -> bool:
            return documents[hit.note.path] in right  # type: ignore[operator]

        yield from asker.ask_twice(number % 2 == 0, collection.queries[str(query)], answers)
    language = language_of(" ".join(collection.queries.values()))
    strangers = {"easy": _strangers(name, language, sets)}
    if language == "en" and name != TITLES:
        strangers["keywords"] = sorted(sets[TITLES].queries.values())
    for (label, questions), most in zip(strangers.items(), (EASY, KEYWORDS), strict=False):
        for number, question in enumerate(random.permutation(questions)[:most]):
            yield asker.ask(label, number % 2 == 0, str(question))


def _of_notes(
    name: str,
    sets: dict[str, Collection],
    kept: Path,
    embedder: Embedder,
    random: np.random.Generator,
) -> Iterator[Row]:
    """The sample notes or the memo: their own questions, and strangers in both languages."""
    store = Store(kept / name)
    root = sample_vault() if name == "sample" else SHARED / "notes" / "memo.zh.md"
    update(store, [root], embedder)
    asker = _Asker(name, Searcher(store, embedder))
    questions = read_questions(QUESTIONS if name == "sample" else MEMO_QUESTIONS)
    for number, asked in enumerate(questions):
        if asked.answers is None:
            yield asker.ask("own", False, asked.question)
        else:
            yield from asker.ask_twice(number % 2 == 0, asked.question, asked.answers)
    for language in ("zh", "en"):
        strangers = random.permutation(_strangers(name, language, sets))
        for number, question in enumerate(strangers[: EASY // 2]):
            yield asker.ask("easy", number % 2 == 0, str(question))


def _strangers(name: str, language: str, sets: dict[str, Collection]) -> list[str]:
    """Questions in a language from sets with other documents."""
    found = {
        question
        for other, collection in sets.items()
        if family(other) != family(name) and other != TITLES
        for question in list(collection.queries.values())[:400]
        if language_of(question) == language
    }
    return sorted(found)


def _by_sentence(folder: Path, asked_in: str, said_in: str) -> Collection:
    """XQuAD with sentences as documents; the one with the answer is relevant."""
    documents: dict[str, tuple[str, str]] = {}
    qrels: dict[str, dict[str, float]] = {}
    for paragraph in _paragraphs(folder / f"xquad.{said_in}.json"):
        text = paragraph["context"]
        spans = [sentence.span for sentence in part_sentences(text)]
        ids = [f"{len(documents) + n}" for n in range(len(spans))]
        documents |= {d: ("", span.of(text)) for d, span in zip(ids, spans, strict=True)}
        for question in paragraph["qas"]:
            at = question["answers"][0]["answer_start"]
            holding = [d for d, s in zip(ids, spans, strict=True) if s.start <= at < s.end]
            qrels[question["id"]] = dict.fromkeys(holding, 1.0)
    queries = {
        question["id"]: question["question"]
        for paragraph in _paragraphs(folder / f"xquad.{asked_in}.json")
        for question in paragraph["qas"]
        if qrels.get(question["id"])
    }
    return Collection(documents, queries, qrels)


def _paragraphs(file: Path) -> list[dict]:  # type: ignore[type-arg]
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    return [paragraph for article in articles for paragraph in article["paragraphs"]]
