"""The query language: `type:paper source:"crates.io" path:net/ tag:x lang:zh after:2024-01-01`.

Words in quotes must occur as they stand, a word after `-` must not; the rest is the question.
Something that looks like a filter but is none stays among the words, and `problems` says so.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

FIELDS = ("type", "source", "kind", "path", "tag", "lang", "after", "before")

_ALIASES = {"类型": "type", "来源": "source", "路径": "path", "标签": "tag", "语言": "lang"}
_MOST = 100
"""Filters in a query; more are words."""

_PART = re.compile(
    r"(?P<minus>(?<!\S)-)?(?:(?P<field>[A-Za-z]+|类型|来源|路径|标签|语言)[:：])?"
    r'(?:"(?P<phrase>[^"]+)"|(?P<word>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Query:
    """`words` is what is searched; `wanted` maps a field to the values of which one must fit."""

    words: str
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unwanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the words narrows the search."""
        return bool(self.wanted or self.unwanted or self.phrases or self.without)

    def also(self, fields: Mapping[str, tuple[str, ...]]) -> "Query":
        """Return the query with more wanted values (from a page's controls)."""
        more = {name: values for name, values in fields.items() if values}
        return replace(self, wanted={**self.wanted, **more})


def parse_query(text: str) -> Query:
    """Part filters from words."""
    words: list[str] = []
    wanted: dict[str, tuple[str, ...]] = {}
    unwanted: dict[str, tuple[str, ...]] = {}
    phrases: list[str] = []
    without: list[str] = []
    problems = ['a quotation mark (") is not closed'] if text.count('"') % 2 else []
    if text.count(" -") > _MOST:
        problems.append(f"filters after the first {_MOST} words")
    for number, match in enumerate(_PART.finditer(text.replace("“", '"').replace("”", '"'))):
        name = (match["field"] or "").lower()
        name = _ALIASES.get(name, name)
        value = match["phrase"] or match["word"]
        if number >= _MOST:
            words.append(value)
        elif name in FIELDS:
            if name in ("after", "before") and not _is_date(value):
                problems.append(f"{match[0]}: not a date like 2024-01-31")
                words.append(match[0])
                continue
            target = unwanted if match["minus"] else wanted
            target[name] = (*target.get(name, ()), value)
        elif match["field"] is None and match["minus"] and re.match(r"[^\W\d]", value):
            without.append(value)
        elif match["field"] is None and match["phrase"]:
            phrases.append(value)
            words.append(value)
        else:
            words.append(match[0])
    return Query(" ".join(words), wanted, unwanted, tuple(phrases), tuple(without), tuple(problems))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def allowed_chunks(db: sqlite3.Connection, query: Query) -> list[int]:
    """Return the ids of the chunks whose notes pass the query's filters."""
    conditions, values = [], []
    for sql, arguments in _conditions(query):
        conditions.append(sql)
        values += arguments
    where = " AND ".join(conditions) or "1"
    rows = db.execute(
        "SELECT chunks.id FROM chunks JOIN notes ON notes.id = chunks.note"
        f" JOIN files ON files.id = notes.file WHERE {where} ORDER BY chunks.id",
        values,
    )
    return [row[0] for row in rows]


def _conditions(query: Query) -> Iterator[tuple[str, list[str]]]:
    for name, texts in query.wanted.items():
        tests = [_condition(name, text) for text in texts]
        yield f"({' OR '.join(sql for sql, _ in tests)})", [value for _, value in tests]
    for name, texts in query.unwanted.items():
        for text in texts:
            sql, value = _condition(name, text)
            yield f"NOT coalesce({sql}, 0)", [value]
    said = "(notes.text || ' ' || notes.headings || ' ' || notes.meta)"
    for phrase in query.phrases:
        yield f"instr(lower({said}), lower(?)) > 0", [phrase]
    for word in query.without:
        yield f"instr(lower({said}), lower(?)) = 0", [word]


def _condition(name: str, value: str) -> tuple[str, str]:
    """Return an SQL test with one parameter, and its value."""
    dated = "substr(json_extract(notes.meta, '$.date'), 1, 10)"
    return {
        "type": ("lower(json_extract(notes.meta, '$.type')) = lower(?)", value),
        "source": ("instr(lower(json_extract(notes.meta, '$.source')), lower(?)) > 0", value),
        "kind": ("notes.kind = lower(?)", value),
        "path": ("instr(lower(files.path), lower(?)) > 0", value),
        "tag": (
            "EXISTS (SELECT 1 FROM json_each(notes.tags) WHERE lower(value) = lower(?))",
            value.lstrip("#"),
        ),
        "lang": ("notes.lang = lower(?)", value),
        "after": (f"{dated} >= ?", value),
        "before": (f"{dated} <= ?", value),
    }[name]
