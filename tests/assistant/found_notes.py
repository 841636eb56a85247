"""Hits and answers made by hand."""

from pathlib import Path

from assistant.answering.answer import Answer, Citation
from corpus.document import read_document
from corpus.note import Note
from index.finding.fusion import DENSE, TERMS
from index.finding.hit import Hit, ListTrace

MEMO = """\
# 网络备忘

| 序号 | 内容 | 来源 | 备注 | 类型 |
|--|--|--|--|--|
| 1 | `ss -tlnp \\| grep :8080` | man ss | 端口被谁占了 | command |
| 2 | Box<dyn Trait + Sync> | <b>std</b> | [x](javascript:alert(1)) | tip |

## 不要抱着锁过 await

先放掉 guard，再 await。

```rust
handle(next).await;
```
"""
GLOSSARY = "# Glossary\n\n| 术语 | English |\n|--|--|\n| 幂等 | idempotent |\n"


def notes_of(text: str = MEMO, path: str = "net/memo.md") -> tuple[Note, ...]:
    return tuple(read_document(path, text.encode()).notes)


def hit_of(note: Note, rank: int = 1, score: float = 0.72) -> Hit:
    trace = {DENSE: ListTrace(2, 0.51, 0.5), TERMS: ListTrace(None, 0.0, 0.22)}
    return Hit(rank, score, f"key{rank}", note, "vault", Path("/v"), note.body, rank, trace)


def answer_of(question: str, *notes: Note) -> Answer:
    """Quote each note whole."""
    citations = tuple(
        Citation(n, note.path, note.lines, note.body_text, note.body_text)
        for n, note in enumerate(notes, 1)
    )
    lines = [f"{c.quote}\n[{c.n}]" if "\n" in c.quote else f"{c.quote} [{c.n}]" for c in citations]
    hits = tuple(hit_of(note, n) for n, note in enumerate(notes, 1))
    return Answer(question, True, 0.87, "\n".join(lines), citations, hits)
