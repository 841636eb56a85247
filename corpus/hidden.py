"""Markdown without what its readers do not see: comments, and definitions that nothing refers to.

A comment is HTML's `<!-- -->` or Obsidian's `%% %%`; a definition is a link's or a footnote's. Code
shows them, so they stay in it.
"""

import re
from collections.abc import Iterator

from corpus.lines import LineIndex
from corpus.prose import code_lines

_OPENING = re.compile(r"\\[!-/:-@\[-`{-~]|`+|<!--|%%")
_GAP = re.compile(r"\n[ \t\r]*\n|\r[ \t]*\r|\Z")
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]+\]:", re.M)
_DEFINITION = re.compile(r" {0,3}\[([^\]\n]+)\]:[ \t]*(.*)")
_LABEL = re.compile(r"\[([^\[\]\n]+)\]")
_TITLE = re.compile(r"\s*[\"'(]")
_INDENTED = re.compile(r"(?: {2,}|\t)\s*\S")


def without_hidden(source: str, start: int = 0) -> tuple[str, int]:
    """Return the text without what is hidden from offset `start` on, and how many such places it had."""
    head, body = source[:start], source[start:]
    hidden = 0
    if "<!--" in body or "%%" in body:
        body, hidden = _without(body, list(_comments(body)))
    if _DEFINED.search(body):
        body, more = _without(body, _unused(body))
        hidden += more
    return head + body, hidden


def _without(text: str, spans: list[tuple[int, int]]) -> tuple[str, int]:
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return "".join((*kept, text[at:])), len(spans)


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Yield where comments are, in order."""
    lines = LineIndex(text)
    code = code_lines(text)
    at = 0
    while match := _OPENING.search(text, at):
        at = match.end()
        line = lines.line_at(match.start())
        if line in code:
            while line in code:
                line += 1
            at = max(at, lines.start(line))
        elif match[0][0] == "`":
            at = _code_end(text, match)
        elif match[0] in ("<!--", "%%"):
            end = _comment_end(text, match, lines.start(line))
            if end > match.start():
                yield match.start(), end
                at = end


def _code_end(text: str, opening: re.Match[str]) -> int:
    """Where a code span ends; where its backticks do, if nothing closes it in its paragraph."""
    gap = _GAP.search(text, opening.end())
    closing = re.compile(f"(?<!`){opening[0]}(?!`)").search(
        text, opening.end(), gap.start() if gap else len(text)
    )
    return closing.end() if closing else opening.end()


def _comment_end(text: str, opening: re.Match[str], line: int) -> int:
    """Where a comment ends; where it begins, if it is none."""
    is_html = opening[0] == "<!--"
    end = text.find("-->" if is_html else "%%", opening.end() - (2 if is_html else 0))
    if end >= 0:
        return end + (3 if is_html else 2)
    if not text[line : opening.start()].strip(" ") and (is_html or _stands_alone(text, opening)):
        return len(text)  # a block that nothing closes
    gap = _GAP.search(text, opening.end())
    return (gap.start() if gap else len(text)) if is_html else opening.start()


def _stands_alone(text: str, opening: re.Match[str]) -> bool:
    return not re.match(r"[^\n]*\S", text[opening.end() :])


def _unused(text: str) -> list[tuple[int, int]]:
    """Return where the definitions are whose label nothing that stays refers to."""
    lines, code = LineIndex(text), code_lines(text)
    spans: list[tuple[int, int, str]] = []
    number = 0
    while number < len(lines):
        match = _DEFINITION.match(lines.text(number))
        if match is None or number in code:
            number += 1
            continue
        stop = _stop(lines, number, match)
        spans.append((lines.start(number), lines.start(stop), _folded(match[1])))
        number = stop
    used = _labels("".join(_rest(text, spans)))
    left = list(spans)
    while found := [span for span in left if span[2] in used]:
        left = [span for span in left if span not in found]
        for start, end, _ in found:  # a footnote may refer to another one
            used |= _labels(text[text.index("]:", start) : end])
    return [(start, end) for start, end, _ in left]


def _stop(lines: LineIndex, number: int, match: re.Match[str]) -> int:
    """Return the line after a definition."""
    stop, said = number + 1, match[2]
    is_note = match[1].startswith("^")
    is_open = is_note or not said.strip() or _is_open(said)
    while stop < len(lines) and (line := lines.text(stop)).strip():
        if _DEFINITION.match(line) or not (is_open or _TITLE.match(line)):
            break
        is_open = is_note or _is_open(line)
        stop += 1
    while is_note and stop < len(lines):
        after = stop
        while after < len(lines) and not lines.text(after).strip():
            after += 1
        if after == len(lines) or not _INDENTED.match(lines.text(after)):
            break
        stop = after + 1
    return stop


def _is_open(said: str) -> bool:
    """Whether a link's title goes on in the next line."""
    return any(said.count(mark) % 2 for mark in "\"'") or said.count("(") > said.count(")")


def _rest(text: str, spans: list[tuple[int, int, str]]) -> Iterator[str]:
    at = 0
    for start, end, _ in spans:
        yield text[at:start]
        at = end
    yield text[at:]


def _labels(text: str) -> set[str]:
    return {_folded(label) for label in _LABEL.findall(text)}


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
