"""Ask the sample notes their questions: is the right note first, is what is missing refused?

python -m tests.bench.questions
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering.answer import Answer
from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.places import sample_vault
from index.finding.hit import Hit

QUESTIONS = Path(__file__).parents[1] / "sample_questions.jsonl"
MEMO_QUESTIONS = Path(__file__).parents[1] / "memo_questions.jsonl"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of someone's notes, and how to know a note that answers it (None: none does)."""

    question: str
    answers: Callable[[Hit], bool] | None


def read_questions(file: Path) -> list[Question]:
    """Read questions whose answer is named by its words ("expects") or its first line ("line")."""
    return [_question(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _question(asked: Mapping[str, Any]) -> Question:
    if asked.get("expects") is None and asked.get("line") is None:
        return Question(asked["question"], None)
    if "line" in asked:
        return Question(asked["question"], lambda hit: hit.note.lines.first == asked["line"])
    return Question(asked["question"], lambda hit: asked["expects"] in hit.note.text)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was expected (None: no note answers it) and what came back."""

    question: str
    lang: str
    expects: str | None
    answer: Answer

    @property
    def is_first(self) -> bool:
        return bool(self.expects) and any(
            str(self.expects) in hit.note.text for hit in self.answer.sources[:1]
        )

    @property
    def is_quoted(self) -> bool:
        quoted = "\n".join(citation.quote for citation in self.answer.citations)
        return bool(self.expects) and (
            str(self.expects) in quoted
            or any(
                str(self.expects) in self.answer.sources[citation.n - 1].note.text
                and len(self.answer.sources[citation.n - 1].note.body_text) == len(citation.quote)
                for citation in self.answer.citations
            )
        )


def ask_all(index: Path) -> list[Asked]:
    """Ask every question of an index of the sample vault."""
    assistant = Assistant(index)
    asked = []
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        q = json.loads(line)
        asked.append(Asked(q["question"], q["lang"], q["expects"], assistant.ask(q["question"])))
    return asked


def figures(asked: Sequence[Asked]) -> dict[str, int]:
    """Count."""
    known = [a for a in asked if a.expects]
    missing = [a for a in asked if not a.expects]
    return {
        "questions": len(known),
        "right note first": sum(a.is_first for a in known),
        "answered": sum(a.answer.is_answered for a in known),
        "answer quoted": sum(a.answer.is_answered and a.is_quoted for a in known),
        "zh first": sum(a.is_first for a in known if a.lang == "zh"),
        "en first": sum(a.is_first for a in known if a.lang == "en"),
        "without an answer": len(missing),
        "refused": sum(not a.answer.is_answered for a in missing),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        update_index(Path(place), [sample_vault()])
        asked = ask_all(Path(place))
    known = [a for a in asked if a.expects]
    missing = [a for a in asked if not a.expects]
    for a in known:
        if not (a.is_first and a.answer.is_answered and a.is_quoted):
            first = a.answer.sources[0].note if a.answer.sources else None
            told = f"{first.path}:{first.lines.first} {first.title[:40]!r}" if first else "-"
            flags = f"first={a.is_first} answered={a.answer.is_answered} quoted={a.is_quoted}"
            print(f"{a.answer.confidence:.2f} {flags} {a.question!r} -> {told}", file=sys.stderr)
    for a in missing:
        if a.answer.is_answered:
            said = f"{a.answer.confidence:.2f} answered though missing: {a.question!r}"
            print(said, a.answer.citations[0].quote[:60], file=sys.stderr)
    told = figures(asked)
    for name, value in told.items():
        print(f"{name:>18}  {value}")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
