"""YAML between two `---` lines at the start of a file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from corpus.roles import DATE, ROLES, TAGS, TITLE, Roles, role_of

_FENCED = re.compile(
    r"\ufeff?---[ \t]*(?:\r\n?|\n)(.*?)(?:\r\n?|\n)(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|$)", re.S
)
_ONE_VALUE = {TITLE, DATE}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the keys say; `end` is the offset of the first character after it (0: there is none).

    `problem` says why a block that looks like front matter could not be read; it is then text.
    """

    end: int = 0
    title: str = ""
    tags: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def read_front_matter(source: str, roles: Roles = ROLES) -> FrontMatter:
    """Read the front matter of a file's text."""
    match = _FENCED.match(source)
    if not match:
        return FrontMatter()
    try:
        values = _parse(match[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return FrontMatter(problem=f"front matter is not YAML: {_first_line(error)}")
    if values == "":
        return FrontMatter(end=match.end())
    if not isinstance(values, dict):
        return FrontMatter()
    return _from_values(values, match.end(), roles)


def _parse(text: str) -> object:
    """Read YAML with every scalar as it is written; aliases, which can be bombs, are refused."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml is ten times as fast
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
        raise ValueError("aliases are not read")
    return yaml.load(text, Loader=loader)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _from_values(values: Mapping[object, object], end: int, roles: Roles) -> FrontMatter:
    meta: dict[str, str] = {}
    tags: list[str] = []
    for key, value in values.items():
        name = str(key)
        role = role_of(name, roles)
        if role == TAGS:
            tags += _tags(value)
        elif value is not None and value != "":
            meta.setdefault(role if role in _ONE_VALUE else name, _as_text(value))
    return FrontMatter(end, meta.get(TITLE, ""), tuple(dict.fromkeys(tags)), meta)


def _tags(value: object) -> list[str]:
    if isinstance(value, str):
        parts = re.split(r"[,，;；]", value) if re.search(r"[,，;；]", value) else value.split()
        return [part.strip().lstrip("#") for part in parts if part.strip()]
    if isinstance(value, list):
        return [str(item).strip().lstrip("#") for item in value if item not in (None, "")]
    return [] if value is None else [str(value)]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, (str, int, float)) for item in value):
        return ", ".join(str(item) for item in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
