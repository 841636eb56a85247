"""Are answers worth reading? Containment of published answers, refusals, follow-ups, injection.

python -m tests.bench.answers SHARED WORK      SHARED has bench/xquad-answers and vaults/
"""

import json
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from assistant.assistant import Assistant
from assistant.generation.prompt import write_prompt
from assistant.places import sample_vault
from tests.bench import questions, talks
from tests.bench.quoted import (
    Known,
    ask_all,
    index_notes,
    read_published,
    shares,
    write_paragraphs,
)
from tests.e2e.conftest import FLAGS, chromium, serving
from tests.e2e.hostile_visit import harmless, try_notes
from tests.hostile_notes import attacks, write_vault

DIRECTIONS = (("zh", "zh"), ("en", "en"), ("en", "zh"), ("zh", "en"))
"""Languages of the question and of the notes."""

Told = tuple[str, Mapping[str, Any]]
"""A name and its figures."""

OWN = Path(__file__).with_name("note_answers.jsonl")
TALKS = Path(__file__).parents[1] / "talks.jsonl"
NOTES = ("til-en", "til-zh-en", "javaguide-zh")


def main() -> None:
    shared, work = map(Path, sys.argv[1:])
    work.mkdir(parents=True, exist_ok=True)
    answers = shared / "bench" / "xquad-answers"
    told: dict[str, Mapping[str, Any]] = {}
    parts = (
        published(answers, work),
        missing(answers, work),
        sample(work),
        injection(work),
        own_notes(shared, work),
    )
    for name, figures in chain.from_iterable(parts):
        told[name] = figures
        shown = "  ".join(f"{key} {value}" for key, value in figures.items())
        print(f"{name:>20}  {shown}", flush=True)
    print(json.dumps(told, ensure_ascii=False))


def published(answers: Path, work: Path) -> Iterator[Told]:
    """Ask XQuAD's questions over all its paragraphs: is the published answer in what is quoted?"""
    for asked, said in DIRECTIONS:
        vault = work / f"xquad-{said}"
        if not vault.exists():
            write_paragraphs(answers, said, vault)
        index = index_notes(vault, work / f"xquad-{said}.index")
        known = [one for article in read_published(answers, asked, said) for one in article]
        yield f"{asked} asks {said}", asdict(shares(ask_all(index, known)))


def missing(answers: Path, work: Path) -> Iterator[Told]:
    """Ask half of XQuAD's articles for the answers of the other half: percentages refused."""
    told = {}
    for asked, said in DIRECTIONS:
        vault = work / f"half-{said}"
        if not vault.exists():
            for n, files in enumerate(write_paragraphs(answers, said, vault)):
                for file in files if n % 2 else ():
                    file.unlink()
        index = index_notes(vault, work / f"half-{said}.index")
        articles = read_published(answers, asked, said)
        others = [one for n, own in enumerate(articles) if n % 2 for one in own]
        told[f"{asked} asks {said}"] = shares(ask_all(index, others)).refused
    yield "missing, refused", told


def own_notes(shared: Path, work: Path) -> Iterator[Told]:
    """Ask about real vaults: prose, lists, tables, code, links, definitions."""
    vault = work / "vaults"
    for name in NOTES:
        if not (vault / name).exists():
            with tarfile.open(shared / "vaults" / f"{name}.tar.xz") as tar:
                tar.extractall(vault, filter="data")
    memo = vault / "memo" / "memo.zh.md"
    memo.parent.mkdir(exist_ok=True)
    memo.write_bytes((shared / "notes" / "memo.zh.md").read_bytes())
    index = index_notes(vault, work / "vaults.index")
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    outcomes = ask_all(index, [Known(row["question"], tuple(row["answers"])) for row in rows])
    for split in ("tune", "held"):
        own = [o for o, row in zip(outcomes, rows, strict=True) if row["split"] == split]
        yield f"notes, {split}", asdict(shares(own))


def sample(work: Path) -> Iterator[Told]:
    """Ask the sample notes their questions, and hold the talks."""
    index = index_notes(sample_vault(), work / "sample.index")
    yield "sample", questions.figures(questions.ask_all(index))
    yield "follow-ups", talks.figures(talks.run_talks(Assistant(index), talks.read_talks(TALKS)))


def injection(work: Path) -> Iterator[Told]:
    """Read the hostile notes in a browser, and give them to a language model as data."""
    with tempfile.TemporaryDirectory(dir=work) as place:
        folder = Path(place)
        write_vault(folder / "notes")
        with (
            serving(folder / "notes", folder, "--no-watch") as url,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(url)
            page.locator("#examples button").first.wait_for()
            tried = try_notes(page, attacks())
            browser.close()
        for path, complaint in tried:
            if complaint:
                print(f"{path}: {complaint}", file=sys.stderr)
        within = _stay_within(Assistant(folder / "index"))
    yield (
        "injection",
        {"tried": len(tried), "harmless": harmless(tried), "within their delimiters": within},
    )


def _stay_within(assistant: Assistant) -> int:
    """Return how many notes stay between the tags that carry a prompt's number."""
    return sum(_stays(assistant, attack.question) for attack in attacks())


def _stays(assistant: Assistant, question: str) -> bool:
    hits = assistant.search(question).hits
    nonce = "5eedc0de" * 4
    prompt = write_prompt(question, hits, draw_nonce=lambda: nonce)
    data = prompt.messages[1]["content"]
    given = len(prompt.numbers)
    tags = [f'<note-{nonce} n="{n}">' for n in prompt.numbers]
    counts: Sequence[int] = [data.count(tag) for tag in tags]
    closed = data.count(f"</note-{nonce}>")
    return set(counts) == {1} and closed == given and data.count(nonce) == 2 * given


if __name__ == "__main__":
    main()
