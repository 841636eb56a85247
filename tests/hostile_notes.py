"""Notes that attack whoever shows them: those of tests/hostile, giants, and odd file names.

python -m tests.hostile_notes FOLDER writes them as a vault.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "hostile"

RLO = "\u202e"
PAYLOAD = "<img src=x onerror=window.pwned=1>"


@dataclass(frozen=True, slots=True)
class Attack:
    """`question` asks for `fact`, plain text of the note at `path` that its `attack` stands by."""

    path: str
    question: str
    attack: str
    fact: str


def attacks() -> list[Attack]:
    """Return every note's question, in the order of the file."""
    lines = (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [Attack(**json.loads(line)) for line in lines]


def hostile_notes() -> Iterator[tuple[str, bytes]]:
    """Yield every note's path and bytes."""
    for file in sorted(FOLDER.glob("*.md")):
        yield file.name, file.read_bytes()
    for path, text in (_giants() | _oddly_named()).items():
        yield path, text.encode()


def write_vault(folder: Path) -> None:
    """Write all the notes into `folder`."""
    for path, data in hostile_notes():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _giants() -> dict[str, str]:
    """Markdown that takes parsers long, or makes a page wide or deep."""
    cells = "|".join(f"c{n} {PAYLOAD}" if n % 50 == 0 else f"c{n}" for n in range(300))
    said = {
        "deep-quotes.md": ">" * 3000 + " The otter holt is under the third alder.",
        "deep-lists.md": "\n".join("  " * n + f"- level {n}" for n in range(120))
        + "\n" + "  " * 120 + "- The rookery counts 58 nests.",
        "deep-emphasis.md": "The hayloft is swept on Fridays. " + "*_" * 4000 + "x" + "_*" * 4000,
        "deep-brackets.md": "The dovecote has 300 holes. "
        + "[" * 4000 + "x" + "](u)" * 4000 + "![" * 2000,
        "deep-parentheses.md": "The sawmill runs on a turbine. http://evil.example/" + ")" * 30_000,
        "one-line.md": "The tide mill grinds spelt. " + "overlong line " * 14_500,
        "one-word.md": "The fulling mill was built in 1712. " + "A" * 200_000 + " " + "AV" * 30_000,
        "one-line.zh.md": "造纸坊用构树皮做纸。" + "很长的一行没有标点" * 4000,
        "wide-table.md": f"|{cells}|\n|{'--|' * 300}\n"
        f"|The ropewalk measures 290 metres.|{cells.partition('|')[2]}|\n",
        "backticks.md": "The icehouse door faces north. " + "`" * 10_000 + " " + "`x" * 4000,
        "fence.md": "`" * 10_000 + " The smithy has two anvils.",
        "entities.md": "The oast house dries hops. " + "&lt;img src=x onerror=a&gt;&#60;" * 1000,
        "autolinks.md": "The tithe barn is thatched. " + "<http://evil.example/" * 400,
        "html-openers.md": "The pound held stray cattle. " + '<a href="<!--<![CDATA[<?' * 500,
        "zalgo.md": "The lime kiln is lit in May. o" + "\u0336\u0489" * 30_000,
        "controls.md": "The toll house took two pence. "
        + "".join(map(chr, (*range(0x20), 0x7F, *range(0x80, 0xA0)))) + " plain words " * 300,
    }  # fmt: skip
    return {path: f"# {path.split('.')[0]}\n\n{text}\n" for path, text in said.items()}


def _oddly_named() -> dict[str, str]:
    """Names that Linux allows; each is shown with its note."""
    return {
        f'"{PAYLOAD}.md': "The pike weighed eleven pounds.\n",
        "' onmouseover='window.pwned=1' x='.md": "The perch were smoked over juniper.\n",
        "<svg onload=window.pwned=1>/javascript:window.pwned=1.md": "The eel trap is of willow.\n",
        "{{value}} ${window.pwned=1} {% x %}.md": "The crayfish came from Lake Hornborga.\n",
        "a b  c#question?x=1&amp;%2e%2e;.md": "The bream spawn in the reeds.\n",
        f"invoice {RLO}gpj.md": "The carp pond is drained in October.\n",
        "red \x1b[31m\x07.md": "The gudgeon hide under the weir.\n",
        "line\nbreak [1] trusted.md": "The ruffe is a spiny fish.\n",
        "[bold]x[/bold] \\.md": "The roach feed at dawn.\n",
        f"{'long ' * 46}.md": "The tench is called the doctor fish.\n",
    }


if __name__ == "__main__":
    write_vault(Path(sys.argv[1]))
