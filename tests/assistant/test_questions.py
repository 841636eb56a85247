"""The bundled model on real notes: the right note first, what is missing refused."""

import json
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.indexing import update_index
from assistant.places import sample_vault
from tests.bench.questions import ask_all

MEMO_QUESTIONS = Path(__file__).parents[1] / "memo_questions.jsonl"
REMARK_QUESTIONS = Path(__file__).parents[1] / "remark_questions.jsonl"


@pytest.fixture(scope="module")
def assistant(memo: str, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("memo")
    file = folder / "memo.zh.md"
    file.write_bytes(memo.encode())
    update_index(folder / "index", [file])
    return Assistant(folder / "index")


def test_the_memos_right_note_is_first(assistant: Assistant) -> None:
    questions = [json.loads(line) for line in MEMO_QUESTIONS.read_text("utf-8").splitlines()]
    known = [q for q in questions if q["line"]]
    answers = {q["question"]: assistant.ask(q["question"]) for q in questions}
    first = [q for q in known if answers[q["question"]].sources[0].note.lines.first == q["line"]]
    answered = [q for q in first if answers[q["question"]].is_answered]
    refused = [q for q in questions if not q["line"] and not answers[q["question"]].is_answered]
    assert len(first) / len(known) >= 0.9
    assert len(answered) / len(first) >= 0.9
    assert len(refused) / (len(questions) - len(known)) >= 0.9


@pytest.mark.parametrize(
    ("question", "line", "said"),
    [
        ("RPC 最早的论文", 14, "birrell842.pdf — rpc思想的诞生 [1]"),
        ("how many bits is a VXLAN identifier", 10, "VXLAN ID 为 24 位"),
        ("rust data parallelism crate", 20, "rayon — 并行计算库 [1]"),
    ],
)
def test_the_memo_answers_and_cites_its_line(
    assistant: Assistant, question: str, line: int, said: str
) -> None:
    answer = assistant.ask(question)
    assert said in answer.text
    assert answer.citations[0].lines.first == line


def test_a_note_of_one_word_is_found_by_what_its_remark_means(tmp_path: Path) -> None:
    update_index(tmp_path, [sample_vault()])
    assistant = Assistant(tmp_path)
    questions = [json.loads(line) for line in REMARK_QUESTIONS.read_text("utf-8").splitlines()]
    ranks = []
    for q in questions:
        hits = assistant.search(q["question"], k=5).hits
        right = [hit.rank for hit in hits if q["expects"] in hit.note.text]
        ranks.append(right[0] if right else 0)
    assert sum(rank == 1 for rank in ranks) / len(ranks) >= 0.7
    assert sum(rank > 0 for rank in ranks) / len(ranks) >= 0.9


def test_the_sample_notes_answer_their_questions(tmp_path: Path) -> None:
    update_index(tmp_path, [sample_vault()])
    asked = ask_all(tmp_path)
    known = [a for a in asked if a.expects]
    missing = [a for a in asked if not a.expects]
    assert sum(a.is_first for a in known) / len(known) >= 0.8
    assert sum(not a.answer.is_answered for a in missing) / len(missing) >= 0.8
    for a in asked:
        for citation in a.answer.citations:
            text = (sample_vault() / citation.path).read_bytes().decode()
            lines = text.split("\n")[citation.lines.first - 1 : citation.lines.last]
            assert citation.quote in "\n".join(lines)
