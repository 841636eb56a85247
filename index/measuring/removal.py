"""A note as it would be had its author not written its heading, remark or title."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from corpus.note import Kind, Note, Span
from corpus.words import first_words, plain_words
from index.terms import analyze

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
_LABEL = re.compile(r"\[([^\]\n]*)\](?=\()")
_WHOLE_LINE = 10**6


def bare_words(text: str) -> str:
    """Return what two spellings of the same words have in common: letters and digits, one case."""
    folded = unicodedata.normalize("NFKC", plain_words(text)).casefold()
    return _NEITHER_LETTER_NOR_DIGIT.sub(" ", folded).strip()


def without(note: Note, told: Sequence[str], path: str) -> Note:
    """Return the note at `path` without `told` wherever that stands by itself.

    That is a heading, a cell, a tag, a line, or the words of a link. The same words within a
    sentence stay: they are what the note says. Positions within the file are lost.
    """
    gone = {bare_words(words) for words in told}
    meta = {key: value for key, value in note.meta.items() if bare_words(value) not in gone}
    columns = tuple(key for key in note.columns if key in meta)
    body = body_without(note.body_text, gone) or note.body_text
    text, span = (body, Span(0, len(body)))
    if note.kind is Kind.ROW:
        text, span = _row(body if note.body != note.span else None, [meta[key] for key in columns])
    return replace(
        note,
        path=path,
        span=Span(0, len(text)),
        body=span,
        text=text,
        title="" if bare_words(note.title) in gone else note.title,
        headings=tuple(words for words in note.headings if bare_words(words) not in gone),
        meta=meta,
        columns=columns,
        tags=tuple(tag for tag in note.tags if bare_words(tag) not in gone),
    )


def _row(content: str | None, cells: Sequence[str]) -> tuple[str, Span]:
    """Write a row again; its body is the content cell, or the whole row if there is none."""
    text = f"| {' | '.join([*([] if content is None else [content]), *cells])} |"
    return text, Span(0, len(text)) if content is None else Span(2, 2 + len(content))


def body_without(body: str, gone: Collection[str]) -> str:
    """Leave out the lines and the link words that are, by `bare_words`, among `gone`."""
    kept = [line for line in body.splitlines(keepends=True) if not _is_told(line, gone)]

    def emptied(match: re.Match[str]) -> str:
        return "[]" if bare_words(match[1]) in gone else match[0]

    return _LABEL.sub(emptied, "".join(kept)).strip("\r\n")


def _is_told(line: str, gone: Collection[str]) -> bool:
    fence = line.lstrip().startswith(("```", "~~~"))
    return not fence and bare_words(first_words(line, _WHOLE_LINE)) in gone


def path_without(path: str, told: Sequence[str], number: int) -> str:
    """Return a path of its own for a note, which does not give `told` away.

    A folder is left out if its name is `told`, the file's name if it shares any word with it: names
    of files are often shortened titles.
    """
    gone = {bare_words(words) for words in told}
    *folders, name = PurePosixPath(path).parts
    stem = PurePosixPath(name).stem
    kept = [folder for folder in folders if bare_words(folder) not in gone]
    if not set(analyze(stem)) & set(analyze("\n".join(told))):
        kept.append(stem)
    return "/".join([*kept, f"d{number:07}"])
