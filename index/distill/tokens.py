"""The tokenizer as the bundled model wants it: an unknown character costs itself, not its sentence."""

import json
from collections.abc import Iterable
from typing import Any

_HAN = range(0x3400, 0xA000)


def mended(tokenizer: str) -> str:
    """Rewrite a tokenizer.json so that Chinese characters without a token stand alone.

    WordPiece makes one [UNK] of a whole run of Chinese if one character of it is unknown. A split
    around such characters, before all others, leaves the run's other words as they were. Vocabulary
    and ids are taken over as they are, tokens that share an id too (the tokenizers library would
    drop one of each two on saving, so it is not used here).
    """
    content: dict[str, Any] = json.loads(tokenizer)
    known = {ord(token) for token in content["model"]["vocab"] if len(token) == 1}
    unknown = "".join(_ranges(code for code in _HAN if code not in known))
    splits = content["pre_tokenizer"]
    steps = splits["pretokenizers"] if splits["type"] == "Sequence" else [splits]
    pattern = {"Regex": f"[{unknown}]+"}
    split = {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False}
    if unknown and split not in steps:
        content["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, *steps]}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _ranges(codes: Iterable[int]) -> list[str]:
    """Write ascending code points as the ranges of a regular expression's class."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return [chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in runs]
