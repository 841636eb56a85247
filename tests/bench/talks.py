"""Hold talks over notes: does the last turn find the right note?

python -m tests.bench.talks [TALKS]           the sample notes; TALKS is tests/talks_dev.jsonl
python -m tests.bench.talks TALKS INDEX       an index of the notes that TALKS are about
"""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.answer import Answer
from assistant.assistant import DEPTH, Assistant
from assistant.follow_ups.resolving import Exchange, Resolved, resolve
from assistant.indexing import update_index
from assistant.places import sample_vault
from index.finding.filters import Query
from index.finding.hit import Hit
from index.finding.search import Found

TALKS = Path(__file__).parents[1] / "talks_dev.jsonl"
FIRST = 3


@dataclass(frozen=True, slots=True)
class Talk:
    """Turns, and how to know the note that answers the last: `path`, and one of `expects` in it."""

    lang: str
    kind: str
    turns: tuple[str, ...]
    expects: tuple[str, ...]
    path: str

    def is_right(self, hit: Hit) -> bool:
        return hit.note.path == self.path and self.is_said(hit.note.text)

    def is_said(self, text: str) -> bool:
        return any(expected in text for expected in self.expects)


@dataclass(frozen=True, slots=True)
class Held:
    """A talk that was held: how its last turn was resolved, what was answered, and how fast.

    `seconds` are those of resolving the last turn; `searched` are all turns' searches.
    """

    talk: Talk
    resolved: Resolved
    answer: Answer
    searched: tuple[str, ...]
    seconds: float

    @property
    def is_first(self) -> bool:
        return any(map(self.talk.is_right, self.answer.sources[:1]))

    @property
    def is_among_first(self) -> bool:
        return any(map(self.talk.is_right, self.answer.sources[:FIRST]))

    @property
    def is_quoted(self) -> bool:
        return self.talk.is_said("\n".join(citation.said for citation in self.answer.citations))


Resolve = Callable[[str, Sequence[Exchange], Callable[[str], Found]], Resolved]


def read_talks(file: Path) -> list[Talk]:
    """Read talks; "a | b" in "expects" are alternatives."""
    return [
        Talk(
            row["lang"],
            row["kind"],
            tuple(row["turns"]),
            tuple(expected.strip() for expected in row["expects"].split(" | ")),
            row["path"],
        )
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    ]


def run_talks(
    assistant: Assistant, talks: Iterable[Talk], resolving: Resolve = resolve
) -> list[Held]:
    """Hold the talks, each turn after the answers to those before it."""
    return [_held(assistant, talk, resolving) for talk in talks]


def _held(assistant: Assistant, talk: Talk, resolving: Resolve) -> Held:
    def probe(text: str) -> Found:
        return assistant.searcher.search(Query(text), DEPTH)

    earlier: list[Exchange] = []
    resolved, seconds = Resolved("", False), 0.0
    for turn in talk.turns:
        started = time.perf_counter()
        resolved = resolving(turn, earlier, probe)
        seconds = time.perf_counter() - started
        earlier.append(Exchange(turn, resolved.searched, assistant.ask(resolved.searched)))
    searched = tuple(exchange.searched for exchange in earlier)
    return Held(talk, resolved, earlier[-1].answer, searched, seconds)


def as_it_is(question: str, earlier: Sequence[Exchange], probe: Callable[[str], Found]) -> Resolved:
    """Search every question as it is: what following up is to be better than."""
    return Resolved(question, False)


def figures(held: Sequence[Held]) -> dict[str, float]:
    """Return shares of the talks, 0 to 1, and the slowest resolving in milliseconds."""
    return {
        "talks": len(held),
        "right note first": _share(h.is_first for h in held),
        f"among first {FIRST}": _share(h.is_among_first for h in held),
        "answered": _share(h.answer.is_answered for h in held),
        "first, answered": _share(h.is_first and h.answer.is_answered for h in held),
        "quoted": _share(h.is_quoted for h in held),
        "median ms": round(1000 * sorted(h.seconds for h in held)[len(held) // 2]) if held else 0,
        "slowest ms": round(1000 * max((h.seconds for h in held), default=0.0)),
    }


def _share(flags: Iterable[bool]) -> float:
    told = list(flags)
    return round(sum(told) / len(told), 3) if told else 0.0


def show(held: Sequence[Held]) -> None:
    """Print counts by kind and language, every failure, and the figures."""
    counted, right = Counter[str](), Counter[str]()
    for h in held:
        for group in (h.talk.kind, h.talk.lang):
            counted[group] += 1
            right[group] += h.is_first
        if not (h.is_first and h.answer.is_answered and h.is_quoted):
            first = h.answer.sources[0].note if h.answer.sources else None
            told = f"{first.path}:{first.lines.first} {first.title[:40]!r}" if first else "-"
            flags = f"first={h.is_first} answered={h.answer.is_answered} quoted={h.is_quoted}"
            print(f"{flags} {h.talk.kind}: {' → '.join(h.talk.turns)}", file=sys.stderr)
            print(f"    searched {' → '.join(h.searched)}\n    found {told}", file=sys.stderr)
    for group, count in counted.items():
        print(f"{group:>18}  {right[group]} of {count}")
    for name, value in figures(held).items():
        print(f"{name:>18}  {value}")
    print(json.dumps(figures(held)))


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else TALKS
    if len(sys.argv) > 2:
        show(run_talks(Assistant(Path(sys.argv[2])), read_talks(file)))
        return
    with tempfile.TemporaryDirectory() as place:
        update_index(Path(place), [sample_vault()])
        show(run_talks(Assistant(Path(place)), read_talks(file)))


if __name__ == "__main__":
    main()
