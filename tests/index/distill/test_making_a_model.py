"""The whole of it on a few dozen lines: text, vocabulary, start, training, export, evaluation."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from corpus.errors import NotesError
from index.distill import weights
from index.distill.alignment import START
from index.distill.learner import CHECKPOINT, STUDENT, Plan
from index.distill.teacher import teacher_folder
from index.distill.training import LOG, train
from index.embedding.model_files import TOKENIZER, WEIGHTS
from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.sentence_transformers_embedder import SentenceTransformersEmbedder
from tests.index.distill.text import NOUNS, QUESTIONS, rows, write, write_lines

ROWS = 28_300
TRAIN = ["--steps", "12", "--tokens", "160", "--save-every", "4"]


def command(module: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", f"index.distill.{module}", *map(str, arguments)]


def run(module: str, *arguments: str | Path) -> str:
    done = subprocess.run(command(module, *arguments), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """A folder with a tokenizer and a start."""
    folder = tmp_path_factory.mktemp("work")
    run("vocabulary", folder, "--data", data, "--rows", str(ROWS))
    run("alignment", folder, "--data", data)
    return folder


@pytest.fixture(scope="module")
def trained(work: Path, data: Path) -> Path:
    """The same after some steps of two workers."""
    run("training", work, "--data", data, "--workers", "2", *TRAIN)
    return work


def likeness(model: Path) -> float:
    """Mean cosine of the Chinese pairs to what the teacher makes of the English."""
    pairs = [row for row in rows() if "tatoeba" in row["src"]]
    teacher = SentenceTransformersEmbedder(str(teacher_folder()))
    taught = teacher.embed_documents([pair["en"] for pair in pairs])
    own = SentenceTransformersEmbedder(str(model)).embed_documents([pair["zh"] for pair in pairs])
    return float((own * taught).sum(1).mean())


def test_the_words_of_text_and_dictionary_are_tokens(work: Path) -> None:
    tokenizer = Tokenizer.from_file(str(work / TOKENIZER))
    vocabulary = json.loads((work / TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    found = tokenizer.encode("他们喜欢音乐", add_special_tokens=False).ids
    assert found[-2:] == [vocabulary["喜欢"], vocabulary["音乐"]]
    english = tokenizer.encode("parallelism", add_special_tokens=False).tokens
    teacher = Tokenizer.from_file(str(teacher_folder() / TOKENIZER))
    teacher.no_padding()
    assert english == teacher.encode("parallelism", add_special_tokens=False).tokens
    assert len(set(vocabulary.values())) <= ROWS


def test_a_chinese_row_starts_near_the_english_rows_that_it_is_translated_with(work: Path) -> None:
    table = weights.read(work / START / WEIGHTS)["embeddings.word_embeddings.weight"]
    rows_of = json.loads((work / TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    english = np.array([table[rows_of[word]] for word in NOUNS.values()], np.float32)
    chinese = np.array([table[rows_of[word]] for word in NOUNS], np.float32)
    unit = [matrix / np.linalg.norm(matrix, axis=1, keepdims=True) for matrix in (chinese, english)]
    assert (unit[0] @ unit[1].T).argmax(1).tolist() == list(range(len(NOUNS)))


def test_training_brings_the_student_nearer_to_its_teacher(trained: Path) -> None:
    assert likeness(trained / STUDENT) > likeness(trained / START) + 0.03
    told = [json.loads(line) for line in (trained / LOG).read_text().splitlines()]
    assert told[-1]["step"] == 12


def test_a_killed_training_goes_on_where_it_was(work: Path, data: Path, tmp_path: Path) -> None:
    for name in (START, TOKENIZER):
        (tmp_path / name).symlink_to(work / name)
    arguments = ["--data", data, "--steps", "4000", "--tokens", "160", "--save-every", "2"]
    with subprocess.Popen(
        command("training", tmp_path, *arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        deadline = time.monotonic() + 120
        while not (tmp_path / CHECKPOINT).exists() and time.monotonic() < deadline:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / CHECKPOINT).exists()
    step = torch.load(tmp_path / CHECKPOINT, weights_only=True)["step"]
    last = str(step + 3)
    said = run("training", tmp_path, "--data", data, "--steps", last, "--tokens", "160")
    assert said.startswith(f"goes on from step {step}")
    state = torch.load(tmp_path / CHECKPOINT, weights_only=True)
    assert state["step"] == state["optimizer"]["state"][0]["step"] == step + 3


def test_the_same_seed_gives_the_same_model_and_another_worker_another(
    work: Path, data: Path, tmp_path: Path
) -> None:
    made = {}
    for place, workers in (("one", 1), ("again", 1), ("two", 2)):
        (tmp_path / place).mkdir()
        (tmp_path / place / START).symlink_to(work / START)
        plan = Plan(tmp_path / place, (data,), steps=3, workers=workers, tokens=160)
        train(plan)
        made[place] = (tmp_path / place / STUDENT / WEIGHTS).read_bytes()
    assert made["one"] == made["again"]
    assert made["one"] != made["two"]


def test_a_checkpoint_is_not_taken_to_another_start(
    work: Path, data: Path, trained: Path, tmp_path: Path
) -> None:
    shutil.copytree(work / START, tmp_path / START)
    tokenizer = tmp_path / START / TOKENIZER
    tokenizer.write_text(tokenizer.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (tmp_path / CHECKPOINT).symlink_to(trained / CHECKPOINT)
    with pytest.raises(NotesError, match="another start"):
        train(Plan(tmp_path, (data,), steps=20, tokens=160))


def test_a_lesson_without_text_is_told_by_the_workers(
    work: Path, data: Path, tmp_path: Path
) -> None:
    (tmp_path / START).symlink_to(work / START)
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "qa_cross.jsonl").write_text("")
    with pytest.raises(NotesError, match="The training text has no Chinese questions with English"):
        train(Plan(tmp_path, (tmp_path / "data",), steps=2, workers=2, tokens=160))


def test_a_trained_model_is_exported_and_compared_with_its_float_self(
    trained: Path, tmp_path: Path
) -> None:
    run("export", trained / STUDENT, tmp_path / "model")
    assert OnnxEmbedder(tmp_path / "model").dimension == 384
    bench = tmp_path / "bench" / "tiny"
    asked = dict(QUESTIONS)
    write_lines(bench / "corpus.jsonl", [{"id": q, "text": text} for q, text in asked.items()])
    write_lines(bench / "queries.jsonl", [{"id": f"q{q}", "text": q} for q in asked])
    judged = "".join(f"q{query}\t{query}\t1\n" for query in asked)
    (bench / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", encoding="utf-8")
    models = (trained / STUDENT, tmp_path / "model")
    said = run("evaluation", *models, "--bench", bench.parent, "--sets", "tiny")
    figures = json.loads(said.splitlines()[-1])["ndcg@10"]["tiny"]
    assert list(figures) == [str(model) for model in models]
    texts = list(asked.values())
    exact = SentenceTransformersEmbedder(str(trained / STUDENT)).embed_documents(texts)
    rounded = OnnxEmbedder(tmp_path / "model").embed_documents(texts)
    assert (exact * rounded).sum(1).min() > 0.98  # hardly trained; the bundled one: 0.998
    assert figures[str(tmp_path / "model")] == pytest.approx(figures[str(trained / STUDENT)], abs=5)


def test_what_is_missing_is_named(tmp_path: Path, data: Path) -> None:
    done = subprocess.run(
        command("training", tmp_path, "--data", data, "--steps", "1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Run python -m index.distill.alignment first."
