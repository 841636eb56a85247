"""The student learning: its steps, what they are judged by, and their checkpoint."""

import json
import random
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch.nn.functional import cross_entropy, log_softmax, softmax

from corpus.errors import NotesError
from index.distill import weights
from index.distill.alignment import HISTORY, START
from index.distill.encoder import embed, embed_unequal, load
from index.distill.lessons import SHARES, Batch, Ids, Lessons
from index.distill.teacher import teacher_folder
from index.embedding.model_files import TOKENIZER, WEIGHTS

STUDENT = "student"
CHECKPOINT = "training.pt"
_PASSAGES = 1024  # passages of earlier batches (Wang et al. 2020, cross-batch memory)
_SAME = 0.95  # cosine above which two passages count as one
_WARM_UP = 50  # steps
_FALL = 0.25  # share of the steps in which the learning rate falls to nothing
_SCALE = 20.0  # cosines are multiplied by this before the softmax
_CLOSE, _RANKED = 5.0, 0.5  # weights of the two losses


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is: equal plans over equal text give equal models, if nothing interrupts them.

    `tokens`: of the student's, in a step of one worker. `rate`, `word_rate`: learning rates of the
    layers and of the table of words, at their height. `memory`: teacher vectors of earlier batches
    that stay to be told apart from. `bf16`: multiply in bfloat16 (a GPU, or a CPU made for it).
    """

    work: Path
    data: tuple[Path, ...]
    steps: int
    workers: int = 1
    tokens: int = 2048
    seed: int = 0
    rate: float = 2e-4
    word_rate: float = 1e-3
    memory: int = 8192
    save_every: int = 200
    bf16: bool = False


@dataclass(slots=True)
class Memory:
    """Vectors of the last batches: at most `size`, newest last."""

    size: int
    vectors: list[torch.Tensor] = field(default_factory=list)

    def extended(self, own: torch.Tensor, remembered: torch.Tensor) -> torch.Tensor:
        """Return `own` and then what is remembered; keep `remembered` from now on."""
        bank = torch.cat([own, *self.vectors])
        self.vectors.append(remembered)
        while sum(map(len, self.vectors)) > self.size:
            self.vectors.pop(0)
        return bank


class Learner:
    """The student with its optimizer: one worker's part of a run."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.student = load(str(plan.work / START)).to(self._device).train()
        self._teacher = load(str(teacher_folder())).to(self._device).eval()
        table = self.student.get_input_embeddings().weight
        layers = [weight for weight in self.student.parameters() if weight is not table]
        self._parameters = [table, *layers]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [table], "lr": plan.word_rate, "weight_decay": 0.0},
                {"params": layers, "lr": plan.rate, "weight_decay": 0.01},
            ],
            betas=(0.9, 0.98),
            fused=True,
        )
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._height)
        self._memory = Memory(plan.memory)
        self._passages = {lesson: Memory(_PASSAGES) for lesson in ("passages", "headings")}
        self.step = 0

    def _height(self, step: int) -> float:
        """Share of the learning rate at a step: up, level, then down in a straight line.

        A checkpoint of the level part can go on towards more steps than it was begun with.
        """
        left = (self.plan.steps - step) / max(1.0, _FALL * self.plan.steps)
        return max(0.0, min((step + 1) / _WARM_UP, 1.0, left))

    def learn(self, lessons: Lessons) -> tuple[str, float]:
        """Take one step, together with the other workers; return the lesson and its loss."""
        chance = random.Random(f"{self.plan.seed}-{self.step}")
        lesson = chance.choices(list(SHARES), list(SHARES.values()))[0]
        batch = lessons.next(lesson)
        loss = self._distilled(batch) if batch.distilled else self._found(batch)
        loss.backward()
        self._agree()
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0, error_if_nonfinite=True)
        self._optimizer.step()
        self._schedule.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return lesson, float(loss.detach())

    def _distilled(self, batch: Batch) -> torch.Tensor:
        """Be where the teacher is, and rank what it remembers as it does (softmax of cosines)."""
        taught = self._taught(batch.other)
        bank = self._memory.extended(taught, taught)
        ranks = softmax(_SCALE * taught @ bank.T, dim=1)
        own = self._embedded(batch.student)
        close = (1 - (own * taught).sum(1)).mean()
        ranked = -(ranks * log_softmax(_SCALE * own @ bank.T, dim=1)).sum(1).mean()
        return _CLOSE * close + _RANKED * ranked

    def _found(self, batch: Batch) -> torch.Tensor:
        """Find the own passage among the batch's, and the own question (InfoNCE both ways)."""
        passages = (self._taught if batch.english else self._embedded)(batch.other)
        bank = self._passages[batch.lesson].extended(passages, passages.detach())
        cosines = self._embedded(batch.student) @ bank.T
        same = (passages @ bank.T).detach() > _SAME
        right = torch.arange(len(cosines), device=cosines.device)
        same[right, right] = False
        scores = (_SCALE * cosines).masked_fill(same, -1e4)
        own = scores[:, : len(scores)]
        return 0.5 * (cross_entropy(scores, right) + cross_entropy(own.T, right))

    def _agree(self) -> None:
        """Make every worker's gradients their mean; of the table, only the rows that any one met."""
        if self.plan.workers == 1:
            return
        table, *layers = [_gradient(weight) for weight in self._parameters]
        met = (table.abs().amax(1) > 0).to(torch.uint8)
        dist.all_reduce(met, dist.ReduceOp.MAX)
        rows = met.nonzero().squeeze(1)
        parts = [table[rows], *layers]
        flat = torch.cat([part.reshape(-1) for part in parts])
        dist.all_reduce(flat)
        flat /= self.plan.workers
        means = flat.split([part.numel() for part in parts])
        table[rows] = means[0].view_as(parts[0])
        for layer, mean in zip(layers, means[1:], strict=True):
            layer.copy_(mean.view_as(layer))

    def _embedded(self, ids: Sequence[Ids]) -> torch.Tensor:
        with self._precision():
            return embed(self.student, ids)

    def _taught(self, ids: Sequence[Ids]) -> torch.Tensor:
        with self._precision():
            return embed_unequal(self._teacher, ids)

    def _precision(self) -> AbstractContextManager[object]:
        if self.plan.bf16:
            return torch.autocast(self._device.type, dtype=torch.bfloat16)
        return nullcontext()

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one.

        NotesError if it is of another start or other learning rates, or past the plan's steps.
        """
        file = self.plan.work / CHECKPOINT
        if not file.exists():
            return
        state = torch.load(file, map_location=self._device, weights_only=True)
        if state["belongs"] != self._belongs():
            raise NotesError(
                f"{file} was begun with another start or other rates", "Remove it to begin anew."
            )
        if state["step"] > self.plan.steps:
            raise NotesError(
                f"{file} is at step {state['step']}, past {self.plan.steps}", "Give more --steps."
            )
        self.student.load_state_dict(state["student"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self.step = state["step"]

    def _belongs(self) -> list[str | float]:
        """What a checkpoint must have in common with its plan."""
        tokenizer = (self.plan.work / START / TOKENIZER).read_bytes()
        return [sha256(tokenizer).hexdigest(), self.plan.rate, self.plan.word_rate]

    def save(self) -> None:
        """Write the student, then the checkpoint; a kill leaves a checkpoint that is whole."""
        work = self.plan.work
        new = work / f"{STUDENT}.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(work / START, new)
        arrays = {
            name: value.detach().cpu().numpy().astype(np.float32)
            for name, value in self.student.state_dict().items()
            if not name.endswith("position_ids")
        }
        weights.write(new / WEIGHTS, arrays)
        _add_history(new / HISTORY, self.plan, self.step)
        shutil.rmtree(work / STUDENT, ignore_errors=True)
        new.rename(work / STUDENT)
        state = {
            "belongs": self._belongs(),
            "student": self.student.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "step": self.step,
        }
        torch.save(state, work / f"{CHECKPOINT}.new")
        (work / f"{CHECKPOINT}.new").replace(work / CHECKPOINT)


def _add_history(file: Path, plan: Plan, step: int) -> None:
    """Write what the student was shown beside what it began as."""
    known = json.loads(file.read_text(encoding="utf-8"))
    known |= {"steps": step, "workers": plan.workers, "tokens": plan.tokens, "seed": plan.seed}
    file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def _gradient(weight: torch.nn.Parameter) -> torch.Tensor:
    """The gradient, zero for a weight that this step did not touch."""
    if weight.grad is None:
        weight.grad = torch.zeros_like(weight)
    return weight.grad
