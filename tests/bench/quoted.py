"""Ask questions whose answers are known, and look for the answers in what is quoted."""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from assistant.assistant import Assistant
from assistant.indexing import update_index
from corpus.sentences import part_sentences


@dataclass(frozen=True, slots=True)
class Known:
    """A question, and the texts of which one stands in a right answer."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the first sentence, the first quote, all quotes hold an answer; what was quoted."""

    in_first_sentence: bool = False
    in_first_quote: bool = False
    in_answer: bool = False
    is_refused: bool = True
    quotes: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """Percentages of `asked` questions; a refused one holds no answer. Characters on average."""

    asked: int
    first_sentence: float
    first_quote: float
    answer: float
    refused: float
    characters: float


def read_published(folder: Path, asked: str, said: str) -> list[list[Known]]:
    """Return XQuAD's questions in language `asked` with the answers in `said`, by article.

    SQuAD form: https://rajpurkar.github.io/SQuAD-explorer/
    """
    questions = _by_id(folder / f"xquad.{asked}.json")
    answers = _by_id(folder / f"xquad.{said}.json")
    articles: dict[int, list[Known]] = {}
    for key, (article, question, _) in questions.items():
        if key in answers:
            articles.setdefault(article, []).append(Known(question, answers[key][2]))
    return list(articles.values())


def write_paragraphs(folder: Path, language: str, vault: Path) -> list[list[Path]]:
    """Write every paragraph as a note of its own; return the files by article."""
    vault.mkdir(parents=True, exist_ok=True)
    read = json.loads((folder / f"xquad.{language}.json").read_text(encoding="utf-8"))
    files: list[list[Path]] = []
    for a, article in enumerate(read["data"]):
        files.append([])
        for p, paragraph in enumerate(article["paragraphs"]):
            file = vault / f"{a:02}-{p:02}.md"
            file.write_text(paragraph["context"] + "\n", encoding="utf-8")
            files[-1].append(file)
    return files


def ask_all(index: Path, known: Sequence[Known]) -> list[Outcome]:
    """Ask all questions of an index, in several processes."""
    workers = os.cpu_count() or 1
    share = -(-len(known) // workers) or 1
    parts = [known[i : i + share] for i in range(0, len(known), share)]
    spawning = get_context("spawn")
    with ProcessPoolExecutor(workers, spawning, initializer=_use_one_thread) as pool:
        done = pool.map(_ask_part, [index] * len(parts), parts)
        return [outcome for part in done for outcome in part]


def shares(outcomes: Sequence[Outcome]) -> Shares:
    """Sum up."""
    answered = [outcome for outcome in outcomes if not outcome.is_refused]

    def percent(holds: Callable[[Outcome], bool]) -> float:
        return round(100 * sum(map(holds, outcomes)) / max(len(outcomes), 1), 1)

    return Shares(
        asked=len(outcomes),
        first_sentence=percent(lambda outcome: outcome.in_first_sentence),
        first_quote=percent(lambda outcome: outcome.in_first_quote),
        answer=percent(lambda outcome: outcome.in_answer),
        refused=percent(lambda outcome: outcome.is_refused),
        characters=round(sum(o.characters for o in answered) / max(len(answered), 1)),
    )


def index_notes(vault: Path, index: Path) -> Path:
    """Index a folder of notes."""
    update_index(index, [vault])
    return index


def outcome_of(assistant: Assistant, known: Known) -> Outcome:
    """Ask one question."""
    answer = assistant.ask(known.question)
    quotes = [citation.quote for citation in answer.citations]
    if not answer.is_answered:
        return Outcome()

    def holds(text: str) -> bool:
        return any(said in text for said in known.answers)

    sentences = part_sentences(quotes[0])
    first = sentences[0].span.of(quotes[0]) if sentences else quotes[0]
    return Outcome(
        holds(first),
        holds(quotes[0]),
        any(map(holds, quotes)),
        False,
        len(quotes),
        sum(map(len, quotes)),
    )


def _use_one_thread() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"


def _ask_part(index: Path, known: Sequence[Known]) -> list[Outcome]:
    assistant = Assistant(index)
    return [outcome_of(assistant, one) for one in known]


def _by_id(file: Path) -> dict[str, tuple[int, str, tuple[str, ...]]]:
    """Return each question's article, words and answers by its id."""
    read = json.loads(file.read_text(encoding="utf-8"))
    return {
        asked["id"]: (
            article,
            asked["question"],
            tuple(answer["text"] for answer in asked["answers"]),
        )
        for article, one in enumerate(read["data"])
        for paragraph in one["paragraphs"]
        for asked in paragraph["qas"]
    }
