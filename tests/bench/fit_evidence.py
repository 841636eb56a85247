"""Fit the probability that the notes hold an answer; prints the coefficients and how good they are.

    python -m tests.bench.fit_evidence ../shared/bench

Answerable: the questions of each set. Unanswerable, hard: the same with the answering documents
taken out of the hits. Unanswerable, easy: questions in the same language from sets about other
things. Half of each set's questions fit, the other half tests. Notes are short where test sets
have paragraphs, so XQuAD is used by sentences too, and the sample notes weigh as four sets.
"own": questions of people who know the sample notes, that these do not answer; only tested on.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.indexing import update_index
from assistant.places import sample_vault
from corpus.language import language_of
from corpus.sentences import part_sentences
from index.collection import Collection, read_collection
from index.evaluate import index_collection
from index.evidence import LOOKED_AT, THRESHOLD, Evidence, weigh_evidence
from index.filters import Query
from index.hit import Hit
from index.models import load_embedder
from index.search import Searcher
from index.store import Store
from tests.bench.questions import QUESTIONS

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
SENTENCES = (("zh", "zh"), ("en", "en"), ("en", "zh"), ("zh", "en"))
PER_SET = 240
EASY = 120
SHARES = {"answerable": 1.0, "hard": 0.1, "easy": 0.4, "own": 0.0}
"""What a class of questions weighs in the fit: people mostly ask what is in their notes."""
SAMPLE_WEIGHT = 4.0


Row = tuple[str, str, bool, Evidence]
"""Set, class of question, whether it is fitted on, and what a search saw."""


def evidence_of(
    searcher: Searcher, question: str, is_left_out: Callable[[Hit], bool] = lambda _: False
) -> Evidence:
    """Search, leave some hits out, and judge what is left."""
    found = searcher.search(Query(question), 2 * LOOKED_AT)
    left = [hit for hit in found.hits if not is_left_out(hit)][:LOOKED_AT]
    return weigh_evidence(question, left, found.weights)


def main() -> None:
    bench = Path(sys.argv[1])
    random = np.random.default_rng(0)
    collections = {name: read_collection(bench / name) for name in PARAGRAPHS}
    for asked_in, said_in in SENTENCES:
        name = f"sentences-{asked_in}-{said_in}"
        collections[name] = by_sentence(bench / "xquad-answers", asked_in, said_in)
    rows: list[Row] = []
    embedder = load_embedder()
    for name, collection in collections.items():
        with tempfile.TemporaryDirectory() as place:
            store = Store(Path(place))
            paths = {v: k for k, v in index_collection(store, collection, embedder).items()}
            searcher = Searcher(store, embedder)
            asked = list(
                random.permutation([q for q in collection.queries if q in collection.qrels])
            )
            for number, query in enumerate(asked[:PER_SET]):
                question = collection.queries[query]
                right = {paths[d] for d in collection.qrels[query] if d in paths}
                fits = number % 2 == 0
                rows.append((name, "answerable", fits, evidence_of(searcher, question)))
                rows.append((name, "hard", fits, without(searcher, question, right)))
            for number, question in enumerate(strangers(name, collections, random)):
                rows.append((name, "easy", number % 2 == 0, evidence_of(searcher, question)))
        print(name, "done", file=sys.stderr)
    rows += sample_rows(collections, random)
    report(rows)


def by_sentence(folder: Path, asked_in: str, said_in: str) -> Collection:
    """XQuAD with sentences as documents; the one with the answer is relevant."""
    documents: dict[str, tuple[str, str]] = {}
    qrels: dict[str, dict[str, float]] = {}
    for article in json.loads((folder / f"xquad.{said_in}.json").read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
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
        for article in json.loads((folder / f"xquad.{asked_in}.json").read_text("utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
        if qrels.get(question["id"])
    }
    return Collection(documents, queries, qrels)


def strangers(
    name: str, collections: dict[str, Collection], random: np.random.Generator
) -> list[str]:
    """Questions in the set's language from sets with other documents."""

    def family(other: str) -> str:
        return other.split("-")[0].replace("sentences", "xquad")

    language = language_of(" ".join(collections[name].queries.values()))
    others = {
        question
        for other, collection in collections.items()
        if family(other) != family(name) and other != "til-en-title"
        for question in list(collection.queries.values())[:400]
        if language_of(question) == language
    }
    return [str(question) for question in random.permutation(sorted(others))[:EASY]]


def without(searcher: Searcher, question: str, paths: set[str]) -> Evidence:
    """Judge a search with the documents at `paths` taken out of it."""
    return evidence_of(searcher, question, lambda hit: hit.note.path in paths)


def sample_rows(collections: dict[str, Collection], random: np.random.Generator) -> list[Row]:
    """The sample notes' own questions, and strangers in both languages."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place:
        update_index(Path(place), [sample_vault()])
        searcher = Searcher(Store(Path(place)), load_embedder())
        for number, line in enumerate(QUESTIONS.read_text(encoding="utf-8").splitlines()):
            asked, fits = json.loads(line), number % 2 == 0
            question, expects = asked["question"], asked["expects"]
            if expects is None:
                rows.append(("sample", "own", False, evidence_of(searcher, question)))
                continue
            rows.append(("sample", "answerable", fits, evidence_of(searcher, question)))

            def answers(hit: Hit, expects: str = expects) -> bool:
                return expects in hit.note.text

            rows.append(("sample", "hard", fits, evidence_of(searcher, question, answers)))
        for name in ("sentences-zh-zh", "sentences-en-en"):
            questions = random.permutation(sorted(collections[name].queries.values()))[:EASY]
            for number, question in enumerate(questions):
                found = evidence_of(searcher, str(question))
                rows.append(("sample", "easy", number % 2 == 0, found))
    return rows


def report(rows: list[Row]) -> None:
    """Fit on the marked rows, print coefficients and what the rest says."""
    features = np.array([evidence.features for *_, evidence in rows])
    truth = np.array([label == "answerable" for _, label, _, _ in rows])
    fits = np.array([fit for _, _, fit, _ in rows])
    sizes = dict.fromkeys({(row[0], row[1]) for row in rows}, 0)
    for row in rows:
        sizes[row[0], row[1]] += 1
    weights = np.array([SHARES[row[1]] / sizes[row[0], row[1]] for row in rows])
    weights[[row[0] == "sample" for row in rows]] *= SAMPLE_WEIGHT
    model = LogisticRegression(C=100.0, max_iter=5000)
    model.fit(features[fits], truth[fits], sample_weight=weights[fits] * fits.sum())
    probability = model.predict_proba(features)[:, 1]
    print("bias", round(float(model.intercept_[0]), 3))
    print("weights", [round(float(w), 3) for w in model.coef_[0]])
    figures = {}
    for name in dict.fromkeys(row[0] for row in rows):
        mine = np.array([row[0] == name for row in rows]) & ~fits
        labels = np.array([row[1] for row in rows])
        part = {label: probability[mine & (labels == label)] for label in SHARES}
        easy = np.concatenate([part["answerable"], part["easy"]])
        auroc = roc_auc_score([1] * len(part["answerable"]) + [0] * len(part["easy"]), easy)
        figures[name] = {
            "auroc easy": round(float(auroc), 3),
            "false refusals": round(float((part["answerable"] < THRESHOLD).mean()), 3),
            "false answers, easy": round(float((part["easy"] >= THRESHOLD).mean()), 3),
            "false answers, hard": round(float((part["hard"] >= THRESHOLD).mean()), 3)
            if len(part["hard"])
            else None,
            "false answers, own": round(float((part["own"] >= THRESHOLD).mean()), 3)
            if len(part["own"])
            else None,
        }
        print(f"{name:16}", figures[name])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
