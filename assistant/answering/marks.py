"""The marks by which a written text cites its sources: [1], [1][2], 【1】, [note 1, 2]."""

import re

from corpus.note import Span

_WORD = r"(?:(?:notes?|sources?|笔记|来源|资料|注)\s*)?"
_CITATION = re.compile(
    rf"[\[【［]\s*\^?{_WORD}(\d{{1,3}}(?:\s*[,，、;；&和]\s*\^?{_WORD}\d{{1,3}})*)\s*[\]】］]"
    r"(?:\(#?[^()\s]*\))?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\1[`~]*[ ]*$|\Z)|`[^`\n]+`", re.S | re.M
)


def citation_marks(text: str) -> list[tuple[Span, tuple[int, ...]]]:
    """Return the marks outside code in order, with their numbers; a link's target is part of one."""
    code = code_spans(text)
    return [
        (Span(*match.span()), tuple(map(int, re.findall(r"\d+", match[1]))))
        for match in _CITATION.finditer(text)
        if not any(span.start <= match.start() < span.end for span in code)
    ]


def code_spans(text: str) -> list[Span]:
    """Return where fenced and inline code stands."""
    return [Span(*match.span()) for match in _CODE.finditer(text)]
