"""A vault with things that nobody else may see, and its index."""

import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from assistant.indexing import update_index

CANARIES = (*(f"zq{name}canary" for name in "abcdefghijklmnop"), "机密金丝雀")
A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, HAN = CANARIES  # noqa: E741

FILES: Mapping[str, str] = {
    "net/tcp.md": "---\ntitle: TCP # {A}\nauthor: Li\n---\n# TCP\n\nTCP closes with FIN and ACK.\n\n"
    "<!-- {B} -->\n\n[//]: # ({C})\n",
    "net/dns.md": "# DNS\n\nA resolver asks the root servers first. See [[diary]].\n",
    "home/kettle.md": "# 水壶\n\n用柠檬酸清洗水壶的水垢。\n",
    "memo.md": "# Memo {D} is public here\n\n| 内容 | 备注 | 私密 |\n|--|--|--|\n"
    "| rayon | 并行计算库 | |\n| {E} | {HAN} | 是 |\n| serde [1] | | 否 |\n| see [2] #private | | |\n"
    "\n[1]: http://serde.rs\n[2]: http://{F}.org\n",
    "diary.md": "---\nprivate: true\ntitle: {G} tagebuch\n---\n# {H}\n\nDear diary. {HAN}\n",
    "tagged {I}.md": "# Tagged\n\nText #private/work\n",
    "{J}/notes.md": "# Work\n\nWage {K}\n",
    "{J}/.publishignore": "*\n",
    "drafts/one.md": "# {L}\n\nNot yet.\n",
    ".hidden/x.md": "{M}\n",
    "image.png": "{N}",
    "people.md": "# People\n\n## Ann\n\nAnn is tall. {O} #family\n\n## Ben\n\nBen runs {P}.\n",
}
PUBLIC = {D, P}
"""Of the canaries, those that may go out."""


def make(folder: Path, named: str = "vault") -> tuple[Path, Path]:
    """Write the vault; return its folder and that of its index."""
    vault = folder / named
    for path, text in FILES.items():
        file = vault / filled(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(text), encoding="utf-8")
    index = folder / "index"
    update_index(index, [vault])
    return vault, index


def filled(text: str) -> str:
    names = dict(zip("ABCDEFGHIJKLMNOP", CANARIES, strict=False))
    return text.format(**names, HAN=HAN)


def leaks(out: Path, words: Sequence[str]) -> set[tuple[str, str]]:
    """Which words are in which files or names of `out`, however they are encoded."""
    found = set()
    for file in sorted(out.rglob("*")):
        path = file.relative_to(out).as_posix()
        raw = file.read_bytes() if file.is_file() else b""
        contents = [raw, *unpacked(raw)]
        for word in words:
            is_named = word in path or word in os.fsdecode(os.fsencode(path))
            if is_named or any(form in one for form in forms(word) for one in contents):
                found.add((path, word))
    return found


def forms(word: str) -> set[bytes]:
    """UTF-8, UTF-16 both ways, GB18030, and as JSON escapes it."""
    escaped = word.encode("ascii", "backslashreplace")
    return {
        *(word.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")),
        *(escaped, escaped.replace(b"\\", b"\\\\"), word.upper().encode()),
    }


def unpacked(raw: bytes) -> Iterator[bytes]:
    """What zlib streams within the bytes hold: archives' and others'."""
    if raw[:2] == b"PK":
        with ZipFile(BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    for start in (b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
        at = raw.find(start)
        while 0 <= at < 1 << 20:
            with suppress(zlib.error):
                yield zlib.decompressobj().decompress(raw[at:])
            at = raw.find(start, at + 1)
