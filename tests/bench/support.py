"""Does the check of written answers tell what the notes hold? XQuAD's parallel paragraphs.

    python -m tests.bench.support [../shared/bench/xquad-answers] [ARTICLES] [--plain]

Held: sentences of a paragraph (their translations, across languages), with clauses dropped, and
its questions joined with their answers. Not held: see `NOT_HELD` of `support_claims`. The levels
are chosen on the articles of even number and on `written_claims.jsonl`; the figures are of the
others. `--plain` hides the token vectors, as a model without them would. Verbatim sentences are
left out of AUROC and of "held" within a language.
"""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.generation.support import SupportChecker
from corpus.document import read_document
from corpus.note import Note
from index.embedding.embedder import Embedder
from index.embedding.onnx_embedder import OnnxEmbedder
from index.finding.hit import Hit
from tests.bench.support_claims import HELD, LANGUAGES, NOT_HELD, Made, make_claims

HERE = Path(__file__).parent
WRITTEN = HERE.parent / "assistant" / "generation" / "written_claims.jsonl"
SAMPLE = HERE.parents[1] / "corpus" / "sample"

Margins = dict[str, list[float]]


class Plain:
    """The bundled model without its token vectors."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self._embedder = embedder

    def __getattr__(self, name: str) -> Any:
        if name == "embed_tokens":
            raise AttributeError(name)
        return getattr(self._embedder, name)


def rate(made: Sequence[Made], checker: SupportChecker) -> dict[tuple[str, str, bool], Margins]:
    """Return margins by language of claim and note, and by whether the levels were chosen there."""
    margins: dict[tuple[str, str, bool], Margins] = defaultdict(lambda: defaultdict(list))
    hits = {note: hit_of(note_of(note)) for note in {claim.note for claim in made}}
    for claim in sorted(made, key=lambda claim: (claim.article, claim.note)):
        is_tuned = claim.article % 2 == 0
        key = (claim.language, claim.note_language, is_tuned)
        margins[key][claim.kind].append(checker.margin(claim.text, hits[claim.note]))
    return margins


def figures(margins: Margins, is_within: bool) -> dict[str, tuple[float, ...]]:
    """Return the share confirmed of what is held; AUROC and the share caught of what is not."""
    kinds = HELD[1:] if is_within else HELD
    held = np.array([m for kind in kinds for m in margins[kind]])
    found: dict[str, tuple[float, ...]] = {
        kind: (len(margins[kind]), _percent(np.array(margins[kind]) >= 0)) for kind in HELD
    }
    for kind in NOT_HELD:
        strange = np.array(margins[kind])
        found[kind] = (len(strange), _auroc(held, strange), _percent(strange < 0))
    return found


def _auroc(held: "np.ndarray[Any, Any]", strange: "np.ndarray[Any, Any]") -> float:
    above = (held[:, None] > strange).mean() + 0.5 * (held[:, None] == strange).mean()
    return round(float(above), 3)


def _percent(is_so: "np.ndarray[Any, Any]") -> float:
    return round(100 * float(is_so.mean()), 1)


def written(checker: SupportChecker) -> dict[str, list[int]]:
    """Return how many claims over the sample notes are judged rightly, and how many there are."""
    notes = [
        note
        for file in sorted(SAMPLE.rglob("*.md"))
        for note in read_document(file.name, file.read_bytes()).notes
    ]
    counts: dict[str, list[int]] = {"held": [0, 0], "not held": [0, 0]}
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        hit = hit_of(next(note for note in notes if case["note"] in note.text))
        is_right = (checker.margin(case["claim"], hit) >= 0) == case["held"]
        count = counts["held" if case["held"] else "not held"]
        count[0] += is_right
        count[1] += 1
    return counts


def milliseconds(made: Sequence[Made], embedder: Embedder) -> dict[str, float]:
    """Return what a check of 6 sentences over 5 paragraphs costs, the median of 5."""
    taken: dict[str, list[float]] = defaultdict(list)
    texts = list(dict.fromkeys(c.note for c in made if c.note_language == "en"))
    said = list(dict.fromkeys(c.text for c in made if c.kind == "sentence" and c.language == "en"))
    SupportChecker(embedder).check(said[-1], [hit_of(note_of(texts[-1]))])
    for k in range(5):
        hits = [hit_of(note_of(text)) for text in texts[5 * k : 5 * k + 5]]
        answer = " ".join(f"{s} [{i % 5 + 1}]" for i, s in enumerate(said[6 * k : 6 * k + 6]))
        checker = SupportChecker(embedder)
        for turn in ("new", "again"):
            taken[turn].append(_taken(lambda: checker.check(answer, hits)))  # noqa: B023
        prepared = SupportChecker(embedder)
        prepared.prepare(hits)
        taken["notes prepared"].append(_taken(lambda: prepared.check(answer, hits)))  # noqa: B023
    return {turn: round(float(np.median(times))) for turn, times in taken.items()}


def _taken(work: Any) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def note_of(text: str) -> Note:
    return read_document("n.md", text.encode()).notes[0]


def hit_of(note: Note) -> Hit:
    return Hit(1, 1.0, "key", note, "vault", Path("n.md"), note.body, 1, {})


def main() -> None:
    shared = Path(os.environ.get("NOTES_SHARED", HERE.parents[2] / "shared"))
    given = [argument for argument in sys.argv[1:] if argument != "--plain"]
    folder = Path(given[0]) if given else shared / "bench" / "xquad-answers"
    if not folder.is_dir():
        sys.exit(f"XQuAD with answers is missing: {folder} (set NOTES_SHARED)")
    made = make_claims(folder, int(given[1]) if len(given) > 1 else 48)
    model = OnnxEmbedder(threads=2)
    embedder: Any = Plain(model) if "--plain" in sys.argv else model
    checker = SupportChecker(embedder)
    margins = rate(made, checker)
    result: dict[str, Any] = {"written": written(checker)}
    print(f"{'claim → note':<14}{'kind':<24}{'count':>6}  confirmed %, or AUROC and caught %")
    for language, said in [(a, b) for a in LANGUAGES for b in LANGUAGES]:
        for is_tuned in (True, False):
            found = figures(margins[language, said, is_tuned], language == said)
            result[f"{language}-{said}{', tuned on' if is_tuned else ''}"] = found
            for kind, (count, *numbers) in found.items() if not is_tuned else ():
                print(f"{language} → {said:<9}{kind:<24}{count:>6}  {numbers}")
    result["milliseconds"] = milliseconds(made, embedder)
    print("written claims", result["written"], "milliseconds", result["milliseconds"])
    print(json.dumps(result))


if __name__ == "__main__":
    main()
