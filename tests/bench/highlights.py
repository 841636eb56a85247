"""Do highlights show what answers? XQuAD's questions in Chinese and English over its paragraphs.

    python -m tests.bench.highlights [../shared/bench/xquad-answers] [QUESTIONS]

The right paragraph is given. Sentences: how often is the first highlighted one the one that holds
the answer. Words: the same question in the paragraph's language shares words with the answering
sentence; over a question in the other language those are the ones to mark (characters, micro F1).
"""

import json
import math
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from corpus.document import read_document
from corpus.note import Span
from corpus.sentences import part_sentences
from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.token_vectors import TokenVectors
from index.finding.highlights import LEAST_STRENGTH, Highlighter
from index.finding.hit import Hit
from index.finding.near_words import merged, near_words, places_of, telling_terms
from index.finding.rating import Rater, rate_by_tokens
from index.terms import analyze, analyze_query, tokens

LANGUAGES = ("zh", "en")
SEED = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in every language, with its paragraph, where it is answered, and another one."""

    questions: dict[str, str]
    texts: dict[str, str]
    starts: dict[str, int]
    strangers: dict[str, str]


class Bench:
    """The sample and what the model says of its texts."""

    def __init__(self, folder: Path, count: int) -> None:
        self.asked = sample(folder, count)
        self.embedder = OnnxEmbedder(threads=2)
        self._seen: dict[str, TokenVectors] = {}
        self.idf = {lang: idf_of({a.texts[lang] for a in self.asked}) for lang in LANGUAGES}

    def tokens(self, text: str) -> TokenVectors:
        if text not in self._seen:
            self._seen[text] = self.embedder.embed_tokens([text])[0]
        return self._seen[text]

    def near(self, question: str, text: str, spans: Sequence[Span]) -> list[float]:
        return rate_by_tokens(self.tokens(question), self.tokens(text), spans)

    def sentences(self, ask: str, say: str) -> dict[str, float]:
        """Return each way's share of first sentences that hold the answer, in percent."""
        right: defaultdict[str, float] = defaultdict(float)
        shown, strange, n = 0, 0, 0
        for a in self.asked:
            text, question = a.texts[say], a.questions[ask]
            spans = [part.span for part in part_sentences(text)]
            gold = [i for i, s in enumerate(spans) if s.start <= a.starts[say] < s.end]
            if not gold or len(spans) < 2:
                continue
            n += 1
            rated = self.near(question, text, spans)
            ways = {
                "first": [0.0] * len(spans),
                "words": self._words(question, text, spans, say),
                "cosine": self._cosines(question, text, spans),
                "ours": rated,
            }
            for way, scores in ways.items():
                right[way] += int(np.argmax(scores)) == gold[0]
            right["random"] += 1 / len(spans)
            shown += max(rated) >= LEAST_STRENGTH
            other = a.strangers[say]
            parts = [part.span for part in part_sentences(other)]
            strange += max(self.near(question, other, parts)) >= LEAST_STRENGTH
        figures = {way: 100 * share / n for way, share in right.items()}
        return figures | {"lit": 100 * shown / n, "lit strange": 100 * strange / n, "n": n}

    def _words(self, question: str, text: str, spans: Sequence[Span], lang: str) -> list[float]:
        terms = set(analyze_query(question))
        return [
            sum(self.idf[lang](term) for term in terms & set(analyze(span.of(text))))
            for span in spans
        ]

    def _cosines(self, question: str, text: str, spans: Sequence[Span]) -> list[float]:
        query = self.embedder.embed_queries([question])[0]
        return list(self.embedder.embed_documents([span.of(text) for span in spans]) @ query)

    def words(self, ask: str, say: str) -> dict[str, tuple[float, float, float]]:
        """Return precision, recall and F1 of marked characters in the answering sentence."""
        sums: dict[str, Counter[str]] = {"equal": Counter(), "ours": Counter(), "all": Counter()}
        for a in self.asked:
            text, question = a.texts[say], a.questions[ask]
            spans = [p.span for p in part_sentences(text)]
            inside = next((s for s in spans if s.start <= a.starts[say] < s.end), None)
            if inside is None:
                continue
            here = {i for i in range(inside.start, inside.end) if text[i].isalnum()}
            gold = here & characters(equal(a.questions[say], text))
            if not gold:
                continue
            same = equal(question, text)
            near = near_words(question, self.tokens(question), text, self.tokens(text))
            for way, marked in {"equal": same, "ours": merged([*same, *near])}.items():
                sums[way].update(counts(here & characters(marked), gold))
            sums["all"].update(counts(here, gold))
        return {way: scores(total) for way, total in sums.items()}

    def milliseconds(self, rounds: int = 5) -> dict[str, float]:
        """Return what the highlights of 10 hits cost, the median of new and of repeated searches."""
        hits = {}
        for k in range(rounds):
            texts = [self.asked[(10 * k + i) % len(self.asked)].texts["en"] for i in range(10)]
            hits[f"10 paragraphs {k}"] = [hit_of(text) for text in texts]
            hits[f"10 short notes {k}"] = [hit_of(text[:120]) for text in texts]
        taken: dict[str, list[float]] = {}
        for name, found in hits.items():
            highlighter = Highlighter(Rater(self.embedder))
            for turn in ("new", "again"):
                start = time.perf_counter()
                highlighter.light(self.asked[0].questions["zh"], found)
                key = f"{name.rpartition(' ')[0]}, {turn}"
                taken.setdefault(key, []).append(1000 * (time.perf_counter() - start))
        return {key: float(np.median(values)) for key, values in taken.items()}


def sample(folder: Path, count: int) -> list[Asked]:
    """Draw `count` questions that both languages have."""
    read = {lang: paragraphs(folder / f"xquad.{lang}.json") for lang in LANGUAGES}
    ids = [(i, key) for i, (_, asked) in enumerate(read["en"]) for key in asked]
    both = [(i, key) for i, key in ids if key in read["zh"][i][1]]
    rng = random.Random(SEED)
    drawn = rng.sample(both, min(count, len(both)))
    found = []
    for i, key in drawn:
        other = rng.choice([j for j in range(len(read["en"])) if abs(j - i) > 5])  # another article
        found.append(
            Asked(
                {lang: read[lang][i][1][key][0] for lang in LANGUAGES},
                {lang: read[lang][i][0] for lang in LANGUAGES},
                {lang: read[lang][i][1][key][1] for lang in LANGUAGES},
                {lang: read[lang][other][0] for lang in LANGUAGES},
            )
        )
    return found


def paragraphs(file: Path) -> list[tuple[str, dict[str, tuple[str, int]]]]:
    """Return each paragraph with its questions: id → (question, where the answer starts)."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    return [
        (
            p["context"],
            {q["id"]: (q["question"], q["answers"][0]["answer_start"]) for q in p["qas"]},
        )
        for article in articles
        for p in article["paragraphs"]
    ]


def idf_of(texts: set[str]) -> Callable[[str], float]:
    """Return idf over the sampled paragraphs."""
    seen = Counter(term for text in texts for term in set(analyze(text)))
    return lambda term: math.log((len(texts) + 0.5) / (seen[term] + 0.5))


def equal(question: str, text: str) -> list[Span]:
    return places_of(telling_terms(question), tokens(text))


def characters(spans: Sequence[Span]) -> set[int]:
    return {i for span in spans for i in range(span.start, span.end)}


def counts(marked: set[int], gold: set[int]) -> dict[str, int]:
    return {"both": len(marked & gold), "marked": len(marked), "gold": len(gold)}


def scores(total: Counter[str]) -> tuple[float, float, float]:
    precision = total["both"] / max(total["marked"], 1)
    recall = total["both"] / max(total["gold"], 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def hit_of(text: str) -> Hit:
    note = read_document("n.md", text.encode()).notes[0]
    return Hit(1, 1.0, "key", note, "vault", Path("n.md"), note.body, 1, {})


def main() -> None:
    shared = Path(os.environ.get("NOTES_SHARED", Path(__file__).parents[3] / "shared"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "bench" / "xquad-answers"
    if not folder.is_dir():
        sys.exit(f"XQuAD with answers is missing: {folder} (set NOTES_SHARED)")
    bench = Bench(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 300)
    result: dict[str, object] = {}
    for ask, say in product(LANGUAGES, LANGUAGES):
        result[f"sentences {ask}-{say}"] = bench.sentences(ask, say)
        if ask != say:
            result[f"words {ask}-{say}"] = bench.words(ask, say)
    result["milliseconds"] = bench.milliseconds()
    for name, figures in result.items():
        print(name, figures)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
