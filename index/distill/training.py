"""Train the student: `python -m index.distill.training WORK --data FOLDER... --steps N`.

Begins with WORK/start, or goes on from WORK/training.pt, and writes WORK/student, a model that
Sentence Transformers loads. The same plan over the same text gives the same model; a run that is
interrupted goes on with other lessons of the same kinds.
"""

import argparse
import gc
import json
import multiprocessing
import multiprocessing.queues
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
import torch.distributed as dist
from tokenizers import Tokenizer
from torch.multiprocessing.spawn import ProcessExitedException, spawn

from corpus.errors import NotesError
from index.distill.alignment import START
from index.distill.command import run
from index.distill.frequency import word_counts
from index.distill.learner import Learner, Plan
from index.distill.lessons import Lessons, Reader
from index.distill.teacher import teacher_folder
from index.embedding.model_files import TOKENIZER, WEIGHTS

LOG = "training.jsonl"
Told = multiprocessing.queues.SimpleQueue[tuple[str, str]]
_LONGEST = 200  # tokens of a text that are read
_TOLD = 20  # steps between two lines of progress


def train(plan: Plan) -> None:
    """Train with `plan.workers` processes on the CPU, or with one on a GPU.

    NotesError if there is no start, the checkpoint is another run's, or a lesson has no text.
    """
    if not (plan.work / START / WEIGHTS).exists():
        raise NotesError(
            f"{plan.work / START} is missing", "Run python -m index.distill.alignment first."
        )
    if plan.workers > 1 and torch.cuda.is_available():
        raise NotesError("A GPU takes one worker.", "Give --workers 1.")
    if plan.workers == 1:
        _work(0, plan, None, None)
        return
    told: Told = multiprocessing.get_context("spawn").SimpleQueue()
    with TemporaryDirectory() as folder:
        try:
            spawn(_work, args=(plan, Path(folder) / "meeting", told), nprocs=plan.workers)
        except ProcessExitedException:
            if told.empty():
                raise
            raise NotesError(*told.get()) from None


def _work(rank: int, plan: Plan, meeting: Path | None, told: Told | None) -> None:
    """One process: alone, or meeting the others through a file. What the user can mend is told."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false" if meeting else "true"
    try:
        if meeting:
            torch.set_num_threads(1)
            dist.init_process_group(
                "gloo", init_method=f"file://{meeting}", rank=rank, world_size=plan.workers
            )
        _learn(rank, plan)
        if meeting:
            dist.destroy_process_group()
    except NotesError as error:
        if told is None:
            raise
        told.put((error.message, error.hint))
        sys.exit(1)


def _learn(rank: int, plan: Plan) -> None:
    learner = Learner(plan)
    learner.resume()
    reader = Reader(
        _tokenizer(plan.work / START / TOKENIZER, _LONGEST),
        _tokenizer(teacher_folder() / TOKENIZER, _LONGEST),
        plan.tokens,
    )
    seed = f"{plan.seed}-{rank}-{learner.step}"
    lessons = Lessons(plan.data, reader, word_counts(), seed)
    if rank == 0 and learner.step:
        print(f"goes on from step {learner.step}", flush=True)
    gc.collect()
    gc.freeze()  # a million pairs need not be looked at again at every collection
    _run(learner, lessons, rank)


def _run(learner: Learner, lessons: Lessons, rank: int) -> None:
    plan = learner.plan
    losses: dict[str, list[float]] = defaultdict(list)
    began, first = time.monotonic(), learner.step
    while learner.step < plan.steps:
        lesson, loss = learner.learn(lessons)
        losses[lesson].append(loss)
        last = learner.step == plan.steps
        if rank == 0 and (learner.step % _TOLD == 0 or last):
            pace = (time.monotonic() - began) / (learner.step - first)
            _tell(plan, learner.step, pace, losses)
            losses.clear()
        if rank == 0 and (learner.step % plan.save_every == 0 or last):
            learner.save()


def _tell(plan: Plan, step: int, pace: float, losses: dict[str, list[float]]) -> None:
    """One line for the eye, one of JSON for plots."""
    means = {lesson: round(float(np.mean(losses[lesson])), 3) for lesson in sorted(losses)}
    left = (plan.steps - step) * pace / 60
    print(
        f"step {step}/{plan.steps}  {pace:.2f} s a step  {left:.0f} min left  {means}", flush=True
    )
    with (plan.work / LOG).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"step": step, "pace": round(pace, 3), "loss": means}) + "\n")


def _tokenizer(file: Path, longest: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="folder with the start")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="training text")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1, help="processes; on a CPU, its cores")
    parser.add_argument("--tokens", type=int, default=2048, help="of a step of one worker")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--word-rate", type=float, default=1e-3)
    parser.add_argument("--save-every", type=int, default=200, help="steps")
    parser.add_argument("--bf16", action="store_true", help="for a GPU, or a CPU made for it")
    given = vars(parser.parse_args(arguments))
    return run(lambda: train(Plan(**{**given, "data": tuple(given["data"])})))


if __name__ == "__main__":
    raise SystemExit(main())
